package access

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// mostServers is how many servers that are only heard of are tried.
const mostServers = 64

// tryServers tries the servers of which others tell that they are of their cluster:
// hosts go there when theirs is down. That one is out of reach from this machine is
// no error, since it may be reached from the hosts.
func (c Check) tryServers(ctx context.Context, results []Result) {
	var tried []string
	for _, r := range results {
		tried = append(tried, r.Server.URLs...)
	}
	type heard struct {
		by  int
		url string
	}
	var all []heard
	for i, r := range results {
		for _, url := range r.Servers {
			if !slices.Contains(tried, url) && len(all) < mostServers {
				tried = append(tried, url)
				all = append(all, heard{i, url})
			}
		}
	}
	failures := make([]error, len(all))
	c.each(len(all), func(k int) {
		to := results[all[k].by].Connection
		to.Server.URLs = []string{all[k].url}
		conn, err := c.connectAlone(ctx, to)
		if failures[k] = err; err == nil {
			conn.Close()
		}
	})
	for k, err := range failures {
		if err != nil && ctx.Err() == nil {
			r := &results[all[k].by]
			r.doubtful(RuleServer, fmt.Sprintf("of its cluster, %s", err), "hosts go there when their server is down: see whether it is up, and may be reached from the hosts")
		}
	}
}

// mostSkew is how far the clocks of two machines may be apart before somebody
// should look.
const mostSkew = 5 * time.Second

// compareClocks notes servers whose clock is off by this machine's, each once.
func compareClocks(results []Result) {
	told := map[string]bool{}
	for i := range results {
		r := &results[i]
		for _, shown := range r.clocks {
			skew, doubt := shown.skew()
			if told[r.Name] || skew.Abs()-doubt < mostSkew {
				continue
			}
			told[r.Name] = true
			side := "ahead of"
			if skew < 0 {
				side = "behind"
			}
			r.doubtful(RuleClock, fmt.Sprintf("the clock of the server %s is %s %s this machine's", r.Name, skew.Abs().Round(time.Second), side),
				"set both by a time server: NATS servers judge JWTs by their own clock")
		}
	}
}

// clock is what a server's clock showed, between two looks at this machine's.
type clock struct{ begun, told, ended time.Time }

// skew is how far the server's clock is ahead, give or take the doubt.
func (c clock) skew() (skew, doubt time.Duration) {
	doubt = c.ended.Sub(c.begun) / 2
	return c.told.Sub(c.begun.Add(doubt)), doubt
}

// tells notes what a server's clock shows, if it told.
func (v *visit) tells(told, begun time.Time) {
	if !told.IsZero() {
		v.clocks = append(v.clocks, clock{begun, told, v.Now()})
	}
}
