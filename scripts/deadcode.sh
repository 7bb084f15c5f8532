#!/bin/sh
# Fails when a function of the product is reached from main on no system that
# builds its file. What stands for tests alone is listed below, with the reason.
set -eu
cd "$(dirname "$0")/.."

allowed() {
	cat <<-'END'
		internal/invocation EncodeResponse  how simulated hosts answer
		internal/safefile Interposed  how tests stand between a store and the disk
		internal/lattice Document.Bytes  how tests see what Save would write
		internal/lattice Manifest.Host  how tests look a host up; commands look many up at once
		internal/env Dialect.About  for docs/environment.md
		internal/env Assignment.String  what prints one by mistake shows no secret
	END
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$(pwd)
for os in linux windows darwin; do
	CGO_ENABLED=0 GOOS=$os go list -f '{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}' ./... |
		sed -n "s|^$root/\(.*\)|file \1|p" >>"$work/all"
	CGO_ENABLED=0 GOOS=$os sh scripts/tool.sh deadcode ./cmd/latch | tr '\\' / | sed 's/^/dead /' >>"$work/all"
done
[ "$(grep -c '^file ' "$work/all")" -gt 100 ] || { echo 'deadcode: no files were found' >&2; exit 1; }

allowed | sed 's/^/allow /' | cat - "$work/all" | awk '
	$1 == "allow" { fine[$2 " " $3] = 1 }
	$1 == "file"  { builds[$2]++ }
	$1 == "dead"  { reports[substr($0, 6)]++ }
	END {
		for (line in reports) {
			split(line, at, ":")
			folder = at[1]; sub("/[^/]*$", "", folder)
			name = line; sub(".*: ", "", name)
			if (reports[line] == builds[at[1]] && !fine[folder " " name]) print line
		}
	}' | sort >"$work/dead"
[ ! -s "$work/dead" ] || { cat "$work/dead"; exit 1; }
