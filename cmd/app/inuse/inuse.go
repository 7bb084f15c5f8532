// Package inuse gives the commands that latch tells people to type the flags that they
// use: without them, a paste would be about another lattice, or another keystore.
package inuse

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Flag is one that was given, under each of its names.
type Flag struct {
	Names []string // that to write first
	Value string   // as one word of a shell
	Use   string   // its help, where it is for those commands alone that have the same flag
}

// heedless are the commands that no manifest and no keystore changes anything for, by
// their paths. What stands for some of them is a flag with which they heed one.
func heedless() map[string]string {
	return map[string]string{
		"help": "", "version": "", "completion": "", "keys validate": "", "keys gen": "--name", "keystore init": "",
		"env vars": "", "env check": "", "lattice schema": "",
	}
}

// connecting are the flags with which alone some commands connect to anything.
func connecting() []string { return []string{"live", "push", "running", "restart-on-change"} }

// Complete adds the flags to each command in a text, behind its verb: what follows may
// be its arguments, or the rest of a sentence. A flag that it has already stays as it is.
func Complete(text string, root *cobra.Command, flags []Flag) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		words := strings.Split(line, " ")
		for at := 0; at < len(words); at++ {
			if words[at] == root.Name() {
				c, end := verb(words, at, root)
				words[end] = with(words[end], missing(c, words, at, end, flags))
				at = end
			}
		}
		lines[i] = strings.Join(words, " ")
	}
	return strings.Join(lines, "\n")
}

const stops = ".,;:)"

// verb is the command that begins at a word, and where it names what it does: the same
// place where it is no command, or one that heeds none of the flags.
func verb(words []string, at int, root *cobra.Command) (*cobra.Command, int) {
	c, end := root, at
	for end+1 < len(words) && (end == at || strings.TrimRight(words[end], stops) == words[end]) {
		name := strings.TrimRight(words[end+1], stops)
		i := slices.IndexFunc(c.Commands(), func(child *cobra.Command) bool { return child.Name() == name || child.HasAlias(name) })
		if i < 0 {
			break
		}
		c, end = c.Commands()[i], end+1
	}
	if c.HasSubCommands() || !c.Runnable() {
		return c, at
	}
	if but, is := heedless()[strings.TrimPrefix(c.CommandPath(), root.Name()+" ")]; is && (but == "" || !slices.Contains(words[end:], but)) {
		return c, at
	}
	return c, end
}

// missing are the flags that a command lacks, of which the last word of the verb is at
// end. Its help needs none.
func missing(c *cobra.Command, words []string, at, end int, flags []Flag) []Flag {
	if at == end {
		return nil
	}
	rest := words[end+1:]
	if strings.TrimRight(words[end], stops) != words[end] {
		rest = nil // the command ends there
	}
	for i, word := range rest {
		if word == words[at] || word == "|" || strings.HasSuffix(word, ";") {
			rest = rest[:i+1]
			break
		}
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(rest, func(word string) bool {
			name, _, _ := strings.Cut(strings.TrimRight(word, stops), "=")
			return slices.Contains(names, name)
		})
	}
	if has("--help") {
		return nil
	}
	connects := !slices.ContainsFunc(connecting(), func(name string) bool { return c.Flags().Lookup(name) != nil && !has("--"+name) })
	return slices.DeleteFunc(slices.Clone(flags), func(f Flag) bool {
		return has(f.Names...) || f.Use != "" && !(connects && takes(c, f))
	})
}

// takes tells whether a command has the same flag, not another of its name.
func takes(c *cobra.Command, f Flag) bool {
	flag := c.Flags().Lookup(strings.TrimLeft(f.Names[0], "-"))
	return flag != nil && flag.Usage == f.Use
}

// with is the last word of a command, and the flags behind it.
func with(word string, flags []Flag) string {
	bare := strings.TrimRight(word, stops)
	stop := word[len(bare):]
	for _, f := range flags {
		bare += " " + f.Names[0] + " " + f.Value
	}
	return bare + stop
}
