package architecture

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// floors lists the rooms from the top of the house to its bottom. An import goes
// down, to any lower floor, never up and never across: two rooms on one floor do
// not know each other. A room is a folder, * stands for any name; its
// sub-packages belong to it.
func floors() [][]string {
	return [][]string{
		{"cmd/latch"},
		{"cmd"},
		{"cmd/*cmd"},
		{"cmd/app"},
		{"internal/process"},
		{"internal/settings", "internal/terminal", "internal/report", "internal/doctor"},
		{"internal/env", "internal/rotation", "internal/invocation", "internal/wasmbus", "internal/rollout", "internal/scan"},
		{"internal/credentials"},
		{"internal/lattice", "internal/keystore"},
		{"internal/natsconn"},
		{"internal/wasmcloud", "internal/yamledit", "internal/safefile"},
		{"internal/keys", "internal/finding", "internal/fault", "internal/bounded", "internal/printable", "internal/rawtext", "internal/similar"},
	}
}

// stranger is a room that another never imports, although it lies below it.
type stranger struct{ Room, Never, Why string }

func strangers() []stranger {
	return []stranger{
		{"internal/env", "internal/keystore", "seeds are handed in: what writes an environment never looks for a secret"},
		{"internal/rotation", "internal/keystore", "a plan needs no secret"},
		{"internal/rotation", "internal/safefile", "a plan touches no disk"},
		{"internal/rollout", "internal/keystore", "what a host is told, and where turns are taken, is handed in"},
		{"internal/rollout", "internal/natsconn", "what a host is told, and where turns are taken, is handed in"},
		{"internal/invocation", "internal/keystore", "seeds are handed in"},
		{"internal/invocation", "internal/safefile", "what is judged is handed in"},
		{"internal/doctor", "internal/keystore", "what was found is handed in"},
		{"internal/doctor", "internal/safefile", "what was found is handed in"},
	}
}

// room names the room that the package in dir belongs to, and its floor; "" for
// none.
func room(dir string) (name string, floor int) {
	if parts := strings.SplitN(dir, "/", 3); len(parts) == 3 && (parts[0] == "internal" || parts[1] == "app") {
		dir = path.Join(parts[:2]...)
	}
	for floor, rooms := range floors() {
		for _, pattern := range rooms {
			if ok, _ := path.Match(pattern, dir); ok {
				return dir, floor
			}
		}
	}
	return "", 0
}

// isSupport tells whether only tests may import the package in dir: it, or one
// that it belongs to, is for them. Some are programs, which tests, pages and releases run.
func isSupport(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(base string) bool {
		return slices.Contains([]string{"oracle", "architecture", "pages", "packaging"}, base) || strings.HasSuffix(base, "test")
	})
}

// arrows finds the imports that go up or across, or meet a stranger.
func arrows(s source) (breaches []string) {
	dir := path.Dir(s.path)
	home, floor := room(dir)
	if s.support {
		return nil
	}
	if home == "" {
		return []string{fmt.Sprintf("%s: package %s is in no room of the house", s.path, dir)}
	}
	for target, pos := range s.ours() {
		to, below := room(target)
		switch {
		case isSupport(target) && s.test:
		case isSupport(target):
			breaches = append(breaches, fmt.Sprintf("%s: %s is for tests", s.at(pos), target))
		case to == home:
		case below <= floor:
			breaches = append(breaches, fmt.Sprintf("%s: %s imports %s, which is not below it", s.at(pos), dir, target))
		default:
			for _, x := range strangers() {
				if x.Room == home && x.Never == to {
					breaches = append(breaches, fmt.Sprintf("%s: %s imports %s: %s", s.at(pos), dir, target, x.Why))
				}
			}
		}
	}
	return breaches
}

// house is what the code says of its rooms.
type house struct {
	about   map[string]string              // room: the first sentence of its doc comment
	imports map[string]map[string]struct{} // package: what it imports of ours, in the product
	files   map[string]int                 // package: how many files of the product
}

// survey walks through the product.
func survey(all []source) house {
	h := house{map[string]string{}, map[string]map[string]struct{}{}, map[string]int{}}
	for _, s := range all {
		if !s.product() {
			continue
		}
		dir := path.Dir(s.path)
		h.files[dir]++
		if h.imports[dir] == nil {
			h.imports[dir] = map[string]struct{}{}
		}
		for target := range s.ours() {
			h.imports[dir][target] = struct{}{}
		}
		if sentence := synopsis(s); sentence != "" {
			h.about[dir] = sentence
		}
	}
	return h
}

// title opens the comment of a package: that of a program names its folder.
func (s source) title() string {
	if s.ast.Name.Name == "main" {
		return "Command " + path.Base(path.Dir(s.path)) + " "
	}
	return "Package " + s.ast.Name.Name + " "
}

// synopsis is the first sentence of a package comment, without its title.
func synopsis(s source) string {
	text, found := strings.CutPrefix(s.ast.Doc.Text(), s.title())
	if !found {
		return ""
	}
	text, _, _ = strings.Cut(strings.ReplaceAll(text, "\n", " ")+" ", ". ")
	return strings.TrimPrefix(strings.TrimSuffix(strings.TrimSpace(text), "."), "is ")
}

// arrowsFrom gives the other rooms that a room's packages import.
func (h house) arrowsFrom(home string) []string {
	found := map[string]struct{}{}
	for dir, targets := range h.imports {
		if from, _ := room(dir); from != home {
			continue
		}
		for target := range targets {
			if to, _ := room(target); to != home {
				found[to] = struct{}{}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// roomsOn gives the rooms of a floor that the code has.
func (h house) roomsOn(floor int) []string {
	found := map[string]struct{}{}
	for dir := range h.files {
		if name, n := room(dir); name != "" && n == floor {
			found[name] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// chain is the longest chain of arrows between rooms that begins at one.
func (h house) chain(home string) []string {
	var longest []string
	for _, to := range h.arrowsFrom(home) {
		if c := h.chain(to); len(c) > len(longest) {
			longest = c
		}
	}
	return append([]string{home}, longest...)
}
