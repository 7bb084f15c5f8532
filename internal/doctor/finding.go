package doctor

import "slices"

// Status is how a check came out. The values are stable: scripts match them in JSON
// output.
type Status string

// The statuses.
const (
	OK      Status = "ok"
	Note    Status = "note"    // worth knowing, nothing to do
	Warning Status = "warning" // it works, and should be put right
	Missing Status = "missing" // something that is needed does not work
)

// Finding is what a check has to say.
type Finding struct {
	Check   string `json:"check"`
	Status  Status `json:"status"`
	Message string `json:"message"`
	Remedy  string `json:"hint,omitempty"` // the next command, or what else to do
}

// Examine runs every check over the facts, in the order in which things are put
// right.
func Examine(f Facts) []Finding {
	return slices.Concat(
		f.Manifest.examine(),
		f.examineKeyring(),
		f.Keystore.examine(f.Manifest.Lattice != "", f.Keyring),
		f.examineIdentity(),
		f.examinePermissions(),
		f.examineGit(),
		f.examineEnvFiles(),
		f.examineServers(),
	)
}

// AnyMissing reports whether something that is needed does not work.
func AnyMissing(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Status == Missing })
}

// unread is the finding of a check that depends on a manifest that cannot be read.
func unread(check string) []Finding {
	return one(check, Note, "not looked at: the manifest cannot be read", "")
}

func one(check string, status Status, message, remedy string) []Finding {
	return []Finding{{Check: check, Status: status, Message: message, Remedy: remedy}}
}
