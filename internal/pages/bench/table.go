package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// row is one line of the table: what a benchmark measures, and by what.
type row struct {
	benchmark string // its name, or the beginning of several
	what      string
	unit      string  // of the ratio
	limit     string  // who runs beside it
	aim       float64 // the most that the ratio should be; 0 for none
	optional  bool    // needs a program that may not be here
}

func rows() []row {
	return []row{
		{"cmd Startup/version", "start-up: latch version", "x-bare", "a bare Go program that makes a key", 1.5, false},
		{"cmd Startup/keys_gen_cluster", "start-up: latch keys gen", "x-bare", "a bare Go program that makes a key", 1.5, false},
		{"cmd Startup/help", "start-up: latch help", "x-bare", "a bare Go program that makes a key", 0, false},
		{"keys Generate", "one key, without tables", "x-limit", "ed25519 with its tables", 0, false},
		{"keys Bulk", "keys in bulk", "x-limit", "ed25519 on the same cores", 1, false},
		{"keys VanityAgainstNk", "vanity keys", "x-limit", "nk -pre", 0.25, false},
		{"keys Vanity", "vanity keys", "x-limit", "ed25519 on the same cores", 1, false},
		{"keys GoNkeys", "a public key's spelling", "x-limit", "Go nkeys", 1, false},
		{"keys CheckPublicKey", "a public key in full", "x-limit", "decompressing its point", 1.1, false},
		{"invocation Verify", "an invocation judged", "x-limit", "ed25519.Verify", 1.18, false},
		{"invocation Many", "invocations together", "x-limit", "ed25519.Verify on the same cores", 0.40, false},
		{"invocation Sign", "an invocation signed", "x-limit", "ed25519.Sign", 1.18, false},
		{"credentials/users IssueAll", "NATS users issued", "x-limit", "ed25519.Sign on the same cores", 2.5, false},
		{"env Write/10000", "10,000 env files", "x-plain", "plain writes, not synced", 1.5, false},
		{"env Write/10000", "10,000 env files", "x-synced", "plain writes, synced at once", 0, false},
		{"scan Tree", "scanning a tree", "x-ripgrep", "ripgrep counting S[A-Z]A", 1.25, true},
	}
}

// growths are the benchmarks that measure how much longer ten times the input takes.
func growths() []row {
	return []row{
		{"rotation Hosts/", "rotation of 10,000 hosts: ", "x-growth", "", 0, false},
		{"lattice Fleet/", "manifest of 10,000 hosts: ", "", "", 0, false},
		{"env Write/", "env files of 10,000 hosts", "", "", 0, false},
	}
}

// printTable prints the ratios and how time grows. A row that must be there and has
// no benchmark is an error: it would guard nothing.
func printTable(out io.Writer, results []result) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nWHAT\tRATIO\tAIM\tBY THE TIME OF")
	for _, r := range rows() {
		ratio, found := worst(results, r)
		switch {
		case found:
			fmt.Fprintf(t, "%s\t%.2f\t%s\t%s\n", r.what, ratio, aim(ratio, r.aim), r.limit)
		case r.optional:
			fmt.Fprintf(t, "%s\t-\t\t%s, which is not here\n", r.what, r.limit)
		default:
			return fmt.Errorf("benchmark %q is gone", r.benchmark)
		}
	}
	fmt.Fprintln(t, "\nTEN TIMES THE INPUT\tTIMES AS LONG")
	for _, r := range growths() {
		lines := growth(results, r)
		if len(lines) == 0 {
			return fmt.Errorf("no benchmark %q tells how time grows", r.benchmark)
		}
		for _, line := range lines {
			fmt.Fprintln(t, line)
		}
	}
	return t.Flush()
}

// aim says what a ratio should be, and whether it is more.
func aim(ratio, most float64) string {
	switch {
	case most == 0:
		return ""
	case ratio > most:
		return fmt.Sprintf("%.2f, over", most)
	}
	return fmt.Sprintf("%.2f", most)
}

// worst is the highest ratio of the benchmarks that a row names.
func worst(results []result, r row) (float64, bool) {
	most, found := 0.0, false
	for _, one := range results {
		ratio, has := one.metrics[r.unit]
		if !has || one.name != r.benchmark && !strings.HasPrefix(one.name, r.benchmark+"/") {
			continue
		}
		if r.unit == "x-ripgrep" {
			ratio = 1 / ratio // it is given the other way round
		}
		most, found = max(most, ratio), true
	}
	return most, found && !math.IsInf(most, 0)
}

// growth compares 10,000 hosts with 1,000, one line for each benchmark. Those that
// compare ten lattices with one of ten times the size give a tenth of it.
func growth(results []result, r row) (lines []string) {
	few := map[string]float64{}
	for _, one := range results {
		rest, ours := strings.CutPrefix(one.name, r.benchmark)
		switch name, size := cutSize(rest); {
		case !ours:
		case r.unit != "":
			lines = append(lines, fmt.Sprintf("%s%s\t%.1f", r.what, name, 10*one.metrics[r.unit]))
		case size == "1000":
			few[name] = one.metrics["ns/op"]
		case size == "10000" && few[name] > 0:
			lines = append(lines, fmt.Sprintf("%s%s\t%.1f", r.what, strings.ReplaceAll(name, "-", " "), one.metrics["ns/op"]/few[name]))
		}
	}
	return lines
}

// cutSize takes the size of the input off a benchmark's name.
func cutSize(name string) (what, size string) {
	if at := strings.LastIndex(name, "/"); at >= 0 {
		return name[:at], name[at+1:]
	}
	return "", name
}
