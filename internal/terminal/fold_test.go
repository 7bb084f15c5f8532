package terminal

import (
	"fmt"
	"reflect"
	"testing"
)

// Rows that are alike share one where they are many, each mark by itself.
func TestFoldRows(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"✗ db", "missing"}, {"✓ web-1", "fine"}, {"✓ web-2", "fine"}, {"✓ web-3", "fine"}, {"✗ web-4", "missing"}}
	if folded, of := Fold(rows, 5); !reflect.DeepEqual(folded, rows) || fmt.Sprint(of) != "[1 1 1 1 1]" {
		t.Errorf("few: %q, %v", folded, of)
	}
	folded, of := Fold(rows, 4)
	want := [][]string{{"✗ db, web-4", "missing"}, {"✓ web-{1..3}", "fine"}}
	if !reflect.DeepEqual(folded, want) || fmt.Sprint(of) != "[2 3]" {
		t.Errorf("many: %q, %v", folded, of)
	}
}
