package env

import "fmt"

// Credential is the name of the credential that a unit with the drop-in of the
// dialect systemd-credentials loads: a file in the folder that systemd names to
// the service by CREDENTIALS_DIRECTORY.
const Credential = "latch.json"

// renderCredentialsUnit is a drop-in for a unit of systemd that hands the host's
// environment over as a credential: a file that only the service can see, where
// the unit's own environment is shown to everyone. It holds no value, so that it
// is the same whether or not secrets are shown; the credential is the environment
// as json. The folder is the one that systemd itself looks for credentials in,
// and keeps from all but root.
func renderCredentialsUnit(d Dialect, e Environment, _ Secrets) ([]byte, error) {
	out, err := header(d, e, openingBare)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(out, `#
# Put it into the folder UNIT.d of the host's unit. The environment itself is the
# credential, which root writes to a folder of root's own by
#   latch env write %[1]s --dialect json --dir /etc/credstore
# and the unit starts the host by
#   ExecStart=/usr/bin/latch env exec --from-credentials -- wasmcloud_host
[Service]
LoadCredential=%[2]s:/etc/credstore/%[1]s%[3]s
`, e.Host, Credential, jsonExtension), nil
}
