package rotation

import (
	"strconv"
	"strings"
)

// FreeName is the name itself or, where it is taken, its stem with the first
// free number from 2: prod-cluster, prod-cluster.2, prod-cluster.3.
func FreeName(name string, taken func(string) bool) string {
	if !taken(name) {
		return name
	}
	stem, from := name, 2
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		if n, err := strconv.Atoi(name[at+1:]); err == nil && n >= 2 {
			stem, from = name[:at], n+1
		}
	}
	for n := from; ; n++ {
		if next := stem + "." + strconv.Itoa(n); !taken(next) {
			return next
		}
	}
}

// namer gives each purpose one name, and no name twice.
type namer struct {
	taken func(string) bool
	given map[string]string // by purpose
	used  map[string]bool   // what was given, case folded
}

func newNamer(taken func(string) bool) namer {
	return namer{taken: taken, given: map[string]string{}, used: map[string]bool{}}
}

func (n namer) name(purpose, wish string) string {
	if name, ok := n.given[purpose]; ok {
		return name
	}
	name := FreeName(wish, func(name string) bool { return n.used[strings.ToLower(name)] || n.taken(name) })
	n.given[purpose], n.used[strings.ToLower(name)] = name, true
	return name
}
