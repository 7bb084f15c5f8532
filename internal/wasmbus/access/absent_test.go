package access_test

import (
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
)

// notThere is the error of a file that is not on this machine.
func notThere(t *testing.T) error {
	t.Helper()
	_, err := safefile.Read(t.TempDir()+"/none.creds", safefile.Shared, 1)
	if err == nil {
		t.Fatal("it is there")
	}
	return err
}

// atOdds is the error of a seed and a JWT of different users.
func atOdds() error {
	return fault.New(fault.Refused, "the seed is that of UA, but the JWT was issued to UB").WithHint("name the other seed")
}
