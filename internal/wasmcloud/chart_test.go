package wasmcloud

import "testing"

// TestChartsAndConfigFileAreOfVariables: what a chart or host_config.json sets is
// read by hosts that have it.
func TestChartsAndConfigFileAreOfVariables(t *testing.T) {
	t.Parallel()
	rows := map[string]Variable{}
	for _, v := range Variables() {
		rows[v.Name] = v
	}
	for _, at := range Targets() {
		values := at.ChartValues()
		if len(values) < 15 {
			t.Errorf("the chart of %s has %d values", at, len(values))
		}
		for _, v := range values {
			switch row, known := rows[v.Variable]; {
			case !known || len(row.Targets()) == 0, at.IsOTP() && !row.ReadBy(at):
				t.Errorf("the chart of %s sets %s, which its hosts do not read", at, v.Variable)
			}
		}
	}
	if len(target(t, "rust-1.0").ChartValues()) != 0 {
		t.Error("a chart without cluster keys has values")
	}
	seen := map[string]bool{}
	for _, m := range ConfigMembers() {
		row, known := rows[m.Variable]
		if !known || !row.ReadBy(target(t, "otp")) || seen[m.Key] {
			t.Errorf("%s stands for %s, which OTP hosts do not read, or stands twice", m.Key, m.Variable)
		}
		seen[m.Key] = true
	}
}
