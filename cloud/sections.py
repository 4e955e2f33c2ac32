"""What all sections of the settings are made of, and those that are long enough to stand alone."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

DAY_MS: Final = 86_400_000
MAX_CONNECTORS: Final = 100

Days = Annotated[int, Field(ge=1, le=3_650)]
Slug = Annotated[str, Field(max_length=48, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]


class Section(BaseModel):
    """A table of the file: frozen, and an unknown key is a mistake, not a remark."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Counter(Section):
    """What answers stations while somebody waits: the certificate that it connects with, `counter-0`."""

    certificate: Path
    key: Path


class Connector(Section):
    """An outside system that takes requests: its base address, and a file with the bearer token that it gave us."""

    url: HttpUrl
    token_file: Path


class BankAccount(Section):
    """The account that VietQR codes name, the secret by which the bank signs its notices, and where its statement is."""

    bank_bin: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    account: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{4,19}$")]
    secret_file: Path
    statement_url: HttpUrl


class Vnpay(Section):
    """VNPAY: our terminal, the secret of it, their page and their service for merchants."""

    tmn_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,16}$")]
    secret_file: Path
    page: HttpUrl
    service: HttpUrl


class Momo(Section):
    """MoMo: our partner code, the access key and the secret of it, and their gateway."""

    partner_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,32}$")]
    access_key_file: Path
    secret_file: Path
    gateway: HttpUrl


class Payments(Section):
    """Who takes money for us, and who bills; a provider that is left out is not offered.

    `billers` are by the names of the catalogue's connectors. Providers reach us below `api.public_url`.
    """

    bank: BankAccount | None = None
    vnpay: Vnpay | None = None
    momo: Momo | None = None
    billers: Annotated[dict[Slug, Connector], Field(max_length=MAX_CONNECTORS)] = {}

    def files(self) -> dict[str, list[Path]]:
        """Return the files that hold secrets, by their keys."""
        named = {
            f"payments.billers.{name}.token_file": [each.token_file] for name, each in self.billers.items()
        }
        for name in ("bank", "vnpay", "momo"):
            chosen = getattr(self, name)
            if chosen is not None:
                named[f"payments.{name}.secret_file"] = [chosen.secret_file]
        if self.momo is not None:
            named["payments.momo.access_key_file"] = [self.momo.access_key_file]
        return named


class Requests(Section):
    """What people submit: who offers what, how it reaches those who decide, how long what is sealed is kept.

    `catalogue` is a folder, None: the shipped one. `connectors` are by the names that the catalogue gives them; what would
    go by one that is not here waits at its desk. `first_poll_s` after a change an outside system is asked for news, then
    less and less often. `contact_key` opens the telephone numbers that people leave; without it,
    or without `notify.sms`, nobody is sent messages. `sealed_days` count from the end of a request, `waiting_days` from the
    arrival of what was done to a request that never came.
    """

    catalogue: Path | None = None
    catch_all_desk: Slug = "one-stop"
    duty_desk: Slug = "duty"
    connectors: Annotated[dict[Slug, Connector], Field(max_length=MAX_CONNECTORS)] = {}
    first_poll_s: Annotated[int, Field(ge=1, le=3_600)] = 60
    contact_key: Path | None = None
    sealed_days: Days = 180
    waiting_days: Days = 90
