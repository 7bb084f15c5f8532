package packaging

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// workflow is what matters of one here.
type workflow struct {
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]struct {
		Timeout int `yaml:"timeout-minutes"`
		Steps   []struct {
			Uses, Run string
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// The workflows can do no more than they say, end, take what others made by its
// version, hand no text of somebody else's to a shell, and call what there is.
// Whether GitHub takes them, actionlint judges: make workflows.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(paths) < 4 {
		t.Fatalf("%d workflows (%v)", len(paths), err)
	}
	makefile := readFile(t, "../../Makefile")
	steps := 0
	for _, path := range paths {
		name := filepath.Base(path)
		var w workflow
		if err := yaml.Unmarshal([]byte(readFile(t, path)), &w); err != nil {
			t.Fatal(err)
		}
		if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
			t.Errorf("%s: may by default %v", name, w.Permissions)
		}
		for job, j := range w.Jobs {
			if j.Timeout == 0 {
				t.Errorf("%s: %s may run for six hours", name, job)
			}
			for _, step := range j.Steps {
				steps++
				pinned(t, name, step.Uses)
				if strings.Contains(step.Run, "${{") {
					t.Errorf("%s: a script is made of other text: %s", name, step.Run)
				}
				for _, m := range regexp.MustCompile(`\bmake ([a-z-]+)`).FindAllStringSubmatch(step.Run, -1) {
					if !strings.Contains(makefile, "\n"+m[1]+": ") {
						t.Errorf("%s: there is no make %s", name, m[1])
					}
				}
				for _, m := range regexp.MustCompile(`(?:\bsh |\./|../)(scripts/\S+|\.ci/\w+)`).FindAllStringSubmatch(step.Run, -1) {
					if _, err := os.Stat(filepath.Join("../..", m[1])); err != nil {
						t.Errorf("%s: there is no %s", name, m[1])
					}
				}
			}
		}
	}
	if steps < 15 {
		t.Errorf("only %d steps were seen", steps)
	}
}

// pinned: a branch of somebody else's is another program tomorrow.
func pinned(t *testing.T, where, uses string) {
	t.Helper()
	if uses != "" && !regexp.MustCompile(`^[\w-]+/[\w./-]+@(v\d+(\.\d+)*|[0-9a-f]{40})$`).MatchString(uses) {
		t.Errorf("%s: %s is not pinned", where, uses)
	}
}

// What users are told to type in order to verify a release is what the workflow types.
func TestVerifyLinesAreRun(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?ms)^```shell\n(cosign verify-blob.*?)^```$").FindStringSubmatch(readFile(t, "../../SECURITY.md"))
	if block == nil {
		t.Fatal("SECURITY.md has no lines to verify with")
	}
	run := strings.Join(strings.Fields(readFile(t, "../../.github/workflows/published.yml")), " ")
	if !strings.Contains(run, strings.Join(strings.Fields(block[1]), " ")) {
		t.Errorf("published.yml does not run\n%s", block[1])
	}
	sign := readFile(t, "../../.goreleaser.yaml")
	for _, name := range []string{"checksums.txt", `signature: "${artifact}.sigstore.json"`} {
		if !strings.Contains(sign, name) {
			t.Errorf("the release makes no %s", name)
		}
	}
}

// RELEASING.md says how many files there are and what the workflow calls a secret.
func TestReleasingIsTrue(t *testing.T) {
	t.Parallel()
	page := readFile(t, "../../RELEASING.md")
	says(t, "the page", page, fmt.Sprintf("%d files", released()))
	says(t, "the page", page, "CHANNELS_TOKEN")
	says(t, "the workflow", readFile(t, "../../.github/workflows/published.yml"), "secrets.CHANNELS_TOKEN")
}

// released is how many files have a checksum: for each system an archive and its
// parts, and three packages for each kind of Linux.
func released() int { return 2*len(systems()) + 3*2 }

// A release is named in the changelog before it is tagged, and there is always a
// place for what comes next.
func TestChangelog(t *testing.T) {
	t.Parallel()
	page := readFile(t, "../../CHANGELOG.md")
	headings := regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(page, -1)
	if len(headings) == 0 || headings[0][1] != "[Unreleased]" {
		t.Fatalf("the first heading is %v", headings)
	}
	for _, h := range headings {
		version := regexp.MustCompile(`^\[(Unreleased|\d+\.\d+\.\d+(?:-[\w.]+)?)\](?: - \d{4}-\d\d-\d\d)?$`).FindStringSubmatch(h[1])
		if version == nil {
			t.Errorf("heading %q is no version with its day", h[1])
		} else if !strings.Contains(page, "\n["+version[1]+"]: https://") {
			t.Errorf("%s has no link", version[1])
		}
	}
	for _, h := range regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatch(page, -1) {
		if !regexp.MustCompile(`^(Added|Changed|Deprecated|Removed|Fixed|Security)$`).MatchString(h[1]) {
			t.Errorf("%q is no kind of change", h[1])
		}
	}
}

// What README says to install by is what a release has: every file, the image, the tap
// and the bucket.
func TestInstallLinesAreTrue(t *testing.T) {
	t.Parallel()
	_, lines, _ := strings.Cut(readFile(t, "../../README.md"), "\n## Install\n")
	lines, _, _ = strings.Cut(lines, "\n## ")
	release, published, config := readFile(t, "../../.github/workflows/release.yml"), readFile(t, "../../.github/workflows/published.yml"), readFile(t, "../../.goreleaser.yaml")
	for _, c := range []struct{ line, in, part string }{
		{"brew install latch-keys/tap/latch", published, "repository: latch-keys/homebrew-tap\n"},
		{"https://github.com/latch-keys/scoop-bucket", published, "repository: latch-keys/scoop-bucket\n"},
		{"ghcr.io/latch-keys/latch:1.0.0", release, "scripts/image.sh ghcr.io/latch-keys/latch \"${VERSION#v}\""},
		{"ghcr.io/latch-keys/latch:1.0.0", readFile(t, "../../Dockerfile"), "WORKDIR /work\n"},
		{"latch_1.0.0_linux_amd64.deb", config, `file_name_template: "{{ .PackageName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}"`},
		{"latch_1.0.0_linux_amd64.rpm", config, "formats: [deb, rpm, apk]"},
		{"latch_1.0.0_linux_amd64.apk", config, "formats: [deb, rpm, apk]"},
		{"uses: latch-keys/latch@v1.0.0", readFile(t, "../../docs/recipes/github-actions.md"), "uses: latch-keys/latch@v1.0.0"},
		{"go install github.com/latch-keys/latch/cmd/latch@latest", readFile(t, "../../go.mod"), "module github.com/latch-keys/latch\n"},
	} {
		says(t, "the section", lines, c.line)
		says(t, "what makes it true", c.in, c.part)
	}
	for _, name := range regexp.MustCompile(`latch_1\.0\.0_\S+\.\w+`).FindAllString(lines, -1) {
		if os.Getenv("LATCH_SNAPSHOT") == "" {
			break // TestSnapshotArchives needs one too
		}
		r := snapshot(t)
		if _, err := os.Stat(r.file(strings.TrimPrefix(name, "latch_1.0.0_"))); err != nil {
			t.Error(err)
		}
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
