package wasmbus

import "testing"

// Whatever a host says runs on it, reading that ends, and is within bounds.
func FuzzInventory(f *testing.F) {
	f.Add([]byte(`{"actors":[{"id":"MB","name":"echo"}],"providers":[{"id":"VA"}]}`))
	f.Add([]byte(`{"success":true,"response":{"actors":[],"providers":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := readInventory(data)
		if err == nil && (len(all.Actors) > mostRunning || len(all.Providers) > mostRunning) {
			t.Errorf("%d actors and %d providers", len(all.Actors), len(all.Providers))
		}
	})
}

// Whatever a server answers, it is an account's user or unknown.
func FuzzUserInfo(f *testing.F) {
	f.Add([]byte(`{"server":{"time":"2026-01-02T03:04:05Z"},"data":{"user":"UA","account":"AA","permissions":{"publish":{"deny":["a.>"]}}}}`))
	f.Add([]byte(`{"data":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if info, known := ReadUserInfo(data); !known && (info.User != "" || info.Account != "" || !info.Time.IsZero()) {
			t.Errorf("not known, and yet %+v", info)
		}
	})
}
