"""Where `tcds-edge` starts: the daemon by the short way, everything else by the command line."""

import os
import sys

from edge.daemon import config_of_run, run_daemon


def main() -> None:
    """Run the command line."""
    config = config_of_run(sys.argv[1:], dict(os.environ))
    if config is not None:
        sys.exit(run_daemon(config))
    from edge.cli import app  # noqa: PLC0415 - the daemon does without it

    app()


if __name__ == "__main__":
    main()
