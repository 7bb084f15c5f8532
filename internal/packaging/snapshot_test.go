package packaging

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// release is what make snapshot has built.
type release struct{ folder, version string }

// snapshot is the release to test, or skips: building it takes a minute.
func snapshot(t *testing.T) release {
	t.Helper()
	folder := os.Getenv("LATCH_SNAPSHOT")
	if folder == "" {
		t.Skip("needs a built release: make snapshot-test")
	}
	about, err := os.ReadFile(filepath.Join(folder, "metadata.json"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`"version":"([^"]+)"`).FindSubmatch(about)
	if found == nil {
		t.Fatalf("no version in %s", about)
	}
	return release{folder, string(found[1])}
}

// file is the path of a file of the release, by the end of its name.
func (r release) file(end string) string {
	return filepath.Join(r.folder, "latch_"+r.version+"_"+end)
}

// packed is a file in an archive.
type packed struct {
	mode  os.FileMode
	owner string
	text  []byte
}

// tarred reads an archive of tar and gzip; an apk is several, one after the other.
func tarred(t *testing.T, path string) map[string]packed {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stream, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]packed{}
	archive := tar.NewReader(stream)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag == tar.TypeDir {
			continue
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		found[header.Name] = packed{header.FileInfo().Mode(), header.Uname + ":" + header.Gname, text}
	}
}

func zipped(t *testing.T, path string) map[string]packed {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	found := map[string]packed{}
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		found[file.Name] = packed{file.Mode(), "", text}
	}
	return found
}

// unpack writes what an archive holds into a folder.
func unpack(t *testing.T, files map[string]packed, folder string) {
	t.Helper()
	for name, file := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.text, file.mode.Perm()); err != nil {
			t.Fatal(err)
		}
	}
}

// systems are those that latch is released for.
func systems() []string {
	return []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64", "windows_arm64"}
}

// archive reads that of one system, by the names inside its folder.
func (r release) archive(t *testing.T, system string) map[string]packed {
	t.Helper()
	var files map[string]packed
	if strings.HasPrefix(system, "windows") {
		files = zipped(t, r.file(system+".zip"))
	} else {
		files = tarred(t, r.file(system+".tar.gz"))
	}
	inside := map[string]packed{}
	for name, file := range files {
		rest, wrapped := strings.CutPrefix(name, "latch_"+r.version+"_"+system+"/")
		if !wrapped {
			t.Fatalf("%s: %s is outside the folder", system, name)
		}
		inside[rest] = file
	}
	return inside
}

// sums are the lines of checksums.txt, by file.
func (r release) sums(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.folder, "checksums.txt"))
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		sums[fields[1]] = fields[0]
	}
	return sums
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// manPages counts those among the files, under a folder.
func manPages(files map[string]packed, folder, end string) (count int) {
	for name := range files {
		if strings.HasPrefix(name, folder) && strings.HasSuffix(name, end) {
			count++
		}
	}
	return count
}

// says checks that a text holds a part.
func says(t *testing.T, what, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%s does not say %q:\n%s", what, part, text)
	}
}

// folders makes folders below one.
func folders(t *testing.T, top string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(top, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// tree gives every path below a folder, but for some folders.
func tree(t *testing.T, top string, but ...string) string {
	t.Helper()
	var found bytes.Buffer
	err := filepath.WalkDir(top, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(top, path)
		if err != nil {
			return err
		}
		for _, folder := range but {
			if name == folder {
				return filepath.SkipDir
			}
		}
		fmt.Fprintln(&found, name, entry.Type())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found.String()
}
