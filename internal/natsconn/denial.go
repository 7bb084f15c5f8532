package natsconn

import (
	"fmt"
	"regexp"
	"strings"
)

// Denial is what a server forbade.
type Denial struct {
	Action  Action
	Subject string
	Queue   string // of a subscription, "" for none
}

// Action is what a permission is for.
type Action string

// The actions.
const (
	Publish   Action = "publish"
	Subscribe Action = "subscribe"
)

// String says what was forbidden.
func (d Denial) String() string {
	switch {
	case d.Action == Publish:
		return "publishing to " + d.Subject
	case d.Queue != "":
		return fmt.Sprintf("subscribing to %s in the queue %s", d.Subject, d.Queue)
	}
	return "subscribing to " + d.Subject
}

// ParseDenial finds a denial in what a server said to a client, or in a line of
// its log or of a host's. Hosts in Rust print what they are told in lower case.
// Source: nats-server v2.9 and v2.15 server/client.go; async-nats v0.33 lib.rs.
func ParseDenial(text string) (Denial, bool) {
	for _, form := range []string{
		`(?i)permissions? violation for (publish|subscription) to "?([^"\s]+)"?(?: using queue "?([^"\s]+)"?)?`, // to the client
		`(?i)(publish|subscription) violation - .*?\bsubject "([^"\s]+)"(?:, queue:? "([^"\s]+)")?`,             // in the log
	} {
		if found := regexp.MustCompile(form).FindStringSubmatch(text); found != nil {
			action := Publish
			if strings.EqualFold(found[1], "subscription") {
				action = Subscribe
			}
			return Denial{action, found[2], found[3]}, true
		}
	}
	return Denial{}, false
}
