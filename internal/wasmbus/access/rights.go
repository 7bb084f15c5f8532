package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// compareRights holds what the user may do against what its hosts need: as the
// server tells it, to those it lets ask, or else as the JWT does.
func (v *visit) compareRights(ctx context.Context) error {
	rights, err := v.rights(ctx)
	if err != nil || rights == nil {
		return err
	}
	v.RightsKnown = true
	lacks := rights.Lacks(v.needs)
	if len(lacks) > 0 { // what was refused is among them, said more exactly
		v.Problems = slices.DeleteFunc(v.Problems, func(p Problem) bool { return p.Rule == RuleSubscribe || p.Rule == RulePublish })
	}
	for _, kind := range []struct {
		action wasmcloud.Action
		rule   finding.Rule
		says   string
	}{
		{wasmcloud.Subscribe, RuleSubscribe, "the user may not subscribe to "},
		{wasmcloud.Publish, RulePublish, "the user may not publish to "},
		{wasmcloud.Respond, RulePublish, "the user may not answer whoever asks it (allow_responses): "},
	} {
		var subjects []string
		for _, lack := range lacks {
			if lack.Action == kind.action {
				subjects = append(subjects, strings.TrimSpace(fmt.Sprintf("%s (%s)", lack.Subject, few(lack.Fails))))
			}
		}
		if len(subjects) > 0 {
			v.wrong(kind.rule, kind.says+few(subjects), "latch nats permissions --for "+v.Purpose.String())
		}
	}
	v.exceeds(rights.Exceeds(v.needs, v.Setup))
	return nil
}

// exceeds notes what the user may do beyond what its hosts need, the worst of it.
func (v *visit) exceeds(found []permissions.Excess) {
	if len(found) == 0 {
		return
	}
	var allowed, could []string
	for _, e := range found {
		allowed = append(allowed, fmt.Sprintf("%s %s", e.Action, e.Subject))
		for _, can := range e.Could {
			if !slices.Contains(could, can) {
				could = append(could, can)
			}
		}
	}
	says := "the user may do more than hosts need: " + few(allowed)
	if len(could) > 0 {
		says += "; it could " + few(could)
	}
	v.doubtful(RuleExceeds, says, "latch nats permissions --for "+v.Purpose.String()+" lists the least")
}

// few names the first of many.
func few(all []string) string {
	const most = 3
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
}

// rights are what the user may do, nil where nobody tells.
func (v *visit) rights(ctx context.Context) (*permissions.Rights, error) {
	if v.has(RuleSubscribe) { // the answer may not be heard
		return v.User.Rights, nil
	}
	begun := v.Now()
	answer, err := v.ask(ctx, wasmbus.AskUserInfo, nil)
	switch {
	case errors.Is(err, errForbidden), errors.Is(err, errSilent), errors.Is(err, nats.ErrNoResponders):
		return v.User.Rights, nil
	case err != nil:
		return nil, err
	}
	info, known := wasmbus.ReadUserInfo(answer)
	if !known {
		return v.User.Rights, nil
	}
	v.tells(info.Time, begun)
	return &info.Rights, nil
}
