package architecture

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
)

// promising are the pages on which people build.
func promising() []string {
	return []string{"docs/threat-model.md", "docs/keystores.md", "docs/rotation.md", "SECURITY.md"}
}

// Every paragraph, list item and table of a promising page names, in a comment
// that readers do not see, the tests that hold it, or says why none can:
//
//	<!-- test: TestContractDir, TestScripts/keys_store -->
//	<!-- no test: advice -->
//
// A sentence that is added without either fails, and so does a name of no test.
func TestPromisesNameTheirTests(t *testing.T) {
	t.Parallel()
	known := testNames(t)
	comment := regexp.MustCompile(`<!-- (no )?test: ([^>]+) -->`)
	promises, names := 0, 0
	for _, page := range promising() {
		for _, block := range blocks(read(t, page)) {
			found := comment.FindAllStringSubmatch(block, -1)
			if len(found) == 0 {
				t.Errorf("%s: no test is named for: %.90s", page, block)
				continue
			}
			for _, m := range found {
				if m[1] != "" {
					continue
				}
				promises++
				for name := range strings.SplitSeq(m[2], ", ") {
					names++
					if !known[name] {
						t.Errorf("%s: there is no test %s, for: %.60s", page, name, block)
					}
				}
			}
		}
	}
	oracle.Figure(t, "%d promises, held by tests named %d times", promises, names)
	if promises < 40 {
		t.Errorf("only %d promises were found", promises)
	}
}

// testNames are the functions that go test runs, and the scripts, as
// TestScripts/name.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, s := range sources(t) {
		for _, fn := range functions(s) {
			if s.test && isTest(fn) {
				known[fn.Name.Name] = true
			}
		}
	}
	for suite, folder := range map[string]string{"TestScripts": "script", "TestAgeScripts": "age"} {
		scripts, err := filepath.Glob(filepath.Join(top, "cmd/testdata", folder, "*.txtar"))
		if err != nil || len(scripts) == 0 || !known[suite] {
			t.Fatalf("%s: %d scripts (%v)", suite, len(scripts), err)
		}
		for _, path := range scripts {
			known[suite+"/"+strings.TrimSuffix(filepath.Base(path), ".txtar")] = true
		}
	}
	return known
}

// blocks splits a page into paragraphs, list items and tables; headings, code
// and what is run unseen promise nothing by themselves.
func blocks(page string) (found []string) {
	page = regexp.MustCompile("(?ms)^(?:```.*?^```|<!-- run$.*?^-->)$").ReplaceAllString(page, "")
	item := regexp.MustCompile(`(?m)^(?:- |\d+\. )`)
	for block := range strings.SplitSeq(page, "\n\n") {
		block = strings.TrimSpace(block)
		if block == "" || strings.HasPrefix(block, "#") && !strings.Contains(block, "\n") {
			continue
		}
		starts := item.FindAllStringIndex(block, -1)
		if len(starts) == 0 || starts[0][0] != 0 {
			found = append(found, block)
			continue
		}
		for i, at := range starts {
			end := len(block)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			found = append(found, block[at[0]:end])
		}
	}
	return found
}
