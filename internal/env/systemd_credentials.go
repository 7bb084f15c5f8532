package env

import "fmt"

// systemdCredentials is a drop-in for a unit of systemd that hands the host's
// environment over as a credential: a file that only the service can see, where
// the unit's own environment is shown to everyone. It holds no value; the
// credential is the environment as json, for env exec --from-credentials.
type systemdCredentials struct{}

// Credential is the name of the credential: a file in the folder that systemd
// names to the service by CREDENTIALS_DIRECTORY.
const Credential = "latch.json"

// Name is "systemd-credentials".
func (systemdCredentials) Name() string { return "systemd-credentials" }

// About says who reads it.
func (systemdCredentials) About() string {
	return "a drop-in of a systemd unit that loads the json file as a credential, for latch env exec --from-credentials"
}

// Extension is ".conf", that of drop-ins.
func (systemdCredentials) Extension() string { return ".conf" }

// Render gives the same whether or not secrets are shown. The folder is the one
// that systemd itself looks for credentials in, and keeps from all but root.
func (d systemdCredentials) Render(e Environment, _ Secrets) ([]byte, error) {
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
`, e.Host, Credential, jsonObject{}.Extension()), nil
}
