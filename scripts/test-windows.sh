#!/bin/sh
# Runs under wine what is different on Windows: the keystore's contract against
# the Credential Manager, and the access lists of files. Not part of make test.
# On Debian: apt-get install --no-install-recommends wine wine64 gcc-mingw-w64-x86-64-win32
set -eu

wine=$(command -v wine64 || ls /usr/lib/wine/wine64 2>/dev/null || true)
for program in "$wine" wineboot x86_64-w64-mingw32-gcc; do
	command -v "$program" >/dev/null 2>&1 || {
		echo "test-windows: ${program:-wine64} is not installed" >&2
		echo 'hint: apt-get install --no-install-recommends wine wine64 gcc-mingw-w64-x86-64-win32' >&2
		exit 3
	}
done

work=$(mktemp -d)
export WINEPREFIX="$work/prefix" WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
trap 'wineserver -k 2>/dev/null || true; rm -rf "$work"' EXIT
wineboot -i
x86_64-w64-mingw32-gcc -shared -O2 -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" \
	scripts/bcryptprimitives.c -ladvapi32

# run PACKAGE PATTERN
run() {
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go test -c -o "$work/test.exe" "$1"
	(cd "$work" && timeout 120 "$wine" ./test.exe -test.v -test.parallel 1 -test.run "$2") >"$work/log" 2>&1 || {
		cat "$work/log"
		exit 1
	}
	grep -E '^--- |cases ran' "$work/log"
}
run ./internal/safefile 'AccessLists'
run ./internal/keystore 'CredentialManager'
