package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// result is what one benchmark measured, by unit.
type result struct {
	name    string // as "cmd Startup/version"
	metrics map[string]float64
}

// readResults reads the output of go test -bench, and shows each line on progress
// meanwhile.
func readResults(in io.Reader, progress io.Writer) ([]result, error) {
	processors := regexp.MustCompile(`-\d+$`)
	var all []result
	room, failed := "", false
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		fmt.Fprintln(progress, lines.Text())
		words := strings.Fields(lines.Text())
		switch {
		case len(words) == 0:
		case words[0] == "pkg:" && len(words) == 2:
			_, room, _ = strings.Cut(words[1], "github.com/latch-keys/latch/")
			room = strings.TrimPrefix(room, "internal/")
		case words[0] == "FAIL" || words[0] == "---" && strings.Contains(lines.Text(), "FAIL:"):
			failed = true
		case strings.HasPrefix(words[0], "Benchmark") && len(words) >= 4:
			name := processors.ReplaceAllString(strings.TrimPrefix(words[0], "Benchmark"), "")
			metrics, err := readMetrics(words[2:])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", words[0], err)
			}
			all = append(all, result{room + " " + name, metrics})
		}
	}
	switch {
	case lines.Err() != nil:
		return nil, lines.Err()
	case failed:
		return nil, errors.New("a benchmark failed, see above")
	case len(all) == 0:
		return nil, errors.New("there is no benchmark in the input")
	}
	return all, nil
}

// readMetrics reads pairs of a number and its unit.
func readMetrics(words []string) (map[string]float64, error) {
	metrics := map[string]float64{}
	for i := 0; i+1 < len(words); i += 2 {
		n, err := strconv.ParseFloat(words[i], 64)
		if err != nil {
			return nil, err
		}
		metrics[words[i+1]] = n
	}
	return metrics, nil
}
