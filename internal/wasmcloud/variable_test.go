package wasmcloud

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// table reads the rows of a file in testdata, whose fields " | " parts.
func table(t *testing.T, name string, fields int) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var rows [][]string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		row := strings.Split(lines.Text(), " | ")
		if len(row) != fields {
			t.Fatalf("%s: %q", name, lines.Text())
		}
		rows = append(rows, row)
	}
	if lines.Err() != nil || len(rows) == 0 {
		t.Fatalf("%s: no rows, %v", name, lines.Err())
	}
	return rows
}

// The last releases that the rows of host-variables.txt look at.
func lastOTP() version  { return version{0, 63, 2} }
func lastRust() version { return version{1, 9, 2} }

// ranges writes rows of releases as host-variables.txt does; what stands for the
// end of a series is the last release in it.
func ranges(s spans, lastRelease version) string {
	ends := map[version]version{{0, 79, last}: {0, 79, 1}, {0, 80, last}: {0, 80, 0}, {0, 82, last}: {0, 82, 0}}
	var rows []string
	for _, row := range s {
		end := row.last
		if end == (version{}) {
			end = lastRelease
		}
		if known, found := ends[end]; found {
			end = known
		}
		rows = append(rows, full(row.first)+".."+full(end))
	}
	if len(rows) == 0 {
		return "-"
	}
	return strings.Join(rows, ", ")
}

func full(v version) string {
	if v.patch == 0 {
		return v.String() + ".0"
	}
	return v.String()
}

// differences are the rows in which Variables differs from what a script read
// off the sources, and why.
func differences() map[string]string {
	return map[string]string{
		"HOST_*":                "Rust hosts of 0.78 and 0.79 read labels in crates/host, not in src/main.rs",
		"WASMCLOUD_LABEL_*":     "0.79.1 to 0.81 read labels in crates/host; src/main.rs does from 0.82 on",
		"WASMCLOUD_ENABLE_IPV6": "the script missed it: OTP 0.55 and later map it in config_plan.ex; Rust hosts declare it and use it for nothing",
	}
}

// TestVariablesAgreeWithTheSources goes row by row through every variable of 73
// release tags, both ways.
func TestVariablesAgreeWithTheSources(t *testing.T) {
	t.Parallel()
	sources := map[string][2]string{}
	for _, row := range table(t, "host-variables.txt", 3) {
		sources[row[0]] = [2]string{row[1], row[2]}
	}
	if len(sources) < 80 {
		t.Errorf("%d rows", len(sources))
	}
	apart := differences()
	for _, v := range Variables() {
		got := [2]string{ranges(v.otp, lastOTP()), ranges(v.rust, lastRust())}
		want, listed := sources[v.Name]
		_, differs := apart[v.Name]
		switch {
		case differs && listed && got == want:
			t.Errorf("%s agrees with the sources after all", v.Name)
		case !differs && (!listed || got != want):
			t.Errorf("%s: read by %v, the sources say %v", v.Name, got, want)
		}
		delete(sources, v.Name)
		delete(apart, v.Name)
	}
	for name := range sources {
		t.Errorf("%s is missing", name)
	}
	for name := range apart {
		t.Errorf("%s differs from nothing", name)
	}
}

func TestVariablesAreWellFormed(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[A-Z][A-Z0-9_]*\*?$`)
	seen := map[string]bool{}
	for _, v := range Variables() {
		if !shape.MatchString(v.Name) || seen[v.Name] || v.Meaning == "" || v.Form == "" || len(v.Targets()) == 0 {
			t.Errorf("row %q is misspelt, repeated or incomplete", v.Name)
		}
		seen[v.Name] = true
		isSeed := strings.HasSuffix(v.Name, "_SEED")
		if secret := isSeed || strings.HasSuffix(v.Name, "_PASSWORD"); secret != (v.Sensitivity == Secret) {
			t.Errorf("%s has sensitivity %d", v.Name, v.Sensitivity)
		}
		if (v.Key.Want.Role == keys.RoleSeed) != isSeed {
			t.Errorf("%s wants %v", v.Name, v.Key.Want)
		}
		if strings.HasSuffix(v.Name, "_JWT") && v.Sensitivity == Public {
			t.Errorf("%s is shown", v.Name)
		}
	}
}

func TestKeySlots(t *testing.T) {
	t.Parallel()
	slots := KeySlots()
	if len(slots) != 10 {
		t.Errorf("%d variables hold keys: %v", len(slots), slots)
	}
	if is := slots[ClusterIssuers]; !is.List || is.Want.Kind != keys.Cluster || is.Want.Role != keys.RolePublic {
		t.Errorf("issuers are %+v", is)
	}
	if seed := slots[ClusterSeed]; seed.List || seed.Want.Kind != keys.Cluster || seed.Want.Role != keys.RoleSeed {
		t.Errorf("the cluster seed is %+v", seed)
	}
}

func TestReaders(t *testing.T) {
	t.Parallel()
	registry := NewRegistry()
	for name, want := range map[string][2]string{
		ClusterSeed:                   {"otp-0.51 to rust-0.82", "OTP 0.50 to 0.63; Rust 0.78 to 0.82"},
		HostSeed:                      {"all", "OTP 0.50 to 0.63; Rust 0.78 and later"},
		Lattice:                       {"rust-0.82 and later", "Rust 0.82 and later"},
		"OTEL_EXPORTER_OTLP_ENDPOINT": {"rust-0.78 to rust-0.82, rust-1.3 and later", "Rust 0.78 to 0.82, 1.3 and later"},
		"HOST_CONFIG":                 {"otp", "OTP 0.60 to 0.63"},
		"WASMCLOUD_HOST_KEY":          {"otp", "OTP 0.50 to 0.50.1"},
		"WASMCLOUD_CTL_CREDS":         {"rust-1.0 and later", "Rust 1.2.1 and later"},
		"WASMCLOUD_LABEL_x":           {"rust-0.79 and later", "Rust 0.79.1 and later"},
		MisspeltNATSSeed:              {"rust-0.81 to rust-1.0", "Rust 0.81 to 1.1.1"},
	} {
		v, known := registry.Lookup(name)
		if got := [2]string{v.Readers(), v.Releases()}; !known || got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"", "HOST_", "PATH", "wasmcloud_lattice", "WASMCLOUD_CLUSTER_SEED_"} {
		if v, known := registry.Lookup(name); known {
			t.Errorf("%q is %q", name, v.Name)
		}
	}
}

// TestNotRead: what no host reads is no variable, but for the one that only the
// first hosts read.
func TestNotRead(t *testing.T) {
	t.Parallel()
	registry := NewRegistry()
	for name, why := range NotRead() {
		if _, known := registry.Lookup(name); known != (name == hostKey) || why == "" {
			t.Errorf("%s: %t, %q", name, known, why)
		}
	}
}

// TestConnectionsAreVariables: every name in Connections has its row.
func TestConnectionsAreVariables(t *testing.T) {
	t.Parallel()
	registry := NewRegistry()
	for _, c := range Connections() {
		names := slices.DeleteFunc([]string{c.Host, c.Port, c.TLS, c.JWT, c.Seed, c.Creds}, func(name string) bool { return name == "" })
		if len(names) < 4 {
			t.Errorf("%s has only %v", c.Name, names)
		}
		for _, name := range names {
			if _, known := registry.Lookup(name); !known {
				t.Errorf("no host reads %s", name)
			}
		}
	}
}
