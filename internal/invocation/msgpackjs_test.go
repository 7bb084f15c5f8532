package invocation_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/oracle"
)

// @msgpack/msgpack reads in our messages what we wrote, the payload as bytes.
func TestMsgpackJSReads(t *testing.T) {
	t.Parallel()
	node := oracle.Need(t, "node")
	folder, err := filepath.Abs("../../.tools/npm/msgpack")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "@msgpack", "msgpack")); err != nil {
		oracle.Missing(t, "@msgpack/msgpack")
	}
	var in strings.Builder
	calls := sdkCalls(200)
	for i := range calls {
		calls[i].TraceContext = map[string]string{"traceparent": "00-1"}
		data, err := invocation.Encode(fromSDK(calls[i]))
		if err != nil {
			t.Fatal(err)
		}
		in.WriteString(hex.EncodeToString(data) + "\n")
	}
	command := exec.Command(node, "testdata/msgpack.mjs", folder)
	command.Stdin = strings.NewReader(in.String())
	out, err := command.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	read := 0
	for ; lines.Scan(); read++ {
		var got map[string]any
		if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		c := calls[read]
		entity := func(e sdkEntity) any {
			return map[string]any{"public_key": e.PublicKey, "link_name": e.LinkName, "contract_id": e.ContractId}
		}
		want := map[string]any{
			"origin": entity(c.Origin), "target": entity(c.Target), "operation": c.Operation,
			"msg": hex.EncodeToString(c.Msg), "id": c.Id, "encoded_claims": "", "host_id": c.HostId,
			"content_length": float64(c.ContentLength), "traceContext": map[string]any{"traceparent": "00-1"},
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("call %d: read %v, want %v", read, got, want)
		}
	}
	oracle.Figure(t, "%d messages read by @msgpack/msgpack as they were written", read)
	if read != len(calls) {
		t.Errorf("%d of %d messages were read", read, len(calls))
	}
}
