package rotation

import (
	"fmt"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// Doing is a kind of act.
type Doing string

// What can be there to do, in the order in which it is done.
const (
	Begin        Doing = "start"   // a rotation
	Check        Doing = "check"   // why the readers of a file disagree
	LookAt       Doing = "look"    // at what the hosts answer
	Write        Doing = "write"   // the env files
	Copy         Doing = "copy"    // each file to its host
	RestartHosts Doing = "restart" // each host with its providers
	Stop         Doing = "stop"    // hosts that are not in the manifest
	Wait         Doing = "wait"    // until min_soak has passed
	Listen       Doing = "listen"  // to the lattice's calls
	AttestHosts  Doing = "attest"  // that hosts have restarted, and go on
	GoOn         Doing = "next"    // with the rotation
)

// Act is one thing to do before a phase can be left.
type Act struct {
	Do      Doing      `json:"do"`
	Hosts   []string   `json:"hosts,omitempty"`
	Command string     `json:"command,omitempty"` // of latch, to be pasted; empty where latch cannot do it
	Until   *time.Time `json:"until,omitempty"`

	readerUnknown bool
}

// Lines are the acts as people are shown them, one to a line: commands bare, so
// that they can be pasted, and the rest in words.
func Lines(acts []Act) string {
	var lines []string
	for i := 0; i < len(acts); i++ {
		a := acts[i]
		switch {
		case a.Do == Copy: // and the restart that follows
			lines = append(lines, fmt.Sprintf("copy the env file to the host, and restart the host with its providers: %s", firstFew(a.Hosts)))
		case a.Do == RestartHosts:
		case a.Do == Stop:
			lines = append(lines, fmt.Sprintf("add to the manifest, or stop and take the env file away: %s", firstFew(a.Hosts)))
		case a.Do == Wait:
			lines = append(lines, "wait until "+a.Until.Format(time.RFC3339))
		default:
			lines = append(lines, a.Command)
		}
		if a.readerUnknown {
			lines = append(lines, "if the file is right as it is, say which program reads it: --read-by")
		}
	}
	return strings.Join(lines, "\n")
}

// FirstCommand is the first command of the acts, empty where there is none.
func FirstCommand(acts []Act) string {
	for _, a := range acts {
		if a.Command != "" {
			return a.Command
		}
	}
	return ""
}

// wordFor attests hosts: bound to the generation, so that it cannot be taken for a
// word about another phase. Too many to name are all: what is known of the others
// by better evidence stays.
func wordFor(m lattice.Manifest, hosts []string) string {
	if len(hosts) > mostShown || len(hosts) == len(m.Hosts) && len(hosts) > 1 {
		return fmt.Sprintf("%s@%d", attestAll, m.Generation)
	}
	words := make([]string, len(hosts))
	for i, host := range hosts {
		words[i] = fmt.Sprintf("%s@%d", host, m.Generation)
	}
	return strings.Join(words, ",")
}
