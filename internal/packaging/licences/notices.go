package licences

import (
	"fmt"
	"io"
	"strings"
)

// Notices writes the texts that have to go wherever latch goes, one after the other.
func Notices(w io.Writer, modules []Module) error {
	var page strings.Builder
	page.WriteString("latch contains the following software. Each comes with the terms of its authors.\n")
	for _, m := range modules {
		name := strings.TrimSpace(m.Path + " " + m.Version)
		if m.Path == "std" {
			name = "The Go standard library and runtime"
		}
		for _, text := range m.Texts {
			title := fmt.Sprintf("%s, %s", name, text.Name)
			fmt.Fprintf(&page, "\n\n%s\n%s\n\n%s\n", title, strings.Repeat("=", len(title)), strings.Trim(text.Words, "\n"))
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}
