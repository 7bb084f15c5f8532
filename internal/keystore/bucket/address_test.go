package bucket_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/bucket"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	const key = "UBIFYRQQGUNPFWK2XSRKEH6HIFF6WH6SDAJIDNFAGJNEWQN7O2PJ2UA6"
	for uri, want := range map[string]bucket.Address{
		"nats://h:4222/team":              {URLs: []string{"nats://h:4222"}, Bucket: "team"},
		"nats://h/team":                   {URLs: []string{"nats://h:4222"}, Bucket: "team"},
		"tls://h:1/t_-1":                  {URLs: []string{"tls://h:1"}, Bucket: "t_-1"},
		"nats://a:1,b:2/team":             {URLs: []string{"nats://a:1", "nats://b:2"}, Bucket: "team"},
		"nats://[::1]:4222/team":          {URLs: []string{"nats://[::1]:4222"}, Bucket: "team"},
		"nats://h/team?context=ops":       {URLs: []string{"nats://h:4222"}, Bucket: "team", Context: "ops"},
		"nats://h/team?maintainer=" + key: {URLs: []string{"nats://h:4222"}, Bucket: "team"},
	} {
		got, err := bucket.ParseAddress(uri)
		if err != nil || !slices.Equal(got.URLs, want.URLs) || got.Bucket != want.Bucket || got.Context != want.Context {
			t.Errorf("%s: %+v, %v", uri, got, err)
			continue
		}
		again, err := bucket.ParseAddress(got.Trusting(got.Maintainers))
		if err != nil || again.String() != got.String() || again.Context != got.Context || !slices.Equal(again.Maintainers, got.Maintainers) {
			t.Errorf("%s: as a URI again %+v, %v", uri, again, err)
		}
		if strings.Contains(uri, key) && (len(got.Maintainers) != 1 || got.Maintainers[0].String() != key) {
			t.Errorf("%s trusts %v", uri, got.Maintainers)
		}
	}
	for _, uri := range []string{
		"nats:", "nats:team", "nats://", "nats://h", "nats://h/", "nats:///team", "nats://h/a/b", "nats://h/a.b", "nats://h/*", "nats://h:x/team",
		"nats://user:secret@h/team", "nats://h/team?x=1", "nats://h/team?maintainer=x", "nats://a,,b/team", "http://h/team",
	} {
		if _, err := bucket.ParseAddress(uri); !fault.Is(err, fault.Usage) || fault.HintOf(err) == "" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", uri, err)
		}
	}
}
