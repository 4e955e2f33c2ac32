#!/usr/bin/env bash
# Installs the Debian packages that demo and tests run for real, when they are missing and this user may.
set -eu
needed="mosquitto mosquitto-clients postgresql chromium-headless-shell simavr libsimavr-dev libelf-dev gcc gcc-avr binutils-avr avr-libc libc6-dev fonts-dejavu-core faketime espeak-ng dbus-daemon pcscd libccid vsmartcard-vpcd libpcsclite-dev pkg-config python3-dev age"
missing=""
for package in $needed; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ]; then
  run=""
elif sudo -n true 2>/dev/null; then
  run="sudo"
else
  echo "These Debian packages are missing; install them and run make again:" >&2
  echo "  sudo apt-get install --no-install-recommends$missing" >&2
  exit 1
fi
echo "Installing Debian packages:$missing"
# Their services must not start: demo and tests run their own copies on free ports.
$run env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 sh -eu -c "
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends$missing
" >/tmp/tcds-packages.log 2>&1 || {
  tail -n 20 /tmp/tcds-packages.log >&2
  exit 1
}
