package rotation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// Guide says what to do next, in commands that can be pasted: with the flags that
// the person uses.
type Guide struct {
	Verb     string          // of latch issuers rotate that goes on: next, where it is empty
	Flags    []string        // that concern every command, as -m FILE
	Deployed []string        // where the env files of hosts are read
	ReadBy   string          // who reads them, if that was said
	Live     []string        // how the running hosts are asked; nil where they are not
	Untold   map[string]bool // hosts that answer, and whose version does not say how they stand
	Ready    map[string]bool // hosts whose env file is written already
	Quiet    time.Duration   // how long old keys are to be silent; 0 where that is not asked
}

// Ready are the hosts whose env file says what the manifest says, by what was read
// of the files at hand.
func Ready(m lattice.Manifest, files []lattice.Observation) map[string]bool {
	written := make(map[string]lattice.Observation, len(files))
	for _, o := range files {
		written[o.Host] = o
	}
	ready := map[string]bool{}
	for _, want := range m.Standings() {
		o, there := written[want.Host]
		if there && o.Certain() && o.Signs == want.Signs && o.Accepts.SameSet(want.Accepts) && (m.Rotation == nil || o.Generation >= m.Rotation.Generation) {
			ready[want.Host] = true
		}
	}
	return ready
}

// Explain adds to the refusal of a step what would clear it, for each host and for
// all of them. An error of another kind stays as it is.
func (g Guide) Explain(m lattice.Manifest, err error) error {
	found := InTheWay(err)
	if found == nil {
		return err
	}
	acts := g.Acts(m, found)
	return fault.New(fault.Refused, "%s", err.Error()).WithHint("%s", Lines(acts)).WithDetail(g.Each(m, found))
}

// Each gives the obstacles, each with the acts that clear it.
func (g Guide) Each(m lattice.Manifest, found []Obstacle) []Obstacle {
	all := slices.Clone(found)
	for i := range all {
		all[i].Acts = g.Acts(m, found[i:i+1])
	}
	return all
}

// Acts are what clears all obstacles, in order; the last one goes on. Without an
// obstacle that is all there is to do.
func (g Guide) Acts(m lattice.Manifest, found []Obstacle) []Act {
	var unwritten, deploy, doubtful, strangers []string
	var until time.Time
	var listen time.Duration
	look := false
	for _, o := range found {
		switch o.need {
		case needsLook:
			look = true
		case needsTime:
			until = o.until
		case needsQuiet:
			listen = o.span
		case needsListing:
			strangers = append(strangers, o.Host)
		case needsReader:
			doubtful = append(doubtful, o.source)
			deploy = append(deploy, o.Host)
		case needsDeploy:
			deploy = append(deploy, o.Host)
		}
	}
	for _, host := range deploy {
		if !g.Ready[host] {
			unwritten = append(unwritten, host)
		}
	}
	var acts []Act
	if len(doubtful) > 0 {
		acts = append(acts, g.check(doubtful))
	}
	if look {
		acts = append(acts, Act{Do: LookAt, Command: g.words("latch lattice status", g.Live[min(1, len(g.Live)):])})
	}
	if len(unwritten) > 0 {
		acts = append(acts, g.write(m, unwritten))
	}
	if len(deploy) > 0 {
		acts = append(acts, Act{Do: Copy, Hosts: deploy}, Act{Do: RestartHosts, Hosts: deploy})
	}
	if len(strangers) > 0 {
		acts = append(acts, Act{Do: Stop, Hosts: strangers})
	}
	if !until.IsZero() {
		acts = append(acts, Act{Do: Wait, Until: &until})
	}
	if listen > 0 {
		acts = append(acts, Act{Do: Listen, Command: g.Command(fmt.Sprintf("latch invocation tap --for %s --record", FlagSpan(listen)))})
	}
	return append(acts, g.goOn(m, g.toAttest(found), strangers))
}

// Todo is what to do next by a status: what clears the obstacles and goes on, or the
// rotation that is due.
func (g Guide) Todo(m lattice.Manifest, s Status, at time.Time) []Act {
	if m.Rotation == nil {
		return g.due(m, at)
	}
	return g.Acts(m, s.Obstacles)
}

// toAttest are the hosts that nothing but a word can tell of: those whose files are
// not among the deployed ones, and that do not say it themselves.
func (g Guide) toAttest(found []Obstacle) []string {
	var hosts []string
	for _, o := range found {
		unread := o.need == needsDeploy || o.need == needsReader
		if unread && !g.canSee(o.Host, o.unseen) {
			hosts = append(hosts, o.Host)
		}
	}
	return hosts
}

// canSee reports whether what the person looks at will tell of the host.
func (g Guide) canSee(host string, unseen bool) bool {
	return len(g.Live) > 0 && !g.Untold[host] || len(g.Deployed) > 0 && !unseen
}

func (g Guide) check(files []string) Act {
	words := []string{"latch env check"}
	for _, file := range files[:min(len(files), mostShown)] {
		words = append(words, shellWord(file))
	}
	return Act{Do: Check, Command: strings.Join(words, " "), readerUnknown: g.ReadBy == ""}
}

// write writes the files of the hosts, or of all where those are too many to name:
// files that would not change are left alone.
func (g Guide) write(m lattice.Manifest, hosts []string) Act {
	words := append([]string{"latch env write"}, g.flags()...)
	if len(hosts) <= mostShown && len(hosts) < len(m.Hosts) {
		words = append(words, hosts...)
	}
	return Act{Do: Write, Hosts: hosts, Command: strings.Join(words, " ")}
}

// goOn is the command that takes the rotation on, once all else is done.
func (g Guide) goOn(m lattice.Manifest, attest, ignore []string) Act {
	verb := g.Verb
	if verb == "" {
		verb = "next"
	}
	act := Act{Do: GoOn}
	words := []string{g.words("latch issuers rotate "+verb, g.Live)}
	for _, path := range g.Deployed {
		words = append(words, "--deployed", shellWord(path))
	}
	if g.ReadBy != "" {
		words = append(words, "--read-by", shellWord(g.ReadBy))
	}
	if g.Quiet > 0 {
		words = append(words, "--require-quiet", FlagSpan(g.Quiet))
	}
	if len(attest) > 0 {
		act.Do, act.Hosts = AttestHosts, attest
		words = append(words, "--attest", wordFor(m, attest))
	}
	if len(ignore) > 0 {
		words = append(words, "--ignore", strings.Join(ignore, ","))
	}
	act.Command = strings.Join(words, " ")
	return act
}

// Command is a command of latch with the flags in use.
func (g Guide) Command(command string) string { return g.words(command, nil) }

// words are a command with the flags in use, and more of them.
func (g Guide) words(command string, more []string) string {
	words := append([]string{command}, g.flags()...)
	for _, word := range more {
		words = append(words, shellWord(word))
	}
	return strings.Join(words, " ")
}

func (g Guide) flags() []string {
	words := make([]string, len(g.Flags))
	for i, flag := range g.Flags {
		words[i] = shellWord(flag)
	}
	return words
}

// due is the rotation to start in a steady lattice, nil where none is due: keys
// that hosts sign with and that are near their max_age.
func (g Guide) due(m lattice.Manifest, at time.Time) []Act {
	signers := m.Signers()
	var due []string
	for _, is := range m.Issuers {
		if len(signers[is.Name]) > 0 && m.NearMaxAge(is, at) {
			due = append(due, is.Name)
		}
	}
	if m.Rotation != nil || len(due) == 0 {
		return nil
	}
	words := append([]string{"latch issuers rotate start"}, g.flags()...)
	if len(due) < len(signers) {
		words = append(words, "--retire", strings.Join(due, ","))
	}
	return []Act{{Do: Begin, Command: strings.Join(words, " ")}}
}

// afterStep is what to do once a step is saved: hand the files out, then go on. The
// hosts that were attested before are to be attested again.
func (g Guide) afterStep(before, after lattice.Manifest, deploy []string) []Act {
	var acts []Act
	if len(deploy) > 0 {
		acts = append(acts, g.write(after, deploy), Act{Do: Copy, Hosts: deploy}, Act{Do: RestartHosts, Hosts: deploy})
	}
	if after.Rotation == nil {
		return acts
	}
	attested := map[string]bool{}
	if before.Rotation != nil {
		for _, o := range before.Rotation.Observed {
			attested[o.Host] = o.Evidence == lattice.Attested
		}
	}
	var attest []string
	for _, h := range after.Hosts {
		if !g.canSee(h.Name, false) || attested[h.Name] {
			attest = append(attest, h.Name)
		}
	}
	g.Verb = "" // whatever the step was, the way goes on with next
	return append(acts, g.goOn(after, attest, nil))
}

// DeleteKey is the command that deletes a key that nothing needs any more.
func (g Guide) DeleteKey(name string) string {
	return g.Command("latch keys delete " + name)
}

// shellWord is a word as a POSIX shell takes it for one.
func shellWord(text string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,"
	if text != "" && strings.Trim(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// FlagSpan is a span of time as flags take it, which know no days.
func FlagSpan(span time.Duration) string {
	if span%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dh", span/time.Hour)
	}
	return lattice.FormatSpan(span)
}
