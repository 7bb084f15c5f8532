// Command bench turns what go test -bench prints into one table: each benchmark as
// a ratio to the limit that ran beside it, and how time grows with the input.
package main

import (
	"fmt"
	"os"
)

func main() {
	results, err := readResults(os.Stdin, os.Stderr)
	if err == nil {
		err = printTable(os.Stdout, results)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
