package issuerscmd

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

func newRotateStatus(a verbs) *cobra.Command {
	var o seenOptions
	c := &cobra.Command{
		Use:   "status",
		Short: "Show the phase, the state of each host and the next command",
		Long: `Shows the phase of the rotation and what is known of each host since it began: what
it signs with, what it accepts, how that is known, and whether it is in the way of
the next phase. Changes nothing; what --live and --deployed find is shown but not
recorded.`,
		Example: "  latch issuers rotate status\n  latch issuers rotate status --live\n  latch issuers rotate status --deployed /mnt/hosts\n" +
			"  latch issuers rotate status -o json | jq -r .next",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error { return a.rotateStatus(c.Context(), o) },
	}
	o.register(c, a)
	return a.PerLattice(c, "as", "match", "deployed")
}

// statusDocument is where a rotation stands, as JSON output gives it.
type statusDocument struct {
	Manifest   string               `json:"manifest"`
	Lattice    string               `json:"lattice"`
	Generation uint64               `json:"generation"`
	Phase      string               `json:"phase"`
	Started    *time.Time           `json:"started,omitempty"`
	Entered    *time.Time           `json:"entered,omitempty"`
	Aborted    bool                 `json:"aborted"`
	Emergency  bool                 `json:"emergency"`
	Keys       []successionDocument `json:"keys"`
	Hosts      []hostStatus         `json:"hosts"`
	Issuers    []issuerStatus       `json:"issuers"`
	Quiet      *quietDocument       `json:"quiet,omitempty"`
	Obstacles  []rotation.Obstacle  `json:"in_the_way"`
	Acts       []rotation.Act       `json:"acts"` // what clears all obstacles, in order
	Next       string               `json:"next"` // the first command of these; empty where nothing is to be done
}

// quietDocument is a time in which all calls were heard and none was signed with an
// old key.
type quietDocument struct {
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

type hostStatus struct {
	Host       string     `json:"host"`
	SignsWith  string     `json:"signs_with,omitempty"` // empty where nothing is known
	Accepts    []string   `json:"accepts"`
	Generation uint64     `json:"generation,omitempty"`
	Evidence   string     `json:"evidence,omitempty"`
	Since      *time.Time `json:"since,omitempty"`
	Member     bool       `json:"in_manifest"`
	InTheWay   string     `json:"in_the_way,omitempty"`
	Doubt      string     `json:"doubt,omitempty"` // why what was seen does not settle it
}

type issuerStatus struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Accepted  *int           `json:"accepted_by"`    // null where that is not known of any host
	Missing   []string       `json:"missing"`        // hosts known not to accept it
	Unknown   []string       `json:"unknown"`        // hosts of which nothing is known
	Signing   *int           `json:"signed_with_by"` // null where that is not known of any host
}

func (a verbs) rotateStatus(ctx context.Context, o seenOptions) error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	if err := env.CheckCurrent(env.Folder(file.Path()), file.Manifest()); err != nil {
		return err
	}
	seen, err := a.look(ctx, o, m)
	if err != nil {
		return err
	}
	status, err := rotation.StatusOf(m, seen, a.Sys.Now())
	if err != nil {
		return err
	}
	guide := a.guide("", o)
	if len(status.Obstacles) > 0 {
		guide.Ready = a.ready(ctx, file, m)
	}
	doc := describeStatus(file, status, guide, a.Sys.Now())
	return a.ShowProse(doc, app.Hang, func(w io.Writer) { doc.print(w, a.OutPalette(), a.Width()) })
}

func describeStatus(file *lattice.Document, s rotation.Status, g rotation.Guide, now time.Time) statusDocument {
	m := file.Manifest()
	doc := statusDocument{
		Manifest: file.Path(), Lattice: m.Lattice, Generation: m.Generation, Phase: rotation.PhaseOf(m),
		Keys: []successionDocument{}, Hosts: []hostStatus{}, Issuers: []issuerStatus{},
		Obstacles: append([]rotation.Obstacle{}, g.Each(m, s.Obstacles)...), Acts: append([]rotation.Act{}, g.Todo(m, s, now)...),
	}
	if r := m.Rotation; r != nil {
		doc.Keys = describeSuccessions(r.Keys)
		doc.Started, doc.Entered, doc.Aborted, doc.Emergency = &r.Started, &r.Entered, r.Aborted, r.Emergency
		if q := r.Quiet; !q.Until.IsZero() {
			doc.Quiet = &quietDocument{q.Since, q.Until}
		}
	}
	name := m.KeyNames()
	for _, h := range s.Hosts {
		doc.Hosts = append(doc.Hosts, describeHost(h, name))
	}
	for _, k := range s.Keys {
		doc.Issuers = append(doc.Issuers, describeIssuer(k))
	}
	doc.Next = rotation.FirstCommand(doc.Acts)
	return doc
}

func describeIssuer(k rotation.KeyStatus) issuerStatus {
	row := issuerStatus{Name: k.Issuer.Name, PublicKey: k.Issuer.PublicKey, Missing: append([]string{}, k.Missing...), Unknown: append([]string{}, k.Unknown...)}
	if k.Accepted > 0 || len(k.Unknown) == 0 {
		row.Accepted = &k.Accepted
	}
	if k.Signing > 0 || len(k.Unknown) == 0 {
		row.Signing = &k.Signing
	}
	return row
}

func describeHost(h rotation.HostStatus, name func(keys.PublicKey) string) hostStatus {
	row := hostStatus{Host: h.Want.Host, Accepts: []string{}, Member: !h.Unlisted, InTheWay: h.InWay, Doubt: h.Doubt}
	if h.Unlisted {
		row.Host = h.Seen.Host
	}
	if h.Seen == nil {
		return row
	}
	row.SignsWith, row.Generation = "unknown", h.Seen.Generation
	if !h.Seen.Signs.IsZero() {
		row.SignsWith = name(h.Seen.Signs)
	}
	for _, key := range h.Seen.Accepts {
		row.Accepts = append(row.Accepts, name(key))
	}
	row.Evidence, row.Since = string(h.Seen.Evidence), &h.Seen.At
	return row
}
