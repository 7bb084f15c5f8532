package yamledit

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// scalarText is a text as YAML: plain where every reader takes it for a text, in
// block style as in flow style, and otherwise in double quotes.
func scalarText(text string) string {
	if isPlainText(text) {
		return text
	}
	return doubleQuoted(text)
}

func doubleQuoted(text string) string { return strconv.Quote(text) }

func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func isPlainText(text string) bool {
	const marks = "._:/@%+=-"
	for i := range len(text) {
		if !isAlphanumeric(text[i]) && (i == 0 || strings.IndexByte(marks, text[i]) < 0) {
			return false
		}
	}
	// YAML 1.1 readers take these for something else.
	if slices.Contains([]string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}, strings.ToLower(text)) {
		return false
	}
	if text != "" && isLetter(text[0]) && text[len(text)-1] != ':' { // what else is no text starts otherwise
		return true
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil || len(n.Content) != 1 {
		return false
	}
	return n.Content[0].Tag == "!!str" && n.Content[0].Value == text
}

func isAlphanumeric(b byte) bool { return isLetter(b) || '0' <= b && b <= '9' }

func isLetter(b byte) bool { return 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' }
