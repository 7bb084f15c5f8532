package natsconn

import (
	"fmt"
	"regexp"
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

// ParseDenial finds a denial in what a server said, or in a line of its log or of
// a host's. Source: nats-server v2.15 server/client.go.
func ParseDenial(text string) (Denial, bool) {
	found := regexp.MustCompile(`(?i)permissions? violation for (publish|subscription) to "?([^"\s]+)"?(?: using queue "?([^"\s]+)"?)?`).FindStringSubmatch(text)
	if found == nil {
		return Denial{}, false
	}
	action := Publish
	if found[1] != "Publish" && found[1] != "publish" {
		action = Subscribe
	}
	return Denial{action, found[2], found[3]}, true
}
