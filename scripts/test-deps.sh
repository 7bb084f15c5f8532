#!/bin/sh
# Makes sure that the outside programs which tests compare latch with are here.
# On Debian as root it installs what is missing; elsewhere it names it.
# Exits 0 when all are here, 3 when some are not.
set -eu
cd "$(dirname "$0")/.."

# npm_package installs a package of npm into a folder of its own.
npm_package() {
	folder=.tools/npm/$1
	[ ! -d "$folder/node_modules/${2%@*}" ] || return 0
	echo "test-deps: installing $2" >&2
	mkdir -p "$folder"
	npm install --silent --no-audit --no-fund --no-save --prefix "$folder" "$2" </dev/null >&2 || return 3
}

# gosdk is the Go provider SDK that signs calls, in a module of its own, so that
# its old dependencies stay out of ours.
gosdk() {
	source=internal/invocation/testdata/gosdk
	[ .tools/gosdk -nt "$source/main.go" ] && [ .tools/gosdk -nt "$source/go.mod" ] && return 0
	echo 'test-deps: building the Go provider SDK' >&2
	go build -C "$source" -o "$PWD/.tools/gosdk" . >&2 || return 3
}

# modules are programs that come from registries of languages.
modules() {
	npm_package nkeys.js nkeys.js@1.1.0 &&
		npm_package msgpack @msgpack/msgpack@3.1.3 &&
		gosdk
}

# program, Debian package; TestOraclesAreInstalled holds this list to the tests
programs() {
	cat <<-'END'
		age                   age
		age-keygen            age
		bash                  bash
		busybox               busybox
		dash                  dash
		dbus-daemon           dbus
		direnv                direnv
		dpkg                  dpkg
		dpkg-deb              dpkg
		env                   coreutils
		fish                  fish
		flock                 util-linux
		gnome-keyring-daemon  gnome-keyring
		jq                    jq
		ksh93                 ksh93u+m
		man                   man-db
		mksh                  mksh
		node                  nodejs
		npm                   npm
		python3               python3
		rg                    ripgrep
		rpm                   rpm
		rpmbuild              rpm
		ruby                  ruby
		secret-tool           libsecret-tools
		ssh-keygen            openssh-client
		strace                strace
		systemctl             systemd
		systemd               systemd
		systemd-analyze       systemd
		systemd-run           systemd
		tmux                  tmux
		unshare               util-linux
		yash                  yash
		zsh                   zsh
	END
}

# Debian package of a library, the file by which it is there
libraries() {
	cat <<-'END'
		bash-completion /usr/share/bash-completion/bash_completion
		python3-dotenv  /usr/lib/python3/dist-packages/dotenv/__init__.py
		ruby-dotenv     /usr/share/rubygems-integration/all/specifications/dotenv-[0-9]*.gemspec
	END
}

# missing prints the packages of what is not here, on one line.
missing() {
	{
		programs | while read -r program package; do
			command -v "$program" >/dev/null 2>&1 || printf '%s\n' "$package"
		done
		libraries | while read -r package file; do
			# shellcheck disable=SC2086 # the file may be a pattern
			ls $file >/dev/null 2>&1 || printf '%s\n' "$package"
		done
	} | sort -u | tr '\n' ' '
}

packages=$(missing)
if [ -z "$packages" ]; then
	modules
	exit
fi

install="apt-get install -y --no-install-recommends $packages"
if [ "$(uname -s)" != Linux ] || ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
	printf 'test-deps: not installed: %s\n' "$packages" >&2
	printf 'hint: on Debian or Ubuntu: sudo %s\n' "$install" >&2
	exit 3
fi

printf 'test-deps: installing %s\n' "$packages" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && $install; } >"$log" 2>&1 </dev/null; then
	cat "$log" >&2
	exit 3
fi
packages=$(missing)
[ -z "$packages" ] || { printf 'test-deps: still missing: %s\n' "$packages" >&2; exit 3; }
modules
