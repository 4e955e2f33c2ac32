"""A tiny machine with a real kernel, D-Bus and bluetoothd: QEMU without acceleration, the host's root read-only inside.

Only the kernel and a small initramfs are made, once, below `.stamps/bluez`; Python, its libraries and bluetoothd are
the host's own. A scenario is a module that prints one line `TCDS-VERDICT {json}` to the serial line.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

KERNEL: Final = os.environ.get("TCDS_BLUEZ_KERNEL", "6.1.0-50-amd64")
"""Newer ones of this line lose bluetoothd to a kernel BUG when a bond is lost: docs/decisions/0012-bluetooth.md."""
MODULES: Final = (
    *("virtio_pci", "9pnet_virtio", "9p", "overlay"),
    *("sha512_generic", "jitterentropy_rng", "ctr", "drbg", "ecdh_generic", "cmac", "ecb"),
    *("algif_hash", "algif_skcipher", "bluetooth", "hci_vhci", "uhid"),
)
"""In the order of loading: the host's root, a random source, what pairing computes with, the radio."""
NEEDED: Final = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "cpio": "cpio",
    "depmod": "kmod",
    "modprobe": "kmod",
    "dpkg": "dpkg",
    "dbus-daemon": "dbus",
    "/usr/libexec/bluetooth/bluetoothd": "bluez",
    "/usr/share/seabios/bios-256k.bin": "seabios",
}
"""Programs and files, and the Debian packages that bring them."""
VERDICT: Final = "TCDS-VERDICT "
_REPO: Final = Path(__file__).resolve().parents[2]
_STAMPS: Final = _REPO / ".stamps" / "bluez"
_SBIN: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


class MachineError(Exception):
    """The machine could not be built, or ended without a verdict; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What QEMU starts from."""

    kernel: Path
    initramfs: Path


def build() -> Machine:
    """Return the machine, made now or earlier; MachineError with the missing packages by name."""
    packages = sorted({package for tool, package in NEEDED.items() if not shutil.which(tool, os.R_OK, _SBIN)})
    if packages:
        raise MachineError(
            "The Bluetooth machine needs Debian packages that are missing: "
            f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
        )
    machine = Machine(_STAMPS / f"vmlinuz-{KERNEL}", _STAMPS / f"initramfs-{KERNEL}.gz")
    unpacked = _STAMPS / f"unpacked-{KERNEL}"
    if not machine.kernel.exists():
        _unpack_kernel(unpacked)
        shutil.copy(unpacked / "boot" / machine.kernel.name, machine.kernel)
    init = Path(__file__).with_name("init.sh")
    if not machine.initramfs.exists() or machine.initramfs.stat().st_mtime < init.stat().st_mtime:
        _pack(_tree(unpacked, init), machine.initramfs)
    return machine


def run(machine: Machine, scenario: str, *, timeout_s: float) -> dict[str, Any]:
    """Boot `machine`, run module tests.bluez.`scenario` in it and return its verdict; MachineError without one."""
    words = f"tcds.repo={_REPO} tcds.python={sys.executable} tcds.scenario={scenario}"
    command = [
        *("qemu-system-x86_64", "-accel", "tcg", "-m", "1G", "-smp", "2"),
        *("-display", "none", "-monitor", "none", "-serial", "stdio", "-nic", "none", "-no-reboot"),
        *("-kernel", str(machine.kernel), "-initrd", str(machine.initramfs)),
        *("-append", f"console=ttyS0 quiet oops=panic panic=-1 {words}"),
        *("-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap"),
        *("-device", "virtio-9p-pci,fsdev=host,mount_tag=host"),
    ]
    said = _STAMPS / f"{scenario}.log"
    with said.open("wb") as log:
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=timeout_s,
                check=False,
            )
            end = "stopped"
        except subprocess.TimeoutExpired:
            end = f"was not done after {timeout_s:.0f} s"
    lines = said.read_text(errors="replace").splitlines()
    for line in reversed(lines):
        _, found, verdict = line.partition(VERDICT)
        if found:
            parsed: dict[str, Any] = json.loads(verdict)
            return parsed
    raise MachineError(f"The machine {end} without a verdict. It said last:\n" + "\n".join(lines[-40:]))


def _unpack_kernel(into: Path) -> None:
    """Download the kernel's Debian package and unpack it; nothing is installed."""
    _STAMPS.mkdir(parents=True, exist_ok=True)
    try:
        _do("apt-get", "download", f"linux-image-{KERNEL}", cwd=_STAMPS)
    except MachineError as error:
        raise MachineError(f"{error}\nThe kernel cannot be downloaded; does apt-get update work?") from error
    [package] = _STAMPS.glob(f"linux-image-{KERNEL}_*.deb")
    _do("dpkg", "-x", str(package), str(into))
    package.unlink()
    _do("depmod", "-b", str(into), KERNEL)


def _tree(unpacked: Path, init: Path) -> Path:
    """Lay out the initramfs: busybox, the modules in the order of their needs, and `init`."""
    tree = _STAMPS / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "bin").mkdir(parents=True)
    (tree / "modules").mkdir()
    shutil.copy(shutil.which("busybox") or "", tree / "bin" / "busybox")
    (tree / "bin" / "sh").symlink_to("busybox")
    shutil.copy(init, tree / "init")
    (tree / "init").chmod(0o755)
    order: dict[str, Path] = {}
    for module in MODULES:
        listed = _do("modprobe", "-d", str(unpacked), "-S", KERNEL, "--show-depends", module)
        paths = [Path(line.split()[1]) for line in listed.splitlines() if line.startswith("insmod")]
        order.update({path.name: path for path in paths})
    for name, path in order.items():
        shutil.copy(path, tree / "modules" / name)
    (tree / "modules.order").write_text("\n".join(order) + "\n")
    return tree


def _pack(tree: Path, target: Path) -> None:
    names = b"\0".join(sorted(os.fsencode(path.relative_to(tree)) for path in tree.rglob("*")))
    archive = subprocess.run(
        ["cpio", "--null", "--create", "--format=newc", "--quiet"],
        cwd=tree,
        input=names,
        capture_output=True,
        check=True,
    ).stdout
    aside = target.with_suffix(".new")
    aside.write_bytes(gzip.compress(archive))
    aside.replace(target)


def _do(program: str, *arguments: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [shutil.which(program, path=_SBIN) or program, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MachineError(f"{program} {' '.join(arguments)} failed: {done.stderr.strip()[-500:]}")
    return done.stdout
