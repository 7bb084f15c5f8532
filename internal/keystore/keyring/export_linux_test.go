package keyring

import "context"

// Probe asks whether secrets can be had, with runtimeDir for /run/user/UID.
func Probe(ctx context.Context, environ []string, runtimeDir string) error {
	return prober{environ: environ, runtimeDir: runtimeDir}.probe(ctx, true)
}
