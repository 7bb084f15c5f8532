//go:build unix

package safefile

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// child names the variable that makes the test binary act as another process.
const child = "LATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if act := os.Getenv(child); act != "" {
		os.Exit(beChild(strings.Fields(act)))
	}
	os.Exit(m.Run())
}

func beChild(args []string) int {
	path := args[1]
	switch args[0] {
	case "create":
		if Create(path, []byte(args[2]), Private) != nil {
			return 3
		}
	case "umask":
		syscall.Umask(0o077)
		if _, err := Write(path, []byte("x"), Shared); err != nil {
			return 3
		}
	case "lock": // and keep it until killed
		if _, err := Lock(context.Background(), path); err != nil {
			return 3
		}
		fmt.Println("locked")
		time.Sleep(time.Minute)
	case "add": // one to the number in the file, under its lock
		release, err := Lock(context.Background(), path)
		if err != nil {
			return 3
		}
		defer release()
		data, _ := Read(path, Private, 10)
		n, _ := strconv.Atoi(string(data))
		if _, err := Write(path, []byte(strconv.Itoa(n+1)), Private); err != nil {
			return 3
		}
	case "set":
		killSet(path, strings.Join(args[3:], " "), args[2])
	case "settle":
		killSettle(path, args[2])
	case "killed": // by itself, at a step
		killed(path, args[2], args[3])
	}
	return 0
}

func killed(dir, doing, nth string) {
	n, _ := strconv.Atoi(nth)
	d := Disk{before: func(step, string) error {
		if n--; n < 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	}}
	a := filepath.Join(dir, "a")
	switch doing {
	case "write":
		_, _ = d.Write(a, []byte("new"), Private)
	case "create":
		_ = d.Create(filepath.Join(dir, "c"), []byte("new"), Private)
	case "remove":
		_ = d.Remove(a)
	}
}

func asChild(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), child+"="+strings.Join(args, " "))
	return cmd
}

// Killed at whatever step: every file is whole, old or new, and the next writer
// clears away what was left.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	for doing, atLeast := range map[string]int{"write": 5, "create": 5, "remove": 2} {
		t.Run(doing, func(t *testing.T) {
			t.Parallel()
			for n := 0; ; n++ {
				dir := own(t)
				put(t, filepath.Join(dir, "a"), "old", 0o600)
				put(t, filepath.Join(dir, "b"), "old", 0o600)
				err := asChild("killed", dir, doing, strconv.Itoa(n)).Run()
				afterKill(t, dir)
				if err == nil {
					if n < atLeast {
						t.Fatalf("only %d steps", n)
					}
					return
				}
			}
		})
	}
}

func afterKill(t *testing.T, dir string) {
	t.Helper()
	if _, err := Write(filepath.Join(dir, "next"), []byte("x"), Private); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		switch text := string(data); file.Name() {
		case "a", "b":
			if text != "old" && text != "new" {
				t.Fatalf("%s holds %q", file.Name(), text)
			}
		case "c":
			if text != "new" {
				t.Fatalf("c holds %q", text)
			}
		case "next":
		default:
			t.Fatalf("%s was left", file.Name())
		}
	}
}

func TestFilesInUseAreNotSwept(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path := filepath.Join(dir, "f")
	put(t, path, "old", 0o600)
	other := Disk{before: func(s step, _ string) error {
		if s == stepRename {
			if _, err := Write(path+"2", []byte("x"), Private); err != nil {
				t.Error(err)
			}
			if files, _ := filepath.Glob(filepath.Join(dir, stagedPrefix+"*")); len(files) != 1 {
				t.Errorf("there are %d files in use", len(files))
			}
		}
		return nil
	}}
	if _, err := other.Write(path, []byte("new"), Private); err != nil {
		t.Fatal(err)
	}
	has(t, path, "new", 0o600)
	holdsOnly(t, dir, "f", "f2")
}

func TestSharedFilesAreSharedWhateverTheUmask(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	if err := asChild("umask", path).Run(); err != nil {
		t.Fatal(err)
	}
	has(t, path, "x", 0o644)
}

func TestOneOfManyProcessesCreates(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path := filepath.Join(dir, "f")
	var racers []*exec.Cmd
	for i := range 16 {
		cmd := asChild("create", path, strconv.Itoa(i))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		racers = append(racers, cmd)
	}
	won := -1
	for i, cmd := range racers {
		if cmd.Wait() != nil {
			continue
		}
		if won >= 0 {
			t.Fatalf("both %d and %d won", won, i)
		}
		won = i
	}
	has(t, path, strconv.Itoa(won), 0o600)
	holdsOnly(t, dir, "f")
}
