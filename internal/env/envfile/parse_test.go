package envfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/keys"
)

// Seeds that the wasmCloud docs and tests publish; nobody's secret.
const (
	docsSeed  = "SCABNLVRXGEJEG5FBBPMMKMMY37FNKVLDY6YXHVL6WA4IRBEYD6ACIQKV4"
	docsKey   = "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD"
	testsSeed = "SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA"
	testsKey  = "CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND"
)

func parse(t *testing.T, path, text string) []Host {
	t.Helper()
	hosts, err := Parse(path, []byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return hosts
}

// In whatever form, the host signs with the docs' key and accepts both.
func TestEveryFormTellsTheSame(t *testing.T) {
	t.Parallel()
	issuers := docsKey + "," + testsKey
	pairs := "WASMCLOUD_CLUSTER_SEED=" + docsSeed + "\nWASMCLOUD_CLUSTER_ISSUERS=" + issuers + "\n"
	base64Seed := "U0NBQk5MVlJYR0VKRUc1RkJCUE1NS01NWTM3Rk5LVkxEWTZZWEhWTDZXQTRJUkJFWUQ2QUNJUUtWNA=="
	for path, text := range map[string]string{
		"web-1.env":              pairs,
		"web-1/.env":             pairs,
		"web-1.sh":               "export WASMCLOUD_CLUSTER_SEED='" + docsSeed + "' # mine\nexport WASMCLOUD_CLUSTER_ISSUERS=\"" + issuers + "\"\n",
		"web-1.json":             fmt.Sprintf(`{"WASMCLOUD_CLUSTER_SEED": %q, "WASMCLOUD_CLUSTER_ISSUERS": %q}`, docsSeed, issuers),
		"web-1/host_config.json": fmt.Sprintf(`{"rpc_port": 4222, "cluster_seed": %q, "cluster_issuers": [%q, %q], "js_domain": null}`, docsSeed, docsKey, testsKey),
		"compose.yaml": "x-env: &issuers\n  WASMCLOUD_CLUSTER_ISSUERS: " + issuers +
			"\nservices:\n  nats:\n    image: nats\n  web-1:\n    environment:\n      <<: *issuers\n      WASMCLOUD_CLUSTER_SEED: " + docsSeed + "\n",
		"list.yml": "services:\n  web-1:\n    environment:\n      - WASMCLOUD_CLUSTER_SEED=" + docsSeed + "\n      - WASMCLOUD_CLUSTER_ISSUERS=" + issuers + "\n",
		"secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web-1\nstringData:\n  WASMCLOUD_CLUSTER_ISSUERS: " + issuers +
			"\ndata:\n  WASMCLOUD_CLUSTER_SEED: " + base64Seed + "\n",
		"secrets.json": fmt.Sprintf(`{"apiVersion": "v1", "kind": "List", "items": [{"kind": "Secret", "metadata": {"name": "web-1"}, "stringData": {"WASMCLOUD_CLUSTER_SEED": %q, "WASMCLOUD_CLUSTER_ISSUERS": %q}}]}`, docsSeed, issuers),
	} {
		hosts := parse(t, path, text)
		if len(hosts) != 1 || len(hosts[0].Findings) != 0 {
			t.Errorf("%s: %d hosts, findings %v", path, len(hosts), hosts[0].Findings)
			continue
		}
		signs, accepts := hosts[0].Keys()
		if hosts[0].Name != "web-1" || signs.String() != docsKey || accepts.String() != issuers {
			t.Errorf("%s: %s signs with %s, accepts %s", path, hosts[0].Name, signs, accepts)
		}
	}
}

// What the comments at the top and the labels say of the host.
func TestFilesNameTheirHost(t *testing.T) {
	t.Parallel()
	h := parse(t, "x.env", "# Made by latch from the manifest\n# host: web-7\n# target: otp\nHOST_latch_generation=12\nA=b\n")[0]
	if h.Name != "web-7" || h.Target.String() != "otp" || h.Generation != 12 {
		t.Errorf("%s %s %d", h.Name, h.Target, h.Generation)
	}
	h = parse(t, "x.json", `{"WASMCLOUD_LABEL_latch_host": "web-8", "WASMCLOUD_LABEL_latch_generation": "3"}`)[0]
	if h.Name != "web-8" || h.Generation != 3 {
		t.Errorf("%s %d", h.Name, h.Generation)
	}
	if h = parse(t, "x.env", "A=b\n# host: web-7\n")[0]; h.Name != "x" {
		t.Errorf("a comment further down named the host %s", h.Name)
	}
}

// What a host does with seeds and issuers that will not do.
func TestStanding(t *testing.T) {
	t.Parallel()
	const seed, issuers = "WASMCLOUD_CLUSTER_SEED=", "WASMCLOUD_CLUSTER_ISSUERS="
	for text, want := range map[string]string{
		seed + docsSeed: docsKey + " accepts " + docsKey,
		seed + docsSeed + "\n" + issuers + testsKey:                          docsKey + " accepts " + docsKey + "," + testsKey,
		seed + docsSeed + "\n" + issuers + docsKey + ", " + testsKey:         docsKey + " accepts " + docsKey,
		seed + docsSeed[:57] + "\n" + issuers + testsKey:                     " accepts " + testsKey,
		"# Made by latch\n# target: otp\n" + issuers + testsKey:              " accepts ",
		seed + testsSeed + "\n" + seed + docsSeed + "\n" + issuers + docsKey: docsKey + " accepts " + docsKey,
	} {
		signs, accepts := parse(t, "x.env", text)[0].Keys()
		if got := signs.String() + " accepts " + accepts.String(); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestOTPTakesTheFirst(t *testing.T) {
	t.Parallel()
	h := parse(t, ".env", "WASMCLOUD_RPC_HOST=a\nWASMCLOUD_RPC_HOST=b\n")[0]
	if e, _ := h.Lookup("WASMCLOUD_RPC_HOST"); string(e.Value()) != "a" || h.ReadBy != "otp" {
		t.Errorf("%s reads %q", h.ReadBy, e.Value())
	}
}

func TestSyntaxErrorsHaveAPlaceAndNoText(t *testing.T) {
	t.Parallel()
	for path, text := range map[string]string{
		"a.json": "{\n  \"cluster_seed\": " + docsSeed + "}", "b.json": `["` + docsSeed + `"]`, "c.json": `{"a": "` + docsSeed + `"} x`, "d.json": "",
		"a.yaml": "services:\n  - " + docsSeed + "\n\t- x: [", "b.yaml": "a: b\n", "c.yaml": "", "d.yaml": "*" + docsSeed,
	} {
		_, err := Parse(path, []byte(text), Options{})
		syntax, ok := hostenv.FindingOf(err)
		if !ok || syntax.Line < 1 || syntax.Column < 1 || strings.Contains(err.Error(), docsSeed[3:20]) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Whatever the text: no panic, places inside the file, and no finding that
// repeats a seed.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"A=b\n", "export A='b' C=d\n", "A=\"b\nc\"\nD=e\n", "\ufeffA=b\n", "A=b # c\n", "# c\\\nA=b\n", "A: b\n"} {
		f.Add("x.env", file, uint8(0))
	}
	f.Add("x.yaml", "services: {a: {environment: [A=b], env_file: f}}", uint8(0))
	f.Add("x.yaml", "kind: Secret\ndata: {a: eA==}\nstringData: {b: "+docsSeed+"}", uint8(0))
	f.Add("x.yaml", "kind: List\nitems: &a [{kind: List, items: *a}]", uint8(0))
	f.Add("host_config.json", `{"cluster_issuers": "a", "rpc_port": 4222}`, uint8(0))
	readings := Readings()
	f.Fuzz(func(t *testing.T, path, text string, choice uint8) {
		hosts, err := Parse(path, []byte(text), Options{Reading: readings[int(choice)%len(readings)]})
		if err != nil {
			return
		}
		count := 1
		for _, end := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} { // as YAML has lines
			count += strings.Count(text, end)
		}
		for _, h := range hosts {
			h.Keys()
			for _, e := range h.Entries {
				if e.Line < 1 || e.Line > count || e.Column < 1 {
					t.Fatalf("%s on line %d of %d, column %d", e, e.Line, count, e.Column)
				}
			}
			for _, finding := range h.Findings {
				if finding.Line < 1 || finding.Line > count || finding.Column < 1 {
					t.Fatalf("%v in %d lines", finding, count)
				}
			}
		}
		for _, finding := range judge.Check(hosts, judge.Options{}) {
			if keys.MayHoldSeed(finding.Message + " " + finding.Hint) {
				t.Fatalf("a seed is repeated: %s", finding)
			}
		}
	})
}
