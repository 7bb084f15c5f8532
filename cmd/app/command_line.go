package app

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// CommandLine is the command as it was given, to be typed again with one flag set to
// another value. It has no arguments.
func CommandLine(c *cobra.Command, flag, value string) string {
	words := []string{c.CommandPath()}
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Name == flag {
			return
		}
		values := []string{f.Value.String()}
		if list, many := f.Value.(pflag.SliceValue); many {
			values = list.GetSlice()
		}
		for _, value := range values {
			switch {
			case f.NoOptDefVal == "":
				words = append(words, "--"+f.Name, Word(value))
			case value == f.NoOptDefVal:
				words = append(words, "--"+f.Name)
			default:
				words = append(words, "--"+f.Name+"="+Word(value))
			}
		}
	})
	return strings.Join(append(words, "--"+flag, Word(value)), " ")
}

// Word is text as one word of a shell.
func Word(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:,@%+=", r)
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
