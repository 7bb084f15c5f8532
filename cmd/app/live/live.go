// Package live asks the hosts that run, for the commands that look at them.
package live

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/connect"
	"github.com/latch-keys/latch/cmd/app/listflag"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Flags say where and as whom to ask, for how long, and which host is which.
type Flags struct {
	connect.Flags

	timeout time.Duration
	match   []string
}

// Register adds the flags of a command that asks hosts.
func (f *Flags) Register(c *cobra.Command, a *app.App) {
	f.Flags.Register(c, a)
	f.register(c, a)
}

// RegisterServer adds those of a command that asks, but not as a host.
func (f *Flags) RegisterServer(c *cobra.Command, a *app.App) {
	f.Flags.RegisterServer(c, a)
	f.register(c, a)
}

func (f *Flags) register(c *cobra.Command, a *app.App) {
	c.Flags().DurationVar(&f.timeout, "timeout", wasmbus.DefaultTimeout, "how long to wait for answers")
	listflag.Add(c.Flags(), &f.match, "match", "this host of the manifest is the one with this host key, as NAME=KEY (repeatable)")
	_ = c.RegisterFlagCompletionFunc("match", a.CompleteHosts)
}

// Timeout is how long to wait for answers.
func (f *Flags) Timeout() time.Duration { return f.timeout }

// Names are what --match calls hosts that no manifest lists yet, by their host keys.
func (f *Flags) Names() (map[keys.PublicKey]string, error) {
	names := map[keys.PublicKey]string{}
	for _, word := range f.match {
		name, key, err := wasmbus.ParseMatch(word)
		if err != nil {
			return nil, err
		}
		names[key] = name
	}
	return names, nil
}

// Asker asks the hosts of one manifest on one connection.
type Asker struct {
	Who wasmbus.Identity

	conn     *natsconn.Conn
	roster   wasmbus.Roster
	question wasmbus.Question
}

// Open connects, and says as whom. What it gives ends the connection.
func (f *Flags) Open(ctx context.Context, a *app.App, m lattice.Manifest, edit func(*natsconn.Options)) (*Asker, func(), error) {
	roster, err := wasmbus.NewRoster(m, f.match)
	if err != nil {
		return nil, nil, err
	}
	return f.open(ctx, a, &Asker{roster: roster, question: roster.Question()}, edit)
}

// OpenUnlisted is Open for a lattice that has no manifest yet. topic begins its control
// subjects, "" where hosts are told no other.
func (f *Flags) OpenUnlisted(ctx context.Context, a *app.App, prefix, topic string) (*Asker, func(), error) {
	k := &Asker{question: wasmbus.Question{Lattice: prefix, Topics: []string{topic}, Quiet: wasmbus.DefaultQuiet}}
	return f.open(ctx, a, k, nil)
}

// whoPatience is how long a server may take to say who asks: it is for people, and not
// worth a wait.
const whoPatience = 500 * time.Millisecond

func (f *Flags) open(ctx context.Context, a *app.App, k *Asker, edit func(*natsconn.Options)) (*Asker, func(), error) {
	if f.timeout <= 0 {
		return nil, nil, fault.New(fault.Usage, "--timeout must be longer than nothing")
	}
	conn, end, err := f.Flags.Open(ctx, a, edit)
	if err != nil {
		return nil, nil, err
	}
	k.conn, k.Who, k.question.Timeout = conn, wasmbus.WhoAsks(ctx, conn, whoPatience), f.timeout
	if a.Form() == settings.Text { // a document says it itself
		a.Say("Asking the hosts of the lattice %s at %s.", k.question.Lattice, place(k.Who))
	}
	return k, end, nil
}

// place says on which server, in which account and as whom somebody asks.
func place(who wasmbus.Identity) string {
	text := who.Server
	if who.Account != "" {
		text += ", account " + who.Account
	}
	if who.User != "" {
		text += ", user " + who.User
	}
	return text
}

// Strangers has the asker wait the whole time: for hosts that are not in the manifest,
// and for others that run as one which has answered.
func (k *Asker) Strangers() { k.question.Expected = nil }

// Look asks the hosts once.
func (k *Asker) Look(ctx context.Context) (wasmbus.Status, error) {
	answers, err := wasmbus.Ask(ctx, k.conn, k.question)
	return wasmbus.StatusOf(k.roster, answers), err
}

// See looks once and warns of what is odd in the answers. A look that saw no host is an
// error.
func (k *Asker) See(ctx context.Context, warn func(format string, args ...any)) (wasmbus.Status, error) {
	status, err := k.Look(ctx)
	for _, remark := range Remarks(status.Answers) {
		warn("%s", remark)
	}
	if err == nil {
		err = k.Unseen(status)
	}
	return status, err
}

// TakeStock asks a host what runs on it, wherever hosts of the manifest listen.
func (k *Asker) TakeStock(ctx context.Context, host keys.PublicKey) (stock wasmbus.Inventory, err error) {
	topics := k.question.Topics
	if len(topics) == 0 {
		topics = []string{wasmcloud.DefaultCtlTopicPrefix}
	}
	for _, topic := range topics {
		stock, err = wasmbus.TakeStock(ctx, k.conn, k.question.Lattice, topic, host, k.question.Timeout)
		if err == nil {
			break
		}
	}
	return stock, err
}

// Unseen is the error of a look that saw no host, nil where one answered.
func (k *Asker) Unseen(s wasmbus.Status) error {
	prefix := k.question.Lattice
	detail := struct {
		Outcome  wasmbus.Outcome `json:"outcome"`
		Subjects []string        `json:"subjects"`
	}{s.Answers.Outcome, s.Answers.Subjects}
	switch s.Answers.Outcome {
	case wasmbus.Nobody:
		return fault.New(fault.NotFound, "no host listens in the lattice %s: the server at %s says that nobody in the account does", prefix, place(k.Who)).
			WithHint("start the hosts; those in another account, or that listen under another WASMCLOUD_CTL_TOPIC_PREFIX, are not seen from here").WithDetail(detail)
	case wasmbus.Silent:
		return fault.New(fault.Unavailable, "no host of the lattice %s answered within %s, though somebody listens at %s", prefix, k.question.Timeout, place(k.Who)).
			WithHint("an observer may listen in the place of hosts, and the hosts be down; for slow ones: --timeout 10s").WithDetail(detail)
	case wasmbus.MayNotAsk:
		return fault.New(fault.Unavailable, "the hosts of the lattice %s may not be asked: the server at %s forbids %s", prefix, place(k.Who), denied(s.Answers)).
			WithHint("allow the user to publish to %s and to subscribe to its inbox, _INBOX.>", strings.Join(s.Answers.Subjects, " and ")).WithDetail(detail)
	}
	return nil
}

func denied(a wasmbus.Answers) string {
	texts := make([]string, len(a.Forbidden))
	for i, d := range a.Forbidden {
		texts[i] = d.String()
	}
	return strings.Join(texts, " and ")
}

// Remarks are what else there is to say of the answers, a sentence each.
func Remarks(a wasmbus.Answers) []string {
	var all []string
	if len(a.Forbidden) > 0 && a.Outcome == wasmbus.Answered {
		all = append(all, fmt.Sprintf("the server forbids %s: hosts that listen there are not seen", denied(a)))
	}
	if a.Duplicates > 0 {
		all = append(all, fmt.Sprintf("%d answer%s said again what a host had said", a.Duplicates, app.Plural(a.Duplicates)))
	}
	for _, m := range a.Rejected() {
		all = append(all, fmt.Sprintf("%d answer%s could not be read: %s", m.Count, app.Plural(m.Count), m.Reason))
	}
	if a.Dropped > 0 {
		all = append(all, fmt.Sprintf("%d answer%s had to be dropped: more came than could be read or kept", a.Dropped, app.Plural(a.Dropped)))
	}
	return all
}
