package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

func TestKindOf(t *testing.T) {
	missing := fault.New(fault.NotFound, "no key %q", "prod")
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"nil":                       {nil, fault.Failed},
		"foreign":                   {errors.New("broken"), fault.Failed},
		"own":                       {missing, fault.NotFound},
		"wrapped":                   {fmt.Errorf("prod: %w", missing), fault.NotFound},
		"outer kind wins":           {fault.New(fault.Refused, "kept").Because(missing), fault.Refused},
		"kindless outer inherits":   {fault.New(fault.Failed, "failed").Because(missing), fault.NotFound},
		"hint keeps the kind":       {fault.Hint(missing, "latch keys list"), fault.NotFound},
		"given another kind":        {fault.As(fault.Usage, missing), fault.Usage},
		"joined: the most telling":  {errors.Join(errors.New("x"), missing, fault.New(fault.Usage, "bad")), fault.Usage},
		"cancelled":                 {fmt.Errorf("stopped: %w", context.Canceled), fault.Interrupted},
		"missing file":              {&fs.PathError{Op: "open", Path: "a", Err: fs.ErrNotExist}, fault.NotFound},
		"existing file":             {fs.ErrExist, fault.Exists},
		"kindless over a bare file": {fault.New(fault.Failed, "x").Because(fs.ErrNotExist), fault.NotFound},
	} {
		if got := fault.KindOf(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestText(t *testing.T) {
	cause := errors.New("disk full")
	for want, err := range map[string]error{
		"failed to write a: disk full": fault.New(fault.Failed, "failed to write %s", "a").Because(cause),
		"no cause, no colon":           fault.New(fault.Failed, "no cause, no colon").Because(nil),
		"disk full":                    fault.Hint(cause, "free some room"),
	} {
		if err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	}
	if fault.Hint(nil, "x") != nil || fault.As(fault.No, nil) != nil {
		t.Error("nil became an error")
	}
}

func TestHintAndDetailComeFromTheOutermostThatHasOne(t *testing.T) {
	inner := fault.New(fault.Failed, "inner").WithHint("latch %s", "inner").WithDetail(7)
	bare := fmt.Errorf("outer: %w", errors.Join(errors.New("other"), inner))
	if got := fault.HintOf(bare); got != "latch inner" {
		t.Errorf("hint %q", got)
	}
	if got := fault.DetailOf(bare); got != 7 {
		t.Errorf("detail %v", got)
	}
	if got := fault.HintOf(fault.Hint(bare, "latch outer")); got != "latch outer" {
		t.Errorf("outer hint %q", got)
	}
	if fault.HintOf(errors.New("x")) != "" || fault.DetailOf(nil) != nil {
		t.Error("something from nothing")
	}
}

func TestNoTwoKindsShareAName(t *testing.T) {
	seen := map[string]bool{}
	for kind := fault.Failed; kind <= fault.Interrupted; kind++ {
		if kind.String() == "" || kind.ExitCode() == 0 || seen[kind.String()] {
			t.Errorf("kind %d: %q, exit %d", kind, kind, kind.ExitCode())
		}
		seen[kind.String()] = true
	}
}

func TestWithLeavesTheOriginal(t *testing.T) {
	first := fault.New(fault.Failed, "first")
	_ = first.WithHint("x").WithDetail(1).Because(fs.ErrExist)
	if first.Hint() != "" || first.Detail() != nil || first.Unwrap() != nil {
		t.Error("the original was changed")
	}
}

func TestLike(t *testing.T) {
	err := fault.New(fault.NotFound, "there is no manifest").Like(fs.ErrNotExist)
	if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) || err.Error() != "there is no manifest" {
		t.Errorf("got %v", err)
	}
	if errors.Is(fault.New(fault.NotFound, "x"), fs.ErrNotExist) {
		t.Error("an error is like another that it was not made to match")
	}
}
