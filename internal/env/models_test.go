package env

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Readers written down from their sources, where the program itself is not to be
// had, or is no program but a chart.

// readAsPowerShell reads assignments of single-quoted strings. PowerShell itself
// is not to be had on Debian. Source: PowerShell tokenizer.cs,
// ScanStringLiteral: any of five characters is a quote, and two in a row are one.
func readAsPowerShell(file []byte) (map[string]string, error) {
	found := make(map[string]string)
	text := []rune(string(file))
	for len(text) > 0 {
		line, rest := text, []rune(nil)
		if at := strings.IndexByte(string(text), '\n'); at >= 0 {
			line = []rune(string(text)[:at+1])
			rest = text[len(line):]
		}
		if line[0] == '#' {
			text = rest
			continue
		}
		name, ok := strings.CutPrefix(string(line), "$Env:")
		name, _, assigned := strings.Cut(name, " = ")
		if !ok || !assigned {
			return nil, fmt.Errorf("no assignment: %q", string(line))
		}
		text = text[len([]rune("$Env:"+name+" = ")):]
		value, after, err := powerShellLiteral(text)
		if err != nil {
			return nil, err
		}
		if value == "" {
			delete(found, name) // which is how PowerShell removes a variable
		} else {
			found[name] = value
		}
		text = after
	}
	return found, nil
}

func powerShellLiteral(text []rune) (value string, after []rune, err error) {
	quote := func(at int) bool {
		return at < len(text) && strings.ContainsRune("'\u2018\u2019\u201a\u201b", text[at])
	}
	if !quote(0) {
		return "", nil, errors.New("no single-quoted string")
	}
	for at := 1; at < len(text); at++ {
		if quote(at) {
			if !quote(at + 1) {
				if at+1 >= len(text) || text[at+1] != '\n' {
					return "", nil, errors.New("the string does not end its line")
				}
				return value, text[at+2:], nil
			}
			at++
		}
		value += string(text[at])
	}
	return "", nil, errors.New("the string does not end")
}

// readAsRunner is how the runner of GitHub Actions reads the file GITHUB_ENV.
// Source: actions/runner src/Runner.Worker/FileCommandManager.cs,
// EnvFileKeyValuePairs.
func readAsRunner(file []byte) (map[string]string, error) {
	found := make(map[string]string)
	rest := string(file)
	next := func() (line, end string, ok bool) {
		if rest == "" {
			return "", "", false
		}
		at := strings.IndexAny(rest, "\r\n")
		if at < 0 {
			line, rest = rest, ""
			return line, "", true
		}
		end = rest[at : at+1]
		if strings.HasPrefix(rest[at:], "\r\n") {
			end = "\r\n"
		}
		line, rest = rest[:at], rest[at+len(end):]
		return line, end, true
	}
	for line, _, more := next(); more; line, _, more = next() {
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case line == "":
		case equals >= 0 && (heredoc < 0 || equals < heredoc):
			if equals == 0 {
				return nil, fmt.Errorf("invalid format %q: a name is missing", line)
			}
			found[line[:equals]] = line[equals+1:]
		case heredoc >= 0:
			name, delimiter, _ := strings.Cut(line, "<<")
			if name == "" || delimiter == "" {
				return nil, fmt.Errorf("invalid format %q", line)
			}
			var value, separator string
			for {
				within, end, more := next()
				if !more {
					return nil, fmt.Errorf("matching delimiter not found %q", delimiter)
				}
				if within == delimiter {
					break
				}
				value += separator + within
				separator = end
			}
			found[name] = value
		default:
			return nil, fmt.Errorf("invalid format %q", line)
		}
	}
	if _, set := found["NODE_OPTIONS"]; set {
		return nil, errors.New("the runner refuses NODE_OPTIONS")
	}
	return found, nil
}

// readAsOTPConfig gives the variables that would have told an OTP host what its
// host_config.json does; a member of another type than the host's own default is
// an error. Source: wasmcloud-otp v0.63.2 config_plan.ex, json_bindings.
func readAsOTPConfig(file []byte) (map[string]string, error) {
	var config map[string]any
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.UseNumber()
	if err := decoder.Decode(&config); err != nil {
		return nil, err
	}
	irregular := map[string]string{"provider_delay": "WASMCLOUD_PROV_SHUTDOWN_DELAY_MS", "allowed_insecure": "WASMCLOUD_OCI_ALLOWED_INSECURE"}
	types := map[string]string{
		"lattice_prefix": "text", "cluster_seed": "text", "cluster_issuers": "list", "js_domain": "text", "ctl_topic_prefix": "text",
		"rpc_timeout_ms": "number", "provider_delay": "number", "policy_timeout": "number",
		"allowed_insecure": "list", "policy_topic": "text", "policy_changes_topic": "text", "enable_ipv6": "switch",
	}
	for _, p := range []string{"rpc_", "ctl_", "prov_rpc_"} {
		types[p+"host"], types[p+"port"], types[p+"tls"], types[p+"jwt"], types[p+"seed"] = "text", "number", "switch", "text", "text"
	}
	found := make(map[string]string)
	for key, member := range config {
		text, kind := "", ""
		switch value := member.(type) {
		case string:
			text, kind = value, "text"
		case json.Number:
			text, kind = value.String(), "number"
		case bool:
			text, kind = fmt.Sprint(value), "switch"
		case []any:
			kind = "list"
			for i, item := range value {
				if i > 0 {
					text += ","
				}
				text += item.(string)
			}
		}
		if want := types[key]; kind != want && !(want == "switch" && (text == "0" || text == "1")) {
			return nil, fmt.Errorf("%s is a %s, the host expects a %s", key, kind, want)
		}
		variable := irregular[key]
		if variable == "" {
			variable = "WASMCLOUD_" + strings.ToUpper(key)
		}
		found[variable] = text
	}
	return found, nil
}

// chartEnv is what the template of a chart makes of its values: the variable of
// the pod, and the value that it is taken from. Source: the env blocks of
// wasmcloud-otp v0.63.2 wasmcloud_host/chart/templates/deployment.yaml and of
// wasmCloud chart-v0.7.2 chart/templates/deployment.yaml.
func chartEnv(otp bool) map[string]string {
	if otp {
		return map[string]string{
			"WASMCLOUD_RPC_HOST": "rpcNatsHost", "WASMCLOUD_RPC_PORT": "rpcNatsPort",
			"WASMCLOUD_PROV_RPC_HOST": "providerNatsHost", "WASMCLOUD_PROV_RPC_PORT": "providerNatsPort",
			"WASMCLOUD_CTL_HOST": "controlNatsHost", "WASMCLOUD_CTL_PORT": "controlNatsPort",
			"WASMCLOUD_CLUSTER_ISSUERS": "clusterIssuers", "WASMCLOUD_CLUSTER_SEED": "clusterSeed",
			"WASMCLOUD_RPC_JWT": "rpcJWT", "WASMCLOUD_RPC_TIMEOUT_MS": "rpcTimeout",
			"WASMCLOUD_PROV_RPC_JWT": "providerRpcJWT", "WASMCLOUD_CTL_JWT": "ctlJWT",
			"WASMCLOUD_PROV_SHUTDOWN_DELAY_MS": "providerShutdownDelay",
			"WASMCLOUD_LATTICE_PREFIX":         "latticePrefix", "WASMCLOUD_JS_DOMAIN": "jetstreamDomain",
			"WASMCLOUD_RPC_SEED": "rpcSeed", "WASMCLOUD_PROV_RPC_SEED": "providerRpcSeed", "WASMCLOUD_CTL_SEED": "ctlSeed",
			"HOST_": "hostLabels",
		}
	}
	return map[string]string{
		"WASMCLOUD_LATTICE_PREFIX": "latticePrefix", "WASMCLOUD_CLUSTER_SEED": "clusterSeed", "WASMCLOUD_CLUSTER_ISSUERS": "clusterIssuers",
		"WASMCLOUD_PROV_SHUTDOWN_DELAY_MS": "providerShutdownDelay", "WASMCLOUD_OCI_ALLOWED_INSECURE": "ociAllowedInsecure",
		"WASMCLOUD_JS_DOMAIN": "jetstreamDomain", "WASMCLOUD_LOG_LEVEL": "logging.logLevel",
		"WASMCLOUD_CTL_HOST": "control.natsHost", "WASMCLOUD_CTL_PORT": "control.natsPort", "WASMCLOUD_CTL_JWT": "control.natsJwt",
		"WASMCLOUD_CTL_SEED": "control.natsSeed", "WASMCLOUD_CTL_TOPIC_PREFIX": "control.topicPrefix", "WASMCLOUD_CTL_TLS": "control.tls",
		"WASMCLOUD_RPC_HOST": "rpc.natsHost", "WASMCLOUD_RPC_PORT": "rpc.natsPort", "WASMCLOUD_RPC_JWT": "rpc.natsJwt",
		"WASMCLOUD_RPC_SEED": "rpc.natsSeed", "WASMCLOUD_RPC_TLS": "rpc.tls",
		"WASMCLOUD_LABEL_": "hostLabels",
	}
}

// readAsChart gives the variables of the pod that a chart makes of its values.
// What a template takes for false sets no variable.
func readAsChart(file []byte, otp bool) (map[string]string, error) {
	var values struct {
		Wasmcloud struct {
			Config map[string]any `yaml:"config"`
		} `yaml:"wasmcloud"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&values); err != nil {
		return nil, err
	}
	config, found, used := values.Wasmcloud.Config, make(map[string]string), 0
	for variable, path := range chartEnv(otp) {
		group, key, nested := strings.Cut(path, ".")
		value := config[group]
		if labels, ok := value.(map[string]any); ok && nested {
			value = labels[key]
		} else if ok {
			for label, text := range labels {
				found[variable+label] = text.(string)
				used++
			}
			continue
		}
		if value == nil {
			continue
		}
		used++
		if text := fmt.Sprint(value); text != "" && text != "false" {
			found[variable] = text
		}
	}
	if set := countLeaves(config); set != used {
		return nil, fmt.Errorf("the chart uses %d of %d values", used, set)
	}
	return found, nil
}

func countLeaves(values map[string]any) int {
	count := 0
	for _, value := range values {
		if inner, ok := value.(map[string]any); ok {
			count += countLeaves(inner)
			continue
		}
		count++
	}
	return count
}
