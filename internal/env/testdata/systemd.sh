# Runs in fresh pid and mount namespaces as: SYSTEMD RESULTS FILE...
# Starts a user manager of the systemd binary SYSTEMD and, for the nth FILE, a
# service with it as EnvironmentFile; RESULTS/n is what `env -0` prints there.
systemd=$1 results=$2
shift 2

# The run directory is ours alone: nothing outside sees the manager.
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0
chmod 700 /run/user/0
export XDG_RUNTIME_DIR=/run/user/0 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/0/bus
dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --fork
"$systemd" --user --unit=basic.target >"$results/log" 2>&1 &

tries=0
until systemctl --user is-system-running >/dev/null 2>&1; do
	tries=$((tries + 1))
	if [ "$tries" -gt 200 ]; then
		cat "$results/log"
		exit 1
	fi
	sleep 0.05
done

n=0
for file in "$@"; do
	n=$((n + 1))
	systemd-run --user --wait --pipe --quiet -p EnvironmentFile="$file" env -0 >"$results/$n"
done
