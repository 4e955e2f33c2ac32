#!/bin/sh
# First and only process of the tiny machine: the host's root, read-only, below a throw-away layer; then one scenario.
# The kernel's command line brings tcds.repo=, tcds.python= and tcds.scenario=; what the scenario prints goes to the serial line.
b=/bin/busybox
$b mkdir -p /proc /sys /dev /host /layer /machine
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev 2>/dev/null
for module in $($b cat /modules.order); do $b insmod "/modules/$module" || echo "no module $module"; done
for word in $($b cat /proc/cmdline); do
  case "$word" in
    tcds.repo=*) repo=${word#*=} ;;
    tcds.python=*) python=${word#*=} ;;
    tcds.scenario=*) scenario=${word#*=} ;;
  esac
done
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose host /host
$b mount -t tmpfs layer /layer
$b mkdir /layer/upper /layer/work
$b mount -t overlay -o lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work overlay /machine
$b mount -t proc proc /machine/proc
$b mount -t sysfs sys /machine/sys
$b mount -t devtmpfs dev /machine/dev
for directory in /machine/run /machine/tmp /machine/var/lib/bluetooth; do
  $b mkdir -p "$directory"
  $b mount -t tmpfs fresh "$directory"
done
$b chmod 1777 /machine/tmp
$b ip link set lo up
$b chroot /machine /bin/sh -c "cd '$repo' && PYTHONDONTWRITEBYTECODE=1 exec '$python' -m tests.bluez.inside '$scenario'"
$b sync
$b poweroff -f
