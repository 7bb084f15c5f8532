package rotation

import (
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Restart is one step of a deploy without overlap.
type Restart struct {
	Host    string `json:"host"`
	Refused int    `json:"refused"` // ordered pairs of hosts that cannot talk after it
}

// RestartOrder says in which order to restart hosts so that at each step as few
// pairs as possible cannot talk. before and after are the same hosts in the same
// order. Of hosts that are alike the first goes first.
//
// Hosts are alike in all that matters here if the same lists accept them and they
// accept the same list; there are few such classes, however many hosts.
func RestartOrder(before, after []lattice.Standing) []Restart {
	c := classify(before, after)
	n := len(before)
	now, then := c.of[:n], c.of[n:]
	count := make([]int, len(c.classes))
	for _, b := range now {
		count[b]++
	}
	load := make([]int, len(c.classes)) // refusals between a host of the class and all there are
	for a := range load {
		for b := range count {
			load[a] += count[b] * c.refusals(a, b)
		}
	}
	refused := 0
	var waiting []*alike
	group := map[[2]int]*alike{}
	for i := range n {
		refused += load[now[i]] - c.refusals(now[i], now[i])
		change := [2]int{now[i], then[i]}
		if group[change] == nil {
			group[change] = &alike{from: now[i], to: then[i]}
			waiting = append(waiting, group[change])
		}
		group[change].hosts = append(group[change].hosts, i)
	}
	refused /= 2
	order := make([]Restart, 0, n)
	for len(order) < n {
		var best *alike
		least := 0
		for _, g := range waiting {
			if len(g.hosts) == 0 {
				continue
			}
			cost := load[g.to] - c.refusals(g.to, g.from) - load[g.from] + c.refusals(g.from, g.from)
			if best == nil || cost < least || cost == least && g.hosts[0] < best.hosts[0] {
				best, least = g, cost
			}
		}
		refused += least
		order = append(order, Restart{before[best.hosts[0]].Host, refused})
		best.hosts = best.hosts[1:]
		for a := range load {
			load[a] += c.refusals(a, best.to) - c.refusals(a, best.from)
		}
	}
	return order
}

// alike are hosts that change from one class to another, in their order.
type alike struct {
	from, to int
	hosts    []int
}

// classification sorts standings into classes.
type classification struct {
	of      []int // the class of each standing
	classes []class
}

// class is all standings that sign with keys which the same lists accept, and
// that accept the same list.
type class struct {
	accepts    int    // which list
	acceptedBy string // one byte per list
}

func classify(standings ...[]lattice.Standing) classification {
	var lists acceptLists
	var accepts []int
	for _, group := range standings {
		for _, s := range group {
			accepts = append(accepts, lists.of(s.Accepts).place)
		}
	}
	c := classification{of: make([]int, 0, len(accepts))}
	known := map[class]int{}
	accepted := map[keys.PublicKey]string{}
	for _, group := range standings {
		for _, s := range group {
			by, done := accepted[s.Signs]
			if !done {
				by = acceptedBy(lists, s.Signs)
				accepted[s.Signs] = by
			}
			one := class{accepts[len(c.of)], by}
			place, there := known[one]
			if !there {
				place = len(c.classes)
				known[one] = place
				c.classes = append(c.classes, one)
			}
			c.of = append(c.of, place)
		}
	}
	return c
}

// refusals counts which of two hosts refuses the other: 0 to 2.
func (c classification) refusals(a, b int) int {
	n := 0
	if c.classes[a].acceptedBy[c.classes[b].accepts] == 0 {
		n++
	}
	if c.classes[b].acceptedBy[c.classes[a].accepts] == 0 {
		n++
	}
	return n
}

// acceptedBy has a byte for each list: 1 where it holds the key.
func acceptedBy(lists acceptLists, key keys.PublicKey) string {
	by := make([]byte, len(lists.all))
	for i, list := range lists.all {
		if !key.IsZero() && list.set[key] {
			by[i] = 1
		}
	}
	return string(by)
}
