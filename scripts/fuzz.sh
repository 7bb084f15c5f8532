#!/bin/sh
# Runs every fuzz target for so many inputs, or so long: sh scripts/fuzz.sh 20000x
set -eu

time=${1:?how many inputs for each target, such as 20000x, or how long, such as 1m}
count=0
for package in $(go list ./...); do
	listed=$(go test -list '^Fuzz' "$package") # on its own line: a failing build must end this
	for target in $(printf '%s\n' "$listed" | sed -n '/^Fuzz/p'); do
		echo "fuzz: $package $target for $time"
		# Otherwise each input that is new is made smaller for up to a minute, of the time that is meant for others.
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 20x "$package"
		count=$((count + 1))
	done
done
[ "$count" -gt 0 ] || { echo 'fuzz: no fuzz target found' >&2; exit 1; }
echo "fuzz: $count targets ran"
