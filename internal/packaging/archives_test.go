package packaging

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
)

// Every system has an archive with the program for it, what it comes with, and a list
// of what it is made of; the checksums have all of them.
func TestSnapshotArchives(t *testing.T) {
	t.Parallel()
	r := snapshot(t)
	sums := r.sums(t)
	for _, system := range systems() {
		files := r.archive(t, system)
		program := "latch"
		if strings.HasPrefix(system, "windows") {
			program = "latch.exe"
		}
		for _, name := range []string{
			program, "README.md", "LICENSE", "NOTICES", "CHANGELOG.md", "SECURITY.md", "docs/quickstart.md", "docs/cli/latch.md", "docs/pictures/rotated.svg",
			"completions/latch.bash", "completions/latch.zsh", "completions/latch.fish", "completions/latch.ps1", "man/man1/latch.1",
		} {
			file, found := files[name]
			if !found || len(file.text) == 0 {
				t.Errorf("%s: there is no %s", system, name)
			}
			if executable := file.mode&0o111 != 0; executable != (name == program) && !strings.HasPrefix(system, "windows") {
				t.Errorf("%s: %s has mode %v", system, name, file.mode)
			}
			if file.owner != "" && file.owner != "root:root" {
				t.Errorf("%s: %s belongs to %s", system, name, file.owner)
			}
		}
		if manPages(files, "man/man1/", ".1") < 50 {
			t.Errorf("%s: only %d man pages", system, manPages(files, "man/man1/", ".1"))
		}
		leadSomewhere(t, system, pages(files))
		says(t, "the man page", string(files["man/man1/latch.1"].text), r.version)
		runsOn(t, files[program].text, system)
		hasParts(t, r, system, files[program].text)
	}
	for _, format := range []string{"deb", "rpm", "apk"} {
		for _, system := range systems()[:2] {
			if sums[filepath.Base(r.file(system+"."+format))] == "" {
				t.Errorf("no checksum of the %s for %s", format, system)
			}
		}
	}
	for name, sum := range sums {
		text, err := os.ReadFile(filepath.Join(r.folder, name))
		if err != nil || digest(text) != sum {
			t.Errorf("%s is not what its checksum says (%v)", name, err)
		}
	}
	if len(sums) != released() {
		t.Errorf("%d checksums, want %d", len(sums), released())
	}
}

// runsOn checks what a program was built for, and that it tells nothing of where.
func runsOn(t *testing.T, program []byte, system string) {
	t.Helper()
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		t.Fatalf("%s: %v", system, err)
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	if got := settings["GOOS"] + "_" + settings["GOARCH"]; got != system || settings["CGO_ENABLED"] != "0" || settings["-trimpath"] != "true" {
		t.Errorf("%s has a program for %s (%v)", system, got, settings)
	}
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{here, os.TempDir() + "/tmp.", "/pkg/mod/"} {
		if bytes.Contains(program, []byte(folder)) {
			t.Errorf("%s: the program names %s", system, folder)
		}
	}
}

// hasParts checks the document of a program against the program.
func hasParts(t *testing.T, r release, system string, program []byte) {
	t.Helper()
	text, err := os.ReadFile(r.file(system + ".cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Metadata struct {
			Component struct{ Hashes []struct{ Content string } }
		}
		Components []struct {
			PURL     string `json:"purl"`
			Licences []any  `json:"licenses"`
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if hashes := doc.Metadata.Component.Hashes; len(hashes) != 1 || hashes[0].Content != digest(program) {
		t.Errorf("%s: the document is of another program", system)
	}
	if len(doc.Components) < 20 {
		t.Errorf("%s: only %d parts", system, len(doc.Components))
	}
	for _, part := range doc.Components {
		if len(part.Licences) == 0 {
			t.Errorf("%s: %s has no licence", system, part.PURL)
		}
	}
}

// The formula installs what it should from the archive it names, and its own test
// passes: in a stand-in for Homebrew, on Linux.
func TestSnapshotFormula(t *testing.T) {
	t.Parallel()
	r := snapshot(t)
	ruby := oracle.Need(t, "ruby")
	work := t.TempDir()
	folders(t, work, "unpacked", "keg")
	unpack(t, r.archive(t, "linux_amd64"), filepath.Join(work, "unpacked"))
	out, err := exec.Command(ruby, "testdata/homebrew.rb", filepath.Join(r.folder, "channels/latch.rb"), filepath.Join(work, "unpacked"), filepath.Join(work, "keg")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	installed := tree(t, filepath.Join(work, "keg"))
	for _, name := range []string{
		"bin/latch", "share/man/man1/latch.1", "share/man/man1/latch-env-write.1", "etc/bash_completion.d/latch",
		"share/zsh/site-functions/_latch", "share/fish/vendor_completions.d/latch.fish", "share/doc/latch/NOTICES", "share/doc/latch/docs/quickstart.md",
	} {
		says(t, "the keg", installed, name+" ")
	}
	sums := r.sums(t)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d archives:\n%s", len(lines), out)
	}
	for _, line := range lines { // URL and checksum
		url, sum, _ := strings.Cut(line, " ")
		if name := filepath.Base(url); sum == "" || sums[name] != sum || url != "https://github.com/latch-keys/latch/releases/download/v"+r.version+"/"+name {
			t.Errorf("the formula names %s", line)
		}
	}
}

func TestSnapshotScoop(t *testing.T) {
	t.Parallel()
	r := snapshot(t)
	text, err := os.ReadFile(filepath.Join(r.folder, "channels/latch.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Version, Bin string
		Architecture map[string]struct {
			URL, Hash string
			Folder    string `json:"extract_dir"`
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Version != r.version || len(manifest.Architecture) != 2 {
		t.Errorf("%+v", manifest)
	}
	for name, system := range map[string]string{"64bit": "windows_amd64", "arm64": "windows_arm64"} {
		m := manifest.Architecture[name]
		file := filepath.Base(m.URL)
		if m.Hash == "" || r.sums(t)[file] != m.Hash || filepath.Base(r.file(system+".zip")) != file {
			t.Errorf("%s: %+v", name, m)
		}
		if _, found := zipped(t, r.file(system+".zip"))[m.Folder+"/"+manifest.Bin]; !found {
			t.Errorf("%s: there is no %s in %s", name, manifest.Bin, m.Folder)
		}
	}
}
