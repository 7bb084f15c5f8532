// Gosdk is the Go provider SDK of the cluster key era, for tests: it signs calls
// and reads them. Each line of stdin has a call to sign or one to read, in hex,
// and is answered by a line.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	provider "github.com/wasmCloud/provider-sdk-go"
	core "github.com/wasmcloud/interfaces/core/tinygo"
	msgpack "github.com/wasmcloud/tinygo-msgpack"
)

// question asks to sign an invocation, or to read one.
type question struct {
	Sign *core.Invocation `json:"sign"`
	Seed string           `json:"seed"`
	Link string           `json:"link"`
	Read string           `json:"read"`
}

// answer is the signed invocation as it travels, or what was read.
type answer struct {
	Message    string           `json:"message,omitempty"`
	Invocation *core.Invocation `json:"invocation,omitempty"`
	Error      string           `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		_ = out.Encode(q.answer())
	}
}

func (q question) answer() answer {
	if q.Sign != nil {
		err := provider.EncodeClaims(q.Sign, core.HostData{InvocationSeed: q.Seed, LinkName: q.Link}, q.Sign.Id)
		if err != nil {
			return answer{Error: err.Error()}
		}
		return answer{Message: hex.EncodeToString(provider.MEncode(q.Sign))}
	}
	data, err := hex.DecodeString(q.Read)
	if err != nil {
		return answer{Error: err.Error()}
	}
	decoder := msgpack.NewDecoder(data)
	read, err := core.MDecodeInvocation(&decoder)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Invocation: &read}
}
