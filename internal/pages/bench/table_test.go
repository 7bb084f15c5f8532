package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// printed is as go test prints it, with every benchmark that the table needs.
func printed() string {
	var b strings.Builder
	room := ""
	line := func(name, rest string) {
		at, benchmark, _ := strings.Cut(name, " ")
		if at != room {
			fmt.Fprintf(&b, "pkg: github.com/latch-keys/latch/internal/%s\n", at)
			room = at
		}
		fmt.Fprintf(&b, "Benchmark%s-2   \t 100\t %s\n", benchmark, rest)
	}
	for _, r := range rows() {
		line(r.benchmark, "12 ns/op\t 0.5 "+r.unit)
	}
	line("invocation Many/otp", "3 ns/call\t 0.75 x-limit")
	line("rotation Hosts/start/10000", "5 ns/op\t 1.5 x-growth")
	line("lattice Fleet/add-a-third/1000", "100 ns/op")
	line("lattice Fleet/add-a-third/10000", "1200 ns/op")
	line("env Write/1000", "100 ns/op\t 1 x-plain")
	line("env Write/10000", "900 ns/op\t 2 x-plain")
	return strings.ReplaceAll(b.String(), "latch/internal/cmd", "latch/cmd")
}

// make bench runs the benchmark of every row, in the package that it is in.
func TestRowsAreRun(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`(?m)^BENCHMARKS = (.*)\$$`).FindSubmatch(makefile)
	packages := regexp.MustCompile(`(?m)^BENCHED = (.*)$`).FindSubmatch(makefile)
	if asked == nil || packages == nil {
		t.Fatal("the Makefile does not say which benchmarks it runs")
	}
	run := regexp.MustCompile(string(asked[1]))
	for _, r := range append(rows(), growths()...) {
		room, name, _ := strings.Cut(r.benchmark, " ")
		name, _, _ = strings.Cut(name, "/")
		folder := path.Join("internal", room)
		if room == "cmd" {
			folder = room
		}
		if !strings.Contains(string(packages[1])+" ", "./"+folder+" ") || !run.MatchString("Benchmark"+name) {
			t.Errorf("make bench does not run %s of %s", name, folder)
		}
		if !hasBenchmark(t, path.Join("../../..", folder), name) {
			t.Errorf("there is no benchmark %s in %s", name, folder)
		}
	}
}

func hasBenchmark(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(text), "\nfunc Benchmark"+name+"(")
	})
}

func TestTable(t *testing.T) {
	t.Parallel()
	results, err := readResults(strings.NewReader(printed()), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := printTable(&out, results); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"start-up: latch version 0.50 1.50 a bare Go program",
		"invocations together 0.75 0.40, over ed25519.Verify", // the worst of several
		"scanning a tree 2.00 1.25, over ripgrep",             // given the other way round
		"rotation of 10,000 hosts: start 15.0",
		"manifest of 10,000 hosts: add a third 12.0",
		"env files of 10,000 hosts 9.0",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// A benchmark that is gone, and one that failed, are told.
func TestTableIsWhole(t *testing.T) {
	t.Parallel()
	without := strings.ReplaceAll(printed(), "BenchmarkSign-2", "BenchmarkSing-2")
	results, err := readResults(strings.NewReader(without), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := printTable(io.Discard, results); err == nil || !strings.Contains(err.Error(), "invocation Sign") {
		t.Errorf("a benchmark is gone: %v", err)
	}
	if _, err := readResults(strings.NewReader(printed()+"--- FAIL: BenchmarkSign\nFAIL\n"), io.Discard); err == nil {
		t.Error("a failure was overlooked")
	}
	if _, err := readResults(strings.NewReader("PASS\n"), io.Discard); err == nil {
		t.Error("an empty run was overlooked")
	}
	optional := strings.ReplaceAll(printed(), "BenchmarkTree-2", "BenchmarkSkipped-2")
	results, err = readResults(strings.NewReader(optional), io.Discard)
	var out bytes.Buffer
	if err != nil || printTable(&out, results) != nil || !strings.Contains(out.String(), "not here") {
		t.Errorf("without ripgrep: %v\n%s", err, out.String())
	}
}
