package listflag_test

import (
	"slices"
	"testing"

	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/cmd/app/listflag"
)

// Values are repeated or separated by commas, and nothing that was given gets lost.
func TestValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ given, want []string }{
		{[]string{"a", "b,c"}, []string{"a", "b", "c"}},
		{[]string{`"a,b"`}, []string{"a,b"}},
		{[]string{"a", ""}, []string{"a", ""}},
		{[]string{""}, []string{""}},
		{[]string{"a\n"}, []string{"a"}},
		{[]string{"a\nb"}, nil},
		{[]string{`"a`}, nil},
	} {
		var got []string
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		listflag.Add(flags, &got, "host", "")
		var err error
		for _, text := range c.given {
			if err == nil {
				err = flags.Set("host", text)
			}
		}
		if (err != nil) != (c.want == nil) || !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, %v", c.given, got, err)
		}
	}
}
