package bucket

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"
)

// TestMain runs twice as many tests at the same time as there are processors: most of the
// time they wait, for servers that elect a leader and for answers that are lost.
func TestMain(m *testing.M) {
	flag.Parse()
	usual := strconv.Itoa(runtime.GOMAXPROCS(0))
	if at := flag.Lookup("test.parallel"); at.Value.String() == usual {
		_ = at.Value.Set(strconv.Itoa(2 * runtime.GOMAXPROCS(0)))
	}
	os.Exit(m.Run())
}
