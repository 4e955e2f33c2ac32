"""A process that was told to keep its memory to itself does, whatever the machine's core pattern is."""

import subprocess
import sys

PROGRAM = """
import ctypes, resource
from edge.secrecy import keep_out_of_dumps
resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
{call}
PR_GET_DUMPABLE = 3
print(resource.getrlimit(resource.RLIMIT_CORE)[1], ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0))
"""


def limit_and_dumpable(call: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(call=call)], check=True, capture_output=True, text=True
    )
    return ran.stdout.split()


def test_neither_the_kernel_nor_a_piped_handler_gets_a_core_of_it() -> None:
    assert limit_and_dumpable("keep_out_of_dumps()") == ["0", "0"]


def test_without_it_the_kernel_would() -> None:
    assert limit_and_dumpable("pass")[1] == "1"
