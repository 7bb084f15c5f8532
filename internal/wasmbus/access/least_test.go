package access_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestLeastIsEnough: with the least that hosts of each target need, the check gets
// through and finds nothing, and all connections are proved to reach one topic space.
func TestLeastIsEnough(t *testing.T) {
	t.Parallel()
	for _, target := range wasmcloud.AllTargets() {
		t.Run(target.String(), func(t *testing.T) {
			t.Parallel()
			operator := natstest.NewOperator(t)
			account := operator.Account(t, "prod")
			server := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
			with := setup(t, target.String())
			var all []access.Connection
			for _, host := range []string{"web-1", "web-2"} {
				for _, p := range purposes(with) {
					all = append(all, connection(t, host, p, server, account.User(t, host, least(t, with, p.Role())), with))
				}
			}
			for _, r := range check(server).Run(t.Context(), all).Results {
				isWell(t, target.String(), r)
				if r.State() != access.OK || r.Space != 1 || !r.RightsKnown || r.Version == "" || r.Answer == 0 {
					t.Errorf("host %s, %s: %+v", r.Hosts[0], r.Purpose, r)
				}
			}
			for line := range strings.Lines(server.Log()) { // what least rights need not allow is asked all the same
				if !strings.Contains(line, "$SYS.REQ.USER.INFO") && !strings.Contains(line, ".STREAM.INFO.") {
					t.Errorf("the server logs %s", line)
				}
			}
		})
	}
}
