package app

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// CompleteHosts offers the names of the manifest's hosts, for shells; in a list with
// commas the next one.
func (a *App) CompleteHosts(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	m := a.glance()
	names := make([]string, 0, len(m.Hosts))
	for _, h := range m.Hosts {
		names = append(names, h.Name)
	}
	return nextOf(names, args, typed), cobra.ShellCompDirectiveNoFileComp
}

// CompleteHostsOrAll offers the word all beside the hosts.
func (a *App) CompleteHostsOrAll(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	names, directive := a.CompleteHosts(c, nil, typed)
	if !strings.Contains(typed, ",") {
		names = append(names, "all")
	}
	return names, directive
}

// CompleteIssuers offers the names of the manifest's issuers, for shells; in a list
// with commas the next one.
func (a *App) CompleteIssuers(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	m := a.glance()
	names := make([]string, 0, len(m.Issuers))
	for _, is := range m.Issuers {
		names = append(names, is.Name+"\t"+is.PublicKey.String())
	}
	return nextOf(names, args, typed), cobra.ShellCompDirectiveNoFileComp
}

// CompleteLattice offers the name of the lattice.
func (a *App) CompleteLattice(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	if name := a.glance().Lattice; name != "" {
		return []string{name}, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// glance is the manifest as shells may look at it: none where it cannot be read.
func (a *App) glance() lattice.Manifest {
	file, err := a.Manifest()
	if err != nil {
		return lattice.Manifest{}
	}
	return file.Manifest()
}

// nextOf are the words that go on with what is typed, less those that are there
// already, before a comma or as arguments.
func nextOf(words, args []string, typed string) []string {
	before := ""
	if at := strings.LastIndex(typed, ","); at >= 0 {
		before = typed[:at+1]
	}
	taken := map[string]bool{}
	for _, word := range append(strings.Split(before, ","), args...) {
		taken[word] = true
	}
	var next []string
	for _, word := range words {
		name, _, _ := strings.Cut(word, "\t")
		if !taken[name] && strings.HasPrefix(before+name, typed) {
			next = append(next, before+word)
		}
	}
	return next
}

// CompleteKeyNames offers the names in the keystore, for shells. Nothing is unlocked.
func (a *App) CompleteKeyNames(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	store, err := a.Keystore()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names, _ := keystore.Names(c.Context(), store)
	if len(names) > mostDescribed {
		return nextOf(names, nil, typed), cobra.ShellCompDirectiveNoFileComp
	}
	entries, _ := store.List(c.Context())
	described := make([]string, 0, len(entries))
	for _, e := range entries {
		described = append(described, e.Name+"\t"+e.PublicKey.String())
	}
	return nextOf(described, nil, typed), cobra.ShellCompDirectiveNoFileComp
}

// mostDescribed is how many keys are shown with their public keys while completing:
// reading thousands of files would be felt.
const mostDescribed = 100

// CompleteRecipients offers those of the keystore, which are public.
func (a *App) CompleteRecipients(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	store, err := a.Keystore()
	sharer, shared := store.(keystore.Sharer)
	if err != nil || !shared {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, _ := sharer.Recipients(c.Context())
	names := make([]string, 0, len(all))
	for _, r := range all {
		names = append(names, r.Text+"\t"+r.Comment)
	}
	return nextOf(names, args, typed), cobra.ShellCompDirectiveNoFileComp
}

// CompleteRecipientNames offers the names of the recipients of a nats: keystore.
func (a *App) CompleteRecipientNames(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	store, err := a.Keystore()
	bucket, is := store.(*keystore.Bucket)
	if err != nil || !is {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, _ := bucket.Recipients(c.Context())
	var names []string
	for _, r := range all {
		if r.Comment != "" {
			names = append(names, r.Comment)
		}
	}
	return nextOf(names, nil, typed), cobra.ShellCompDirectiveNoFileComp
}

// CompleteKeystores offers the kinds of keystores, and folders for those that have
// one.
func CompleteKeystores(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	const goOn = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	scheme, path, chosen := strings.Cut(typed, ":")
	if !chosen {
		var all []string
		for _, k := range []string{
			"keyring:\tthe keyring of the operating system", "age:\tfiles encrypted with age",
			"dir:\tplain files that only you can read", "env:\tthe variables LATCH_SEED_<NAME>",
			"nats://\ta bucket of NATS JetStream, encrypted", "vault:\tsecrets of Vault or OpenBao", "exec:\twhat a command prints for a name",
		} {
			if strings.HasPrefix(k, typed) {
				all = append(all, k)
			}
		}
		return all, goOn
	}
	if scheme != "age" && scheme != "dir" {
		return []string{scheme + ":"}, cobra.ShellCompDirectiveNoFileComp
	}
	dir, begun := filepath.Split(path)
	entries, _ := os.ReadDir(cmp.Or(dir, "."))
	var folders []string
	for _, e := range entries {
		hidden := strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(begun, ".")
		if e.IsDir() && !hidden && strings.HasPrefix(e.Name(), begun) {
			folders = append(folders, scheme+":"+dir+e.Name())
		}
	}
	return folders, goOn
}

// CompleteProgram offers the programs that the person can run, and files behind the
// first word.
func (a *App) CompleteProgram(words []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(words) > 0 || strings.ContainsRune(typed, filepath.Separator) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	path, _ := a.Sys.Getenv("PATH")
	var names []string
	for _, dir := range filepath.SplitList(path) {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), typed) && !e.IsDir() {
				names = append(names, e.Name())
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), cobra.ShellCompDirectiveNoFileComp
}

// NewestTarget is the default: its environment holds both names of the lattice,
// so that every older host reads it right too.
func NewestTarget() string {
	targets := wasmcloud.Targets()
	return targets[len(targets)-1].String()
}

// TargetNames are the targets whose hosts read cluster keys.
func TargetNames() string { return joined(wasmcloud.Targets()) }

// AllTargetNames are those too that ignore them.
func AllTargetNames() string { return joined(wasmcloud.AllTargets()) }

func joined(targets []wasmcloud.Target) string {
	var names []string
	for _, t := range targets {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

// CompleteTargets offers the targets whose hosts read cluster keys, for shells.
func CompleteTargets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return strings.Split(TargetNames(), ", "), cobra.ShellCompDirectiveNoFileComp
}

// CompleteAllTargets offers every target, for shells.
func CompleteAllTargets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return strings.Split(AllTargetNames(), ", "), cobra.ShellCompDirectiveNoFileComp
}
