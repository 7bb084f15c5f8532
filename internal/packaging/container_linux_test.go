package packaging

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A container of the Dockerfile does latch's main job: as any user, without a home
// folder, a name for the user, a shell or /tmp. The folder that stands for it holds
// what the Dockerfile copies, and nothing else.
func TestSnapshotContainer(t *testing.T) {
	t.Parallel()
	r := snapshot(t)
	needRoot(t)
	text, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	said := instructions(string(text))
	for word, want := range map[string]string{
		"FROM": "scratch", "WORKDIR": "/work", "ENTRYPOINT": `["/usr/bin/latch"]`, "USER": "65532:65532",
	} {
		if got := said[word]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", word, got, want)
		}
	}
	archive := r.archive(t, "linux_amd64")
	image := map[string]packed{}
	for _, copied := range said["COPY"] {
		names := strings.Fields(copied)
		to := names[len(names)-1]
		for _, name := range names[:len(names)-1] {
			file, found := archive[name]
			if !found {
				t.Fatalf("the archive has no %s", name)
			}
			path := to
			if strings.HasSuffix(to, "/") {
				path += name
			}
			image[strings.TrimPrefix(path, "/")] = file
		}
	}
	for _, user := range []uint32{65532, 54321, 0} {
		root := t.TempDir()
		for folder := root; folder != os.TempDir(); folder = filepath.Dir(folder) {
			if err := os.Chmod(folder, 0o755); err != nil { // another user has to pass
				t.Fatal(err)
			}
		}
		unpack(t, image, root)
		clean := tree(t, root)
		j := jail{root: root, user: user, work: "/work"}
		j.enter(t)
		j.mainJob(t)
		j.leave(t)
		if now := tree(t, root); now != clean {
			t.Errorf("user %d: latch left\n%s", user, now)
		}
	}
}

// instructions are those of a Dockerfile, by their words.
func instructions(text string) map[string][]string {
	found := map[string][]string{}
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if word != "" && word != "#" {
			found[word] = append(found[word], rest)
		}
	}
	return found
}
