"""Turns into a program that finds a listening unix socket as descriptor 3, as systemd hands it over (sd_listen_fds(3)).

    activated.py [--private-run] SOCKET PROGRAM [ARGUMENT ...]

The process id stays. With --private-run the program has a /run of its own, in a user namespace: it need not be root.
"""

import os
import socket
import sys
from pathlib import Path

_PRIVATE_RUN = (
    "--user",
    "--map-root-user",
    "--mount",
    "sh",
    "-c",
    'mount -t tmpfs none /run && exec "$@"',
    "sh",
)
_FIRST_FD = 3


def main(arguments: list[str]) -> None:
    is_private = arguments[0] == "--private-run"
    path, *command = arguments[is_private:]
    Path(path).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(16)
    Path(path).chmod(0o666)
    if listener.fileno() == _FIRST_FD:
        os.set_inheritable(_FIRST_FD, True)  # noqa: FBT003 - its only form
    else:
        os.dup2(listener.fileno(), _FIRST_FD, inheritable=True)
    os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
    if is_private:
        command = ["unshare", *_PRIVATE_RUN, *command]
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
