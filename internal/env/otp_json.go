package env

import (
	"bytes"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

const otpConfigExtension = ".host_config"

// renderOTPConfig is host_config.json, which OTP hosts read from the folder they
// are started in. It refuses other targets, and variables that such a host reads
// from its environment only. The labels are among these and are left out, since
// nothing depends on them.
func renderOTPConfig(d Dialect, e Environment, show Secrets) ([]byte, error) {
	if !e.Target.IsOTP() {
		return nil, fault.New(fault.Refused, "host %q has target %s, whose hosts read no %s", e.Host, e.Target, wasmcloud.ConfigFile).
			WithHint("only OTP hosts do; choose another dialect")
	}
	known, members := map[string]wasmcloud.ConfigMember{}, members{}
	for _, m := range wasmcloud.ConfigMembers() {
		known[m.Variable] = m
	}
	err := eachValue(e, show, func(a Assignment, value []byte) error {
		member, found := known[a.Name]
		switch {
		case !found && isOwnLabel(a.Name):
			return nil
		case !found:
			return noPlace(d, a, "an OTP host reads it from its environment only", "%s has no place for it", wasmcloud.ConfigFile)
		}
		text, err := configText(d, a, value, member.Form)
		members.add(member.Key, text)
		return err
	})
	return members.object(err)
}

// isOwnLabel reports whether the variable is one of the labels that latch writes.
func isOwnLabel(name string) bool {
	for _, prefix := range []string{wasmcloud.OldLabel, wasmcloud.Label} {
		if label, is := strings.CutPrefix(name, prefix); is && (label == wasmcloud.HostLabel || label == wasmcloud.GenerationLabel) {
			return true
		}
	}
	return false
}

// configText gives the value in the form, for the caller to clear.
func configText(d Dialect, a Assignment, value []byte, form wasmcloud.ConfigForm) ([]byte, error) {
	switch form {
	case wasmcloud.ConfigLiteral:
		number := len(value) > 0 && len(bytes.Trim(value, "0123456789")) == 0 && (value[0] != '0' || len(value) == 1)
		if !number && string(value) != "true" && string(value) != "false" {
			return nil, noPlace(d, a, "", "it is neither a number nor true or false")
		}
		return bytes.Clone(value), nil
	case wasmcloud.ConfigList:
		out := []byte("[")
		for i, item := range bytes.Split(value, []byte(",")) {
			text, err := jsonText(d, a, item)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ", "...)
			}
			out = append(out, text...)
		}
		return append(out, ']'), nil
	case wasmcloud.ConfigText:
	}
	return jsonText(d, a, value)
}
