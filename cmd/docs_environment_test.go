package cmd

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

const environmentPage = "../docs/environment.md"

// docs/environment.md is what the tables of variables, targets and dialects say,
// to the byte.
func TestDocsEnvironment(t *testing.T) {
	t.Parallel()
	want := environmentText(t)
	if *update {
		if err := os.WriteFile(environmentPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(environmentPage)
	if err != nil || string(got) != want {
		t.Errorf("docs/environment.md is not current: run make docs (%v)", err)
	}
}

const environmentIntroduction = `# What hosts are told

Made from the tables of the program by ` + "`make docs`" + `; ` + "`latch env vars`" + ` prints the first.

## Targets

A target is a generation of hosts: which variables they read, and in which form.

| target | hosts | cluster keys | connection for providers | NATS credentials |
|---|---|---|---|---|
`

func environmentText(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(environmentIntroduction)
	for _, target := range wasmcloud.AllTargets() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", target, target.Releases(),
			yes(!target.IgnoresClusterKeys(), "ignored"), yes(target.ReadsProviderRPC(), "that of rpc"), credentialsOf(target))
	}
	b.WriteString("\n## Variables\n\nlatch writes the first table from the manifest, in this order.\n\n")
	writeVariables(t, &b, slices.DeleteFunc(wasmcloud.Variables(), func(v wasmcloud.Variable) bool { return !env.Writes(v) }))
	b.WriteString("\nThe rest is left to you: `env` under a host in the manifest gives it any of them that is no secret.\n\n")
	writeVariables(t, &b, slices.DeleteFunc(wasmcloud.Variables(), env.Writes))
	b.WriteString(natsText(t))
	writeStores(&b)
	b.WriteString("\n## Dialects\n\nEach refuses a value that its readers would change.\n\n| dialect | file | read by |\n|---|---|---|\n")
	for _, d := range env.Dialects() {
		fmt.Fprintf(&b, "| `%s` | `HOST%s` | %s |\n", d.Name(), d.Extension(), d.About())
	}
	return b.String()
}

// natsExample is what the page shows of a manifest.
const natsExample = `nats:
  js_domain: hub
  rpc: # invocations
    host: nats.example.com # without scheme and port
    port: 4222
    tls: true
    jwt: users/rpc.jwt # a file that holds the JWT, or the JWT itself
    seed: rpc-user # the name of the user's key in the keystore
  ctl: # control commands
    creds: users/ctl.creds # a credentials file, which holds both
hosts:
  - name: web-1
    signs_with: prod-cluster
  - name: web-2
    signs_with: prod-cluster
    target: otp
    nats: # counts before the above, field by field
      rpc: {host: 10.0.0.2}
      prov_rpc: {host: 10.0.0.3, creds: users/prov.creds} # invocations of providers
    env: # any other variable, no secret
      WASMCLOUD_RPC_TIMEOUT_MS: "5000"
`

// natsText shows a manifest that can be read, and that no rule finds fault with.
func natsText(t *testing.T) string {
	t.Helper()
	seed, err := keys.Generate(keys.Cluster, bytes.NewReader(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	head := "version: 1\nlattice: prod\ntarget: rust-0.82\nissuers:\n  - {name: prod-cluster, public_key: " + seed.PublicKey().String() + "}\n"
	file, err := lattice.Decode("lattice.yaml", []byte(head+natsExample))
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range lattice.Check(file) {
		t.Error(finding)
	}
	return "\n## NATS in the manifest\n\nFor all hosts, and under a host where it differs. Paths start at the manifest's folder.\n\n```yaml\n" +
		natsExample + "```\n\nWhat a target cannot do is an error before anything is written, and `latch lattice check` says where it stands: " +
		"a JWT without\na seed; a seed without a JWT for Rust hosts; `prov_rpc` for hosts from 0.81 on. The JWT and the seed must be of one user. A\n" +
		"credentials file is split for hosts that read none, and must be readable by its owner only.\n"
}

func writeVariables(t *testing.T, b *strings.Builder, variables []wasmcloud.Variable) {
	t.Helper()
	if len(variables) < 10 {
		t.Fatalf("only %d variables", len(variables))
	}
	b.WriteString("| variable | meaning | form | secret | read by | that is |\n|---|---|---|---|---|---|\n")
	for _, v := range variables {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s |\n", v.Name, v.Meaning, v.Form, yes(v.Sensitivity == wasmcloud.Secret, ""), v.Readers(), v.Releases())
	}
}

func yes(is bool, otherwise string) string {
	if is {
		return "yes"
	}
	return otherwise
}

func credentialsOf(target wasmcloud.Target) string {
	switch {
	case target.ReadsCredsFiles():
		return "JWT and seed, or the path of a credentials file"
	case target.IsOTP():
		return "seed, with a JWT or without"
	}
	return "JWT and seed"
}

// writeStores lists what hosts keep in JetStream, and where they answer.
func writeStores(b *strings.Builder) {
	b.WriteString("\n## A lattice in NATS\n\nHosts of a lattice called `prod` keep what they know of it in these streams, and say who they are to who asks on the subject.\n\n" +
		"| target | streams | subject |\n|---|---|---|\n")
	for _, target := range wasmcloud.AllTargets() {
		var streams []string
		for _, s := range target.Stores("prod") {
			streams = append(streams, fmt.Sprintf("`%s` (%s)", s.Stream, s.Holds))
		}
		fmt.Fprintf(b, "| `%s` | %s | `%s` |\n", target, strings.Join(streams, ", "), target.PingSubject("prod", ""))
	}
}
