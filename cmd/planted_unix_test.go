//go:build unix

package cmd_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/oracle"
)

// read is a file that latch reads, and a command that reads it.
type read struct {
	file string // below the scene's folder
	args string // @ is that folder: no key and no name holds one
	// trusted files decide what happens to secrets: nobody else may be able to
	// exchange them. Others are only looked at.
	trusted bool
	// absent ones are not there until somebody plants them: the command may do
	// without them.
	absent bool
	// handed files are secrets that somebody hands over: a link or a pipe of our
	// own is one of the ways.
	handed bool
	code   int  // when all is well
	writes bool // it changes files when it succeeds
}

func reads() []read {
	const inTeam = " --keystore age:@/team --identity-file @/identity"
	return []read{
		{file: "config/latch/config.yaml", args: "config show"},
		{file: "lattice.yaml", args: "lattice show"},
		{file: "keys/prod-cluster.nk", args: "keys get prod-cluster --keystore dir:@/keys", trusted: true},
		{file: "data/latch/keyring.json", args: "keys list --keystore keyring:", trusted: true, code: 4}, // there is no keyring here
		{file: "team/a.age", args: "keystore check age:@/team --identity-file @/identity", trusted: true},
		{file: "team/a.pub", args: "keys list" + inTeam, trusted: true},
		{file: "team/recipients.txt", args: "keys gen cluster --name new" + inTeam, trusted: true, writes: true},
		{file: "team/.latch-journal", args: "keys list" + inTeam, trusted: true, absent: true},
		{file: "team/.latch-set/journal", args: "keys rename a b" + inTeam, trusted: true, absent: true, writes: true},
		{file: "identity", args: "keystore check age:@/team --identity-file @/identity", trusted: true, handed: true},
		{file: "locked/.passphrase.age", args: "keys gen cluster --name new --keystore age:@/locked --passphrase-file @/passphrase", trusted: true, writes: true},
		{file: "passphrase", args: "keystore check age:@/locked --passphrase-file @/passphrase", trusted: true, handed: true},
		{file: "team.age", args: "keystore backup @/team.age --verify" + inTeam, trusted: true},
		{file: "team.age", args: "keystore restore @/team.age --identity-file @/identity --keystore dir:@/keys", trusted: true, writes: true},
		{file: "env/web-1.env", args: "env check @/env"},
		{file: "env/.latch-set/journal", args: "env write --dir @/env --keystore dir:@/keys", trusted: true, absent: true, writes: true},
		{file: "env/web-1.env", args: "issuers rotate status --deployed @/env"},
		{file: "users/rpc.creds", args: "env write --dir @/other --keystore dir:@/keys", trusted: true, handed: true, writes: true},
		{file: "import/x.nk", args: "keys import @/import/x.nk --name x --keystore dir:@/keys", writes: true},
		{file: "list.txt", args: "keys validate --file @/list.txt"},
		{file: "recipients", args: "keys export prod-cluster --keystore dir:@/keys --recipients-file @/recipients", writes: true},
	}
}

// trap is what an enemy makes of a file.
type trap struct {
	name string
	set  func(t *testing.T, dir, path string)
	// exchanged tells that the file can be, or was, made by somebody else: what is
	// trusted must not be used then.
	exchanged bool
}

// victim is where links lead: a file of somebody else that nothing may change.
const victim = "victim"

func plantedTraps() []trap {
	return []trap{
		{"symbolic link", func(t *testing.T, _, path string) {
			aim := path + ".aim"
			check(t, os.Rename(path, aim))
			check(t, os.Symlink(aim, path))
		}, true},
		{"link to a victim", func(t *testing.T, dir, path string) {
			check(t, os.RemoveAll(path))
			check(t, os.Symlink(filepath.Join(dir, victim), path))
		}, true},
		{"second name", func(t *testing.T, _, path string) { check(t, os.Link(path, path+".second")) }, true},
		{"pipe", func(t *testing.T, _, path string) {
			check(t, os.RemoveAll(path))
			check(t, syscall.Mkfifo(path, 0o600))
			feed(t, path)
		}, true},
		{"folder", func(t *testing.T, _, path string) {
			check(t, os.RemoveAll(path))
			check(t, os.Mkdir(path, 0o700))
		}, true},
		{"file of another user", func(t *testing.T, _, path string) { check(t, os.Chown(path, 12345, -1)) }, true},
		{"file that others write", func(t *testing.T, _, path string) { check(t, os.Chmod(path, 0o666)) }, true},
		{"folder of another user", func(t *testing.T, _, path string) { check(t, os.Chown(filepath.Dir(path), 12345, -1)) }, true},
		{"folder that others write", func(t *testing.T, _, path string) { check(t, os.Chmod(filepath.Dir(path), 0o777)) }, true},
		{"giant", func(t *testing.T, _, path string) { check(t, os.Truncate(path, 8<<30)) }, false},
		{"hostile text", func(t *testing.T, _, path string) { check(t, os.WriteFile(path, []byte(hostileText), 0o600)) }, false},
		{"nothing", func(t *testing.T, _, path string) { check(t, os.Truncate(path, 0)) }, false},
	}
}

// feed writes a hostile text to whoever opens the pipe.
func feed(t *testing.T, path string) {
	t.Helper()
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		pipe, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return
		}
		_, _ = pipe.WriteString(hostileText) // nobody may read it
		_ = pipe.Close()
	}()
	t.Cleanup(func() { // nobody may have opened it; the feeder may not even have come so far
		end, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		<-fed
		if err == nil {
			_ = end.Close()
		}
	})
}

// hostileText would move the cursor, name a window, speak to a CI service, and is
// no text.
const hostileText = "\x1b]0;mine\x07\x1b[2J\x9b31m::error::mine\r\n- &a [*a, *a]\n<<: *a\n../../victim\nreplace ../victim\n\x00\xff\xfe"

// Every file that latch reads, in every folder that it uses, made by an enemy:
// what is trusted is not used, nothing else is changed, no seed is shown, nothing
// reaches the terminal as it stands, and the command ends.
func TestPlantedFiles(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can make files of other users")
	}
	runs := 0
	for _, r := range reads() {
		t.Run(strings.ReplaceAll(r.file, "/", ",")+" "+strings.Fields(r.args)[1], func(t *testing.T) {
			t.Parallel()
			r.works(t)
			for _, planted := range plantedTraps() {
				r.falls(t, planted)
			}
		})
		runs += len(plantedTraps())
	}
	oracle.Figure(t, "%d planted files", runs)
}

// works sees the command succeed with the file as it should be, or a refusal would
// prove nothing.
func (r read) works(t *testing.T) {
	t.Helper()
	s := newPlanted(t)
	if code, out := s.run(t, r.args); code != r.code {
		t.Errorf("%s: exit code %d\n%s", r.args, code, out)
	}
}

// falls plants one trap, runs the command and judges what it did.
func (r read) falls(t *testing.T, planted trap) {
	t.Helper()
	s := newPlanted(t)
	path := filepath.Join(s.dir, filepath.FromSlash(r.file))
	if r.absent {
		check(t, os.MkdirAll(filepath.Dir(path), 0o700))
		check(t, os.WriteFile(path, []byte(hostileText), 0o600))
	}
	planted.set(t, s.dir, path)
	before := s.hashes(t)
	code, out := s.run(t, r.args)
	about := fmt.Sprintf("%s, %s: %s: exit code %d\n%s", r.file, planted.name, r.args, code, out)
	ours := r.handed && (planted.name == "symbolic link" || planted.name == "link to a victim" || planted.name == "pipe")
	if r.trusted && planted.exchanged && !ours && code != 5 && !(r.absent && code == 0) {
		t.Errorf("not refused: %s", about)
	}
	if code == 0 && !r.absent && (planted.name == "giant" || planted.name == "hostile text") {
		t.Errorf("taken: %s", about)
	}
	if strings.ContainsFunc(out, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }) || strings.Contains(out, "\x9b") {
		t.Errorf("control characters: %q", about)
	}
	if keys.MayHoldSeed(out) {
		t.Errorf("%s, %s: %s: a seed is shown", r.file, planted.name, r.args)
	}
	after := s.hashes(t)
	for name, was := range before {
		mayChange := strings.HasPrefix(name, r.file) || r.writes && code == 0 && name != victim
		if now := after[name]; now != was && !mayChange {
			t.Errorf("%s was changed: %s", name, about)
		}
	}
}

// run runs a command of the scene and gives its exit code and all that it said.
func (s planted) run(t *testing.T, args string) (int, string) {
	t.Helper()
	return s.runUntil(t.Context(), t, args)
}

func (s planted) runUntil(ctx context.Context, t *testing.T, args string) (int, string) {
	t.Helper()
	p := s.process(t, args)
	code := cmd.Main(ctx, p.System)
	return code, p.stdout.String() + p.stderr.String()
}

// program is a command of the scene, in which @ is the folder.
func (s planted) process(t *testing.T, args string) *program {
	t.Helper()
	p := newProcess(t, strings.Fields(strings.ReplaceAll(args, "@", s.dir))...)
	p.WorkFactor = 4
	p.Environ = []string{
		"HOME=" + s.dir, "XDG_CONFIG_HOME=" + filepath.Join(s.dir, "config"), "XDG_DATA_HOME=" + filepath.Join(s.dir, "data"),
		"LATCH_MANIFEST=" + filepath.Join(s.dir, "lattice.yaml"),
	}
	return p
}

// hashes gives what every file holds; of a giant only its size.
func (s planted) hashes(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(s.dir, path)
		info, err := d.Info()
		if err != nil {
			return err
		}
		found[name] = info.Mode().String()
		if info.Mode().IsRegular() && info.Size() < 1<<20 {
			text, err := os.ReadFile(path)
			found[name] += " " + string(text)
			return err
		}
		return nil
	})
	check(t, err)
	return found
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
