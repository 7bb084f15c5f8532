package env

import "fmt"

// powershell is lines of $Env:NAME = 'VALUE'. In single quotes only the quote
// means anything, and is written twice. Source: about_Quoting_Rules.
type powershell struct{}

const powershellHint = "Windows PowerShell reads files in the machine's own code page, so that only ASCII is safe; the dialect json carries any text"

// Name is "powershell".
func (powershell) Name() string { return "powershell" }

// About says who reads it.
func (powershell) About() string { return "PowerShell and Windows PowerShell, by: . ./FILE" }

// Extension is ".ps1".
func (powershell) Extension() string { return ".ps1" }

// Render refuses what PowerShell would read in another way: characters beyond
// ASCII, among which are more quotes, control characters but for tabs and line
// feeds, and the empty value, which removes a variable.
func (d powershell) Render(e Environment, show Secrets) ([]byte, error) {
	return renderLines(d, e, show)
}

func (d powershell) judge(a Assignment, value []byte) error {
	if len(value) == 0 {
		return uncarried(d, a, "leave the variable out", "an empty value would remove it")
	}
	unsafe := func(r rune) bool { return r > '~' || r < ' ' && r != '\t' && r != '\n' }
	if at := firstUnfit(value, unsafe); at >= 0 {
		return unfit(d, a, value, at, powershellHint)
	}
	return nil
}

func (powershell) line(out []byte, name string, value []byte) []byte {
	out = fmt.Appendf(out, "$Env:%s = ", name)
	return append(quoted(out, '\'', value, among("'", "'")), '\n')
}
