package bucket_test

import (
	"testing"
	"time"
)

// TestAWatchHears: what others change is told of; a user who may not hear it reads
// all the same.
func TestAWatchHears(t *testing.T) {
	t.Parallel()
	server := withRoles(t, "team")
	alice := newTeam(t, "team", server)
	alice.put(t, "a")
	for role, hears := range map[string]bool{"all": true, "keystore-reader": false} {
		store := alice.as(server, role).open(t)
		store.Linger(time.Hour)
		heard := store.Watch()
		if _, err := store.Get(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		alice.put(t, "of-"+role)
		if !hears {
			if _, err := store.Get(t.Context(), "of-"+role); err != nil {
				t.Errorf("%s: %v", role, err)
			}
			continue
		}
		select {
		case <-heard:
		case <-time.After(time.Minute):
			t.Errorf("%s hears nothing", role)
		}
	}
}
