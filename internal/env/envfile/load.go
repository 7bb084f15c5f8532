package envfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/kubernetes"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// sizeLimit is far above any env file, and above the largest Secret, in bytes.
const sizeLimit = 16 << 20

// Options say how files are read.
type Options struct {
	// Reading is who reads env files. Nil is the host itself, where it reads any,
	// or else whoever the file's name says.
	Reading Reading
	// Target is what a host runs, where its file does not say; may be nil.
	Target func(host string) wasmcloud.Target
	// Stdin is what the file - is read from.
	Stdin io.Reader
	// Settle is called for the folder of each file before any is read, so that a
	// write that was interrupted cannot leave files that do not belong together.
	// Nil settles nothing. It is called once a folder.
	Settle func(ctx context.Context, dir string) error
	// Reads is told of each file before it is read; nil: nobody listens.
	Reads func(path string)
}

// tell tells who listens.
func (o Options) tell(path string) {
	if o.Reads != nil {
		o.Reads(path)
	}
}

// target is what the host runs, zero where nobody says.
func (o Options) target(h Host) wasmcloud.Target {
	if h.Target.IsZero() && o.Target != nil {
		return o.Target(h.Name)
	}
	return h.Target
}

// Load reads files as a set, each as the program does that reads it, and all that
// they name: a file that another one names is no host of its own. In the place of
// a folder stand the env files in it and below. Hosts are the caller's to wipe,
// also after an error. What cannot be read as what it is, or is not judged, is a
// finding; a file that is not there matches fs.ErrNotExist.
func Load(ctx context.Context, paths []string, o Options) ([]Host, []finding.Finding, error) {
	files, err := listed(paths)
	if err != nil {
		return nil, nil, err
	}
	settled := map[string]bool{}
	for _, path := range files {
		dir := filepath.Dir(path)
		if o.Settle == nil || settled[dir] || path == "-" {
			continue
		}
		settled[dir] = true
		if err := o.Settle(ctx, dir); err != nil {
			return nil, nil, err
		}
	}
	return load(files, o)
}

// load is Load of files alone.
func load(paths []string, o Options) ([]Host, []finding.Finding, error) {
	l := &loader{Options: o, open: map[string]*safefile.Refusal{}, named: map[string]bool{}}
	texts := make([][]byte, len(paths))
	defer func() {
		for _, text := range texts {
			clear(text)
		}
	}()
	forms := make([]form, len(paths))
	for i, path := range paths {
		text, err := l.first(path)
		if err != nil {
			return nil, nil, err
		}
		texts[i], forms[i] = text, formOf(path, text)
	}
	// Those that name others come first.
	for _, f := range []form{yamlForm, unitForm, jsonForm, envForm} {
		for i, path := range paths {
			if forms[i] != f || l.named[filepath.Clean(path)] {
				continue
			}
			if err := l.take(path, texts[i], f); err != nil {
				return l.hosts, nil, err
			}
		}
	}
	l.hosts = append(l.hosts, l.cluster.Hosts()...)
	l.joinOTP()
	for i := range l.hosts {
		l.readable(&l.hosts[i])
	}
	return l.hosts, l.findings, nil
}

// Wipe overwrites the values of all hosts.
func Wipe(hosts []Host) { hostenv.WipeAll(hosts) }

// loader reads one set of files.
type loader struct {
	Options
	hosts    []Host
	findings []finding.Finding
	cluster  kubernetes.Cluster
	open     map[string]*safefile.Refusal // files that others can read
	named    map[string]bool              // files that others name
	only     []byte                       // not nil: there is no file but this text
}

// first reads a file that the caller names.
func (l *loader) first(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case path == "-" && l.Stdin == nil:
		return nil, fault.New(fault.Usage, "there is nothing to read on standard input")
	case path == "-":
		l.tell(path)
		return bounded(path, l.Stdin)
	case err == nil && !info.Mode().IsRegular() && !info.IsDir(): // the pipe of a process substitution
		l.tell(path)
		pipe, err := safefile.Stream(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = pipe.Close() }()
		return bounded(path, pipe)
	}
	return l.read(path)
}

// bounded reads a stream to its end.
func bounded(path string, from io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(from, sizeLimit+1))
	if len(text) > sizeLimit {
		clear(text)
		return nil, fmt.Errorf("failed to read %s: %w: more than %d bytes", path, safefile.ErrTooLarge, sizeLimit)
	}
	return text, err
}

// read reads a file that may be open to others, and notes it.
func (l *loader) read(path string) ([]byte, error) {
	l.tell(path)
	text, err := safefile.Read(path, safefile.Private, sizeLimit)
	var open *safefile.Refusal
	if errors.As(err, &open) {
		l.open[path] = open
		text, err = safefile.Read(path, safefile.Shared, sizeLimit)
	}
	return text, err
}

// Open reads a file that another one names.
func (l *loader) Open(path string) ([]byte, error) {
	if l.only != nil {
		return nil, os.ErrNotExist
	}
	text, err := l.read(path)
	if err == nil {
		l.named[filepath.Clean(path)] = true
		if err = checkText(path, text); err != nil {
			clear(text)
			return nil, err
		}
	}
	return text, err
}

// List names the files of a folder, none where it is not there. Links to files are
// among them.
func (l *loader) List(dir string) ([]string, error) {
	if l.only != nil {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if isFile(dir, e) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// take reads one file; what cannot be read as what it is becomes a finding.
func (l *loader) take(path string, text []byte, f form) error {
	err := checkText(path, text)
	if err == nil {
		err = l.parse(path, text, f)
	}
	found, ok := hostenv.FindingOf(err)
	if !ok {
		return err
	}
	if found.Rule == hostenv.RuleNotJudged && !concernsHosts(text) {
		found.Severity = finding.Warning
	}
	l.findings = append(l.findings, found)
	return nil
}

// concernsHosts reports whether a text that nobody could judge may be about hosts
// after all.
func concernsHosts(text []byte) bool {
	return bytes.Contains(bytes.ToLower(text), []byte("wasmcloud")) || keys.MayHoldSeed(text)
}

// readable finds seeds in files that others can read.
func (l *loader) readable(h *Host) {
	var told []string
	for _, e := range h.Entries {
		open := l.open[e.Path]
		if open == nil || slices.Contains(told, e.Path) || !keys.MayHoldSeed(e.Value()) {
			continue
		}
		told = append(told, e.Path)
		at := Entry{Path: e.Path, Line: 1, Column: 1}
		if e.Path == h.Path {
			at.Line = h.Line
		}
		h.Findings = append(h.Findings, hostenv.NewFinding(at, finding.Warning, hostenv.RuleReadable, "the file holds a seed and "+open.Reason, open.Hint()))
	}
}
