"""Every other far end of the shipped catalogue, and the settings by which the cloud finds them."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from catalogue.load import load_catalogue
from catalogue.routes import Protocol
from cloud.clock import now_ms
from cloud.connectors.simulators.far_ends import far_end
from cloud.connectors.simulators.serving import serving_all

TOKEN: Final = "invented-token-of-a-partner"


@contextmanager
def running_far_ends(
    directory: Path, *, pace_s: float, without: Collection[str] = ()
) -> Iterator[dict[str, str]]:
    """Run them until the context ends, but for the portal's and those `without`; yield their addresses by their names."""
    directory.mkdir(parents=True, exist_ok=True)
    catalogue = load_catalogue()
    names = [
        each.id
        for each in catalogue.parties.connectors
        if each.protocol not in {Protocol.CASES, Protocol.DESK} and each.id not in without
    ]
    apps = {far_end(catalogue, name, TOKEN, now_ms, pace_s=pace_s): 0 for name in names}
    with serving_all(apps) as urls:
        yield dict(zip(names, urls, strict=True))


def far_ends_section(directory: Path, urls: dict[str, str]) -> str:
    """Return the cloud's settings of them; they follow those of `[requests]`."""
    token = directory / "far-end.token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    lines: list[str] = []
    parties = load_catalogue().parties
    for name, url in urls.items():
        kind = "payments.billers" if parties.protocol(name) is Protocol.BILLS else "requests.connectors"
        lines += [f"[{kind}.{name}]", f"url = {json.dumps(url)}", f"token_file = {json.dumps(str(token))}"]
    return "\n".join(lines) + "\n"
