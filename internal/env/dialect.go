package env

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/similar"
)

// Dialect is a way of writing an environment down: a row of Dialects.
type Dialect struct {
	name, about, extension string

	refuse func(d Dialect, a Assignment, value []byte) error            // what a reader would change
	line   func(out []byte, name string, value []byte) []byte           // appends one variable
	render func(d Dialect, e Environment, show Secrets) ([]byte, error) // for what is more than a line for each

	reserved string // names that its readers keep for themselves, a blank around each

	bare    bool   // no comment stands at the head
	jobFile string // the variable that names the file of a CI job
}

// Name is what the dialect is chosen by.
func (d Dialect) Name() string { return d.name }

// About says who reads the dialect, in a few words.
func (d Dialect) About() string { return d.about }

// Extension ends the name of a file in the dialect, its dot included. None is
// the end of another's.
func (d Dialect) Extension() string { return d.extension }

// Render gives the same bytes for the same environment, always. Revealed, they
// hold secrets and are the caller's to clear. What the dialect cannot carry
// unchanged is refused.
func (d Dialect) Render(e Environment, show Secrets) ([]byte, error) {
	if d.render != nil {
		return d.render(d, e, show)
	}
	return renderLines(d, e, show)
}

// Dialects lists those there are, the default first.
func Dialects() []Dialect {
	return []Dialect{
		{
			name: "dotenv", extension: ".env",
			about:  "what shells, docker, compose, systemd, kubectl, dotenv libraries and OTP hosts read alike",
			refuse: refuseUncommon, line: bareLine, reserved: shellNames,
		},
		{
			// In single quotes nothing but the quote means anything. Source: POSIX 2.2.2.
			name: "sh", extension: ".sh", about: "sh, bash, dash, zsh and direnv, by: . FILE",
			refuse: refuseNoText, line: quotedLine("export %s=", '\'', among("'", `'\'`)), reserved: shellNames,
		},
		{
			// In single quotes a backslash escapes the quote and itself.
			name: "fish", extension: ".fish", about: "fish, by: source FILE",
			refuse: refuseNoText, line: quotedLine("set -gx %s ", '\'', among(`'\`, `\`)), reserved: fishNames,
		},
		{
			// In single quotes the quote is written twice. Source: about_Quoting_Rules.
			name: "powershell", extension: ".ps1", about: "PowerShell and Windows PowerShell, by: . ./FILE",
			refuse: refuseBeyondASCII, line: quotedLine("$Env:%s = ", '\'', among("'", "'")),
		},
		{
			// Source: systemd src/basic/env-file.c.
			name: "systemd", extension: ".systemd", about: "systemd, by: EnvironmentFile=/PATH",
			refuse: refuseForSystemd, line: quotedLine("%s=", '"', among("\"\\$`", `\`)),
		},
		{
			name: "systemd-credentials", extension: ".conf", // that of drop-ins
			about:  "a drop-in of a systemd unit that loads the json file as a credential, for latch env exec --from-credentials",
			render: renderCredentialsUnit,
		},
		{
			// All that follows the first = is the value, quotes and blanks included.
			// Source: docker/cli pkg/kvfile.
			name: "docker", extension: ".docker", about: "docker and podman, by: --env-file FILE",
			refuse: refuseLineEnds, line: bareLine,
		},
		{name: "json", extension: jsonExtension, about: "programs, and latch env exec --from-credentials", render: renderJSON},
		{
			name: "otp-json", extension: otpConfigExtension, // to be renamed, or linked to
			about:  "OTP hosts from 0.51, as host_config.json in the folder they start in; without labels",
			render: renderOTPConfig,
		},
		{
			name: "github", extension: gitHubExtension, bare: true, jobFile: "GITHUB_ENV",
			about:  "GitHub Actions: env print masks the secrets in the log and appends the variables to the file GITHUB_ENV",
			refuse: refuseForGitHub, line: gitHubLine,
		},
		{
			name: "k8s", extension: ".secret.yaml", about: "Kubernetes: a Secret for envFrom, by: kubectl apply -f FILE",
			render: renderSecret,
		},
		{
			name: "helm", extension: ".values.yaml",
			about:  "the charts wasmcloud_host 0.6 (OTP) and 0.7 (Rust), by: helm --values FILE; they show the cluster seed in the pod's spec",
			render: renderValues,
		},
	}
}

// ParseDialect finds a dialect by its name. The error lists the known ones.
func ParseDialect(name string) (Dialect, error) {
	var known []string
	for _, d := range Dialects() {
		if d.name == name {
			return d, nil
		}
		known = append(known, d.name)
	}
	return Dialect{}, fmt.Errorf("unknown dialect %q: must be one of %s%s", name, strings.Join(known, ", "), similar.Question(name, known))
}

// badCharacter says which character of a value the dialect cannot carry, the one
// at the byte offset at. Of a secret only the place is named.
func badCharacter(d Dialect, a Assignment, value []byte, at int, hint string) error {
	character, _ := utf8.DecodeRune(value[at:])
	what := fmt.Sprintf("%q ", character)
	if a.Secret() {
		what = ""
	}
	return fault.New(fault.Refused, "%s: character %d of the value %scannot be written as %s",
		a.Name, utf8.RuneCount(value[:at])+1, what, d.name).WithHint("%s", hint)
}

// noPlace is the error for a variable that a dialect has no place for.
func noPlace(d Dialect, a Assignment, hint, format string, args ...any) error {
	return fault.New(fault.Refused, "%s cannot be written as %s: %s", a.Name, d.name, fmt.Sprintf(format, args...)).WithHint("%s", hint)
}
