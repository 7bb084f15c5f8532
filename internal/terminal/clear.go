package terminal

import "io"

// Clear empties the screen of a terminal, and puts the cursor at its beginning.
func Clear(w io.Writer) { _, _ = io.WriteString(w, "\x1b[H\x1b[2J") }
