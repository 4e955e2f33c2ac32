"""One far end by itself: `python -m cloud.connectors.simulators hospital --token-file hospital.token --port 9001`."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from catalogue.load import load_catalogue
from cloud.clock import now_ms
from cloud.connectors.simulators.far_ends import far_end
from cloud.connectors.simulators.serving import serving


def main(
    connector: Annotated[str, typer.Argument(help="Its name in catalogue/parties.yaml.")],
    token_file: Annotated[Path, typer.Option(help="One line: the bearer token that it wants to hear.")],
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Of 127.0.0.1; 0: a free one.")] = 0,
    pace_s: Annotated[
        float | None, typer.Option(min=0.1, help="Let each case go on by itself so often; else by /control/.")
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Another catalogue than the shipped one.")] = None,
) -> None:
    """Serve until SIGINT or SIGTERM; the first line says where."""
    catalogue = load_catalogue() if folder is None else load_catalogue(folder)
    token = token_file.read_text().strip()
    try:
        app = far_end(catalogue, connector, token, now_ms, pace_s=pace_s)
    except LookupError as error:
        raise typer.BadParameter(str(error)) from None
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    with serving(app, port=port) as url:
        typer.echo(f"{connector}: {url}")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    typer.run(main)
