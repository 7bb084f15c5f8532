package env

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	composeenv "github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/docker/cli/pkg/kvfile"
)

// A reader gives the variables that a program finds in an env file.
type reader func(file []byte) (map[string]string, error)

// readBack is a dialect and the readers of it that are Go code.
type readBack struct {
	dialect  Dialect
	variable string // one that the dialect has a place for
	readers  func(e Environment) map[string]reader
}

func readBacks() []readBack {
	always := func(readers map[string]reader) func(Environment) map[string]reader {
		return func(Environment) map[string]reader { return readers }
	}
	return []readBack{
		{dialect("dotenv"), "X", always(map[string]reader{"strict": readStrictly, "docker": readAsDocker, "compose": readAsCompose, "otp": readAsOTP})},
		{dialect("docker"), "X", always(map[string]reader{"docker": readAsDocker})},
		{dialect("json"), "X", always(map[string]reader{"json": readAsJSON, "credential": readAsCredential})},
		{dialect("powershell"), "X", always(map[string]reader{"powershell": readAsPowerShell})},
		{dialect("github"), "X", always(map[string]reader{"runner": readAsRunner})},
		{dialect("k8s"), "X", always(map[string]reader{"api types": readAsKubernetes})},
		{dialect("otp-json"), "WASMCLOUD_CTL_TOPIC_PREFIX", always(map[string]reader{"otp": readAsOTPConfig})},
		{dialect("helm"), "WASMCLOUD_JS_DOMAIN", func(e Environment) map[string]reader {
			return map[string]reader{"chart": func(file []byte) (map[string]string, error) { return readAsChart(file, e.Target.IsOTP()) }}
		}},
	}
}

// carried is the environment less what the dialect leaves out by design.
func carried(d Dialect, e Environment) Environment {
	left := []string{}
	switch {
	case d.Name() == "otp-json":
		left = []string{"HOST_latch_host", "HOST_latch_generation"}
	case d.Name() == "helm" && !e.Target.IsOTP():
		left = []string{"HOST_latch_host", "HOST_latch_generation", "WASMCLOUD_LATTICE"}
	}
	e.Assignments = slices.DeleteFunc(slices.Clone(e.Assignments), func(a Assignment) bool {
		off := d.Name() == "helm" && strings.HasSuffix(a.Name, "_TLS") && a.plain == "false" // the host's own default
		return off || slices.Contains(left, a.Name)
	})
	return e
}

func compare(t fataler, reader string, e Environment, got map[string]string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s, reading the file of host %q: %v", reader, e.Host, err)
	}
	want := values(e)
	if maps.Equal(got, want) {
		return
	}
	for name, value := range want {
		if read, set := got[name]; !set || read != value {
			t.Fatalf("%s reads %q in %s, set %t, want %q", reader, read, name, set, value)
		}
	}
	t.Fatalf("%s reads %d variables, want %d", reader, len(got), len(want))
}

// readStrictly takes comments in column 1 and NAME=VALUE, nothing else.
func readStrictly(file []byte) (map[string]string, error) {
	line := regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*)=([A-Za-z0-9._:/@%+=,!*?^{}\[\]-]+)$`)
	body, ended := strings.CutSuffix(string(file), "\n")
	if !ended {
		return nil, fmt.Errorf("no final line end")
	}
	found := make(map[string]string)
	for i, text := range strings.Split(body, "\n") {
		if strings.HasPrefix(text, "# ") {
			continue
		}
		parts := line.FindStringSubmatch(text)
		if parts == nil {
			return nil, fmt.Errorf("line %d is neither a comment nor an assignment", i+1)
		}
		if _, twice := found[parts[1]]; twice {
			return nil, fmt.Errorf("line %d assigns %s again", i+1, parts[1])
		}
		found[parts[1]] = parts[2]
	}
	return found, nil
}

// readAsDocker is docker's own parser, that of --env-file.
func readAsDocker(file []byte) (map[string]string, error) {
	lines, err := kvfile.ParseFromReader(bytes.NewReader(file), func(string) (string, bool) { return "", false })
	found := make(map[string]string)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		found[name] = value
	}
	return found, err
}

func readAsJSON(file []byte) (map[string]string, error) {
	var found map[string]string
	return found, json.Unmarshal(file, &found)
}

// readAsCredential is our own reader, that of env exec --from-credentials.
func readAsCredential(file []byte) (map[string]string, error) {
	e, err := ReadCredential(file)
	if err != nil {
		return nil, err
	}
	return values(e), nil
}

// readAsCompose is docker compose's parser of env files.
func readAsCompose(file []byte) (map[string]string, error) {
	return composeenv.Parse(bytes.NewReader(file))
}

// readAsOTP is the .env reader of the OTP host, statement for statement.
// Source: autodidaddict/vapor lib/vapor/providers/dotenv.ex.
func readAsOTP(file []byte) (map[string]string, error) {
	comment := regexp.MustCompile(`\A\s*#`)
	heredoc := regexp.MustCompile(`<<\s*['"]?([A-Z]+)['"]?\s*`)
	found := make(map[string]string)
	keep := func(key, value string) {
		// Its list of pairs is built in reverse, so that the first one wins.
		if _, earlier := found[key]; !earlier {
			found[key] = value
		}
	}
	var key, delimiter string
	var within []string
	for line := range strings.SplitSeq(string(file), "\n") {
		switch {
		case line == "": // String.split with trim: true drops it, in a heredoc too
		case delimiter != "" && strings.TrimSpace(line) == delimiter:
			keep(key, strings.Join(within, "\n"))
			delimiter, within = "", nil
		case delimiter != "":
			within = append(within, line)
		case comment.MatchString(line):
		default:
			name, value, split := strings.Cut(line, "=")
			if !split || name == "" || value == "" {
				continue
			}
			key, value = strings.TrimSpace(name), strings.TrimSpace(value)
			if start := heredoc.FindStringSubmatch(value); start != nil {
				delimiter = start[1]
				continue
			}
			keep(key, value)
		}
	}
	if delimiter != "" {
		return nil, fmt.Errorf("heredoc without its end: the host crashes")
	}
	return found, nil
}
