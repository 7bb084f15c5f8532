package architecture

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"testing"
)

// The budget of the house: what one reader can hold in mind.
const (
	maxFile       = 400 // lines
	maxFunc       = 90
	maxFileMedian = 110
	maxFileP90    = 260
	maxFuncMedian = 12
	maxFuncP90    = 45
	maxFiles      = 25 // of a package, without tests
	maxDepth      = 7  // longest chain of arrows between rooms
	maxMain       = 60 // lines of the process file: an adapter, without tests of its own
)

// spread is how large things of one sort are, in lines.
type spread struct{ Count, Median, P90, Most int }

func newSpread(sizes []int) spread {
	slices.Sort(sizes)
	n := len(sizes)
	return spread{n, sizes[n/2], sizes[n*9/10], sizes[n-1]}
}

// sizes measures the files and the functions of the product.
func sizes(t *testing.T, all []source) (files, funcs spread) {
	t.Helper()
	var fileLines, funcLines []int
	for _, s := range all {
		if !s.product() {
			continue
		}
		fileLines = append(fileLines, s.lines())
		for _, fn := range functions(s) {
			funcLines = append(funcLines, span(s, fn))
		}
	}
	if len(fileLines) == 0 || len(funcLines) == 0 {
		t.Fatal("nothing to measure: the product's files were not found")
	}
	return newSpread(fileLines), newSpread(funcLines)
}

func TestBudget(t *testing.T) {
	t.Parallel()
	all := sources(t)
	files, funcs := sizes(t, all)
	t.Logf("files %+v, functions %+v", files, funcs)
	if files.Median > maxFileMedian || files.P90 > maxFileP90 {
		t.Errorf("lines of a file: %+v, want a median of %d and a p90 of %d at most", files, maxFileMedian, maxFileP90)
	}
	if funcs.Median > maxFuncMedian || funcs.P90 > maxFuncP90 {
		t.Errorf("lines of a function: %+v, want a median of %d and a p90 of %d at most", funcs, maxFuncMedian, maxFuncP90)
	}
	h := survey(all)
	for dir, n := range h.files {
		if n > maxFiles {
			t.Errorf("%s has %d files, want %d at most", dir, n, maxFiles)
		}
	}
	if chain := h.chain(path.Dir(process)); len(chain)-1 > maxDepth || len(chain) == 1 {
		t.Errorf("imports are %d deep, want 1 to %d: %v", len(chain)-1, maxDepth, chain)
	}
}

// lengths finds what is too long for one reader.
func lengths(s source) (breaches []string) {
	if s.test {
		return nil
	}
	if n := s.lines(); n > maxFile {
		breaches = append(breaches, s.path+": "+fmt.Sprintf("%d lines", n))
	}
	for _, fn := range functions(s) {
		if n := span(s, fn); n > maxFunc {
			breaches = append(breaches, s.at(fn.Pos())+": "+fn.Name.Name+" has "+fmt.Sprintf("%d lines", n))
		}
	}
	return breaches
}

// functions gives the functions and methods that a file declares.
func functions(s source) (found []*ast.FuncDecl) {
	for _, decl := range s.ast.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			found = append(found, fn)
		}
	}
	return found
}

// span is the number of lines from a node's first to its last.
func span(s source, n ast.Node) int {
	line := func(p token.Pos) int { return s.set.Position(p).Line }
	return line(n.End()) - line(n.Pos()) + 1
}
