package cmd

import (
	"bytes"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

// newCompletion takes the place of cobra's own: its script for bash fails where the
// package bash-completion is not installed, and none knows the link named keys.
func newCompletion(a *app.App) *cobra.Command {
	c := &cobra.Command{
		Use:   "completion",
		Short: "Print the script that makes a shell complete",
		Long: `Prints the script that makes a shell complete commands, flags and values: keys, hosts,
issuers and keystores by their names. Completing unlocks nothing.`,
	}
	app.AsGroup(c)
	for _, s := range []struct {
		name, load string
		write      func(root *cobra.Command, w io.Writer) error
	}{
		{"bash", "source <(latch completion bash)", bashCompletion},
		{"zsh", "source <(latch completion zsh)", zshCompletion},
		{"fish", "latch completion fish | source", fishCompletion},
		{"powershell", "latch completion powershell | Out-String | Invoke-Expression", (*cobra.Command).GenPowerShellCompletionWithDesc},
	} {
		c.AddCommand(&cobra.Command{
			Use:     s.name,
			Short:   "Print the script for " + s.name,
			Long:    "Prints the script for " + s.name + ". The line of the example, in the file that the shell reads when it\nstarts, loads it.",
			Example: "  " + s.load,
			Args:    app.Exactly(),
			RunE: func(c *cobra.Command, _ []string) error {
				out := app.NewOut(a.Sys.Stdout)
				if err := s.write(c.Root(), out); err != nil {
					return err
				}
				return out.Close()
			},
		})
	}
	return c
}

// bashWords is what the package bash-completion has, for where it is not installed:
// the words of the line, those together that bash takes apart at = and :.
const bashWords = `
__latch_words()
{
    local rest=$COMP_LINE word trimmed i
    words=() cword=0
    for i in "${!COMP_WORDS[@]}"; do
        word=${COMP_WORDS[i]}
        trimmed=${rest#"${rest%%[![:space:]]*}"}
        if (( i > 0 )) && [[ $trimmed == "$rest" ]]; then
            words[${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
        rest=${trimmed#"$word"}
        (( i == COMP_CWORD )) && cword=$(( ${#words[@]} - 1 ))
    done
    cur=${words[cword]}
    prev=
    (( cword > 0 )) && prev=${words[cword-1]}
    return 0
}

# A link named keys is latch keys.
if [[ $(type -P keys) -ef $(type -P latch) ]]; then
    complete -o default -o nospace -F __start_latch keys
fi
`

func bashCompletion(root *cobra.Command, w io.Writer) error {
	var script bytes.Buffer
	if err := root.GenBashCompletionV2(&script, true); err != nil {
		return err
	}
	text := strings.Replace(script.String(), `_get_comp_words_by_ref "$@" cur prev words cword`, "__latch_words", 1)
	_, err := io.WriteString(w, text+bashWords)
	return err
}

func zshCompletion(root *cobra.Command, w io.Writer) error {
	var script bytes.Buffer
	if err := root.GenZshCompletion(&script); err != nil {
		return err
	}
	// Sourced before compinit, compdef is not there yet.
	text := strings.Replace(script.String(), "compdef _latch latch", `(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _latch latch
# A link named keys is latch keys.
[[ ${commands[keys]:A} == ${commands[latch]:A} ]] && compdef _latch keys`, 1)
	_, err := io.WriteString(w, text)
	return err
}

func fishCompletion(root *cobra.Command, w io.Writer) error {
	if err := root.GenFishCompletion(w, true); err != nil {
		return err
	}
	_, err := io.WriteString(w, `
# A link named keys is latch keys.
if type -q keys; and test (path resolve (command -s keys)) = (path resolve (command -s latch))
    complete -c keys -w latch
end
`)
	return err
}

// complete gives every argument of a command, and every flag that takes a value, what
// shells offer for it where the command does not say: names where there are some,
// files for a path, else nothing.
func complete(a *app.App, c *cobra.Command) {
	completeArguments(a, c)
	completeFlags(a, c)
}

func completeArguments(a *app.App, c *cobra.Command) {
	_, arguments, _ := strings.Cut(c.Use, " ")
	if c.ValidArgsFunction != nil || c.HasSubCommands() {
		return
	}
	switch arguments {
	case "", "HOST...":
		c.ValidArgsFunction = cobra.NoFileCompletions
	case "[URI]", "FROM TO":
		c.ValidArgsFunction = app.CompleteKeystores
	case "RECIPIENT|COMMENT":
		c.ValidArgsFunction = a.CompleteRecipients
	}
}

func completeFlags(a *app.App, c *cobra.Command) {
	values := map[string]cobra.CompletionFunc{
		"keystore": app.CompleteKeystores, "signs-with": a.CompleteIssuers, "to": a.CompleteRecipients,
		"ignore": a.CompleteHosts, "confirm": a.CompleteLattice,
	}
	for _, word := range []string{
		"passphrase-fd", "contract", "host-id", "id", "link", "operation", "origin", "issuers", "replay-most",
		"replay-window", "count", "name", "vanity", "prefix", "host", "target",
	} {
		values[word] = cobra.NoFileCompletions
	}
	for name, values := range values {
		if f := c.LocalFlags().Lookup(name); f != nil && c.Flags().Lookup(name) == f {
			if _, has := c.GetFlagCompletionFunc(name); !has {
				_ = c.RegisterFlagCompletionFunc(name, values)
			}
		}
	}
}
