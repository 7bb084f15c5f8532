# Runs in fresh pid, cgroup and mount namespaces as:
#   SYSTEMD RESULTS CREDENTIALS DROPIN...
# Boots a system manager of the systemd binary SYSTEMD with the files of the folder
# CREDENTIALS as /etc/credstore, and one service with each DROPIN; RESULTS/n is
# the credential that the nth of them is given.
systemd=$1 results=$2 credentials=$3
shift 3

# The run and configuration directories are ours alone. systemd mounts each
# service's credentials in a namespace of its own, whence they must reach ours.
mount --make-rshared /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/etc/credstore
cp /etc/passwd /etc/group /etc/nsswitch.conf /run/etc
cp "$credentials"/* /run/etc/credstore
chmod 700 /run/etc/credstore
mount --bind /run/etc /etc

units=/run/systemd/system
services=
n=0
for dropin in "$@"; do
	n=$((n + 1))
	services="$services host$n.service"
	mkdir "$units/host$n.service.d"
	cp "$dropin" "$units/host$n.service.d/latch.conf"
	cat >"$units/host$n.service" <<-END
		[Unit]
		DefaultDependencies=no
		[Service]
		Type=oneshot
		User=nobody
		StandardOutput=file:$results/$n
		ExecStart=/bin/sh -c 'exec cat "\$CREDENTIALS_DIRECTORY/latch.json"'
	END
done
cat >"$units/end.service" <<END
[Unit]
DefaultDependencies=no
Wants=$services
After=$services
[Service]
Type=oneshot
ExecStart=/bin/systemctl exit --force --force
END

export container=test
exec "$systemd" --system --unit=end.service --log-target=console </dev/null
