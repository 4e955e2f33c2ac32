"""`tcds-edge card` as a technician uses it: over a real pcscd, with cards of an issuer of our own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge.card_commands import card_app
from edge.card_report import FAULTS, masked
from edge.idcard.errors import CardFault
from edge.idcard.groups import Field
from tests.edge.card_desk import BankCard, call, lay
from tests.fakes.idcard.issuing import Personalisation, issue
from tests.fakes.idcard.manners import Manners
from tests.rig.pcsc import PcscDaemon

PERSONAL = ("079203001234", "NGUYEN", "Nguyễn", "VĂN AN", "Đường Thử Nghiệm", "2003")


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def pcscd(tmp_path: Path) -> Iterator[PcscDaemon]:
    with PcscDaemon(tmp_path / "pcscd") as daemon:
        yield daemon


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A trust store with the issuer of our cards."""
    directory = tmp_path / "trust"
    directory.mkdir()
    (directory / "csca.cer").write_bytes(issue().authority.csca_der)
    (directory / "csca.crl").write_bytes(issue().authority.crl_der)
    return directory


def test_help_explains_both_commands() -> None:
    shown = words(CliRunner().invoke(card_app, ["--help"]).stdout)
    assert "Start with `tcds-edge card doctor`" in shown
    for command, word in (("read", "masked"), ("read", "history"), ("doctor", "no try is used up")):
        assert word in words(CliRunner().invoke(card_app, [command, "--help"]).stdout)


def test_a_card_is_read_and_what_it_says_is_masked(pcscd: PcscDaemon, store: Path) -> None:
    card = lay(pcscd, issue())
    result = call("read", "--can", card.can, "--trust", store)
    assert result.exit_code == 0, result.output
    assert f"number        ********{card.person.number[-4:]}" in result.stdout
    initials = " ".join(f"{part[0]}." for part in card.person.name.split())
    assert f"name          {initials}" in result.stdout
    assert "issuer        an authority of the trust store issued the signer" in result.stdout
    assert "copy check    the chip is the original (Chip Authentication)" in result.stdout
    assert re.search(r"\d+ round trips, \d+\.\d\d s, on Virtual Reader 0 00 00", result.stdout)
    for step in ("opening ...", "reading ...", "proving ..."):
        assert step in result.stdout
    for value in (card.person.number, card.person.name, card.person.residence, card.person.origin):
        assert value not in result.output
    assert "ethnicity" not in result.output


def test_the_whole_number_opens_it_too_and_so_do_the_dates(pcscd: PcscDaemon) -> None:
    card = lay(pcscd, issue())
    person = card.person
    by_number = call("read", "--number", person.number)
    assert by_number.exit_code == 0, by_number.output
    assert "NOT CHECKED: no trust store is set" in by_number.stdout
    dates = (str(person.birth), str(person.mrz_expiry))
    by_dates = call("read", "--number", person.number, "--mrz-dates", *dates)
    assert by_dates.exit_code == 0, by_dates.output


def test_without_a_number_it_asks_for_one_unseen(pcscd: PcscDaemon) -> None:
    card = lay(pcscd, issue())
    result = call("read", answers=f"{card.can}\n")
    assert result.exit_code == 0, result.output
    assert card.can not in result.output


def test_showing_it_takes_a_second_word(pcscd: PcscDaemon) -> None:
    card = lay(pcscd, issue())
    refused = call("read", "--can", card.can, "--reveal", answers="n\n")
    assert refused.exit_code == 1
    assert card.chip.apdus == 0, "not even read"
    for shown in (
        call("read", "--can", card.can, "--reveal", answers="y\n"),
        call("read", "--can", card.can, "--reveal", "--yes"),
    ):
        assert shown.exit_code == 0, shown.output
        assert card.person.number in shown.stdout
        assert card.person.residence in shown.stdout
        assert card.person.ethnicity not in re.sub(r"residence.*", "", shown.stdout)


def test_the_photo_goes_into_a_new_file_of_this_user_alone(pcscd: PcscDaemon, tmp_path: Path) -> None:
    card, file = lay(pcscd, issue()), tmp_path / "photo.jpg"
    refused = call("read", "--can", card.can, "--photo", file, answers="n\n")
    assert (refused.exit_code, file.exists()) == (1, False)
    result = call("read", "--can", card.can, "--photo", file, "--yes")
    assert result.exit_code == 0, result.output
    assert "photo         image/jpeg, " in result.stdout
    assert file.read_bytes().startswith(b"\xff\xd8\xff")
    assert file.stat().st_mode & 0o777 == 0o600
    again = call("read", "--can", card.can, "--photo", file, "--yes")
    assert (again.exit_code, "is there already" in again.stderr) == (1, True)


def test_a_card_without_a_photo_writes_none(pcscd: PcscDaemon, tmp_path: Path) -> None:
    card = lay(pcscd, issue(Personalisation(with_photo=False)))
    result = call("read", "--can", card.can, "--photo", tmp_path / "photo.jpg", "--yes")
    assert (result.exit_code, "The card has no photo." in result.stderr) == (1, True)
    assert not (tmp_path / "photo.jpg").exists()


@pytest.mark.parametrize(
    ("plan", "manners", "fault", "advice"),
    [
        (Personalisation(cloned=True), Manners(), "cloned", "it is a copy"),
        (Personalisation(foreign=True), Manners(), "foreign-issuer", "Nobody in the trust store"),
        (Personalisation(tampered=13), Manners(), "tampered", "Do not accept the card"),
        (Personalisation(dsc_expired=True), Manners(), "issuer-expired", "Check the station's clock"),
        (Personalisation(), Manners(pulled_at=4), "gone", "Leave it on the reader"),
    ],
)
def test_a_fault_is_named_and_says_what_to_do(
    pcscd: PcscDaemon, store: Path, plan: Personalisation, manners: Manners, fault: str, advice: str
) -> None:
    card = lay(pcscd, issue(plan, manners))
    result = call("read", "--can", card.can, "--trust", store)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{fault}: ")
    assert advice in result.stderr
    assert not [word for word in PERSONAL if word in result.output]


def test_a_wrong_number_costs_one_try_and_says_so(pcscd: PcscDaemon) -> None:
    card = lay(pcscd, issue())
    result = call("read", "--can", "999999")
    assert result.exit_code == 1
    assert result.stderr.startswith("wrong-key: ")
    assert "Each wrong number costs a try." in result.stderr
    assert call("read", "--can", card.can).exit_code == 0


def test_another_kind_of_card_is_named(pcscd: PcscDaemon) -> None:
    pcscd.slots[0].insert(BankCard())
    result = call("read", "--can", "001234")
    assert (result.exit_code, result.stderr.partition(":")[0]) == (1, "other-card")


def test_no_card_is_waited_for_and_then_said(pcscd: PcscDaemon) -> None:
    result = call("read", "--can", "001234", "--wait", "0")
    assert result.exit_code == 1
    assert "Lay the card on Virtual Reader 0 00 00 ..." in result.stdout
    assert result.stderr.startswith("gone: ")
    assert pcscd.is_running


def test_a_reader_can_be_named(pcscd: PcscDaemon) -> None:
    pcscd.slots[1].insert(issue().chip)
    wrong = call("read", "--can", issue().can, "--reader", "ACR1252")
    assert wrong.exit_code == 1
    assert "no reader with 'ACR1252' in its name; there are: Virtual Reader 0 00 00, " in wrong.stderr
    right = call("read", "--can", issue().can, "--reader", "00 01")
    assert right.exit_code == 0, right.output


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--can", "12345"], "the last six digits"),
        (["--can", "12345x"], "the last six digits"),
        (["--can", "001234", "--number", "079203001234"], "--can stands alone"),
        (["--number", "12"], "number"),
        (["--number", "079203001234", "--mrz-dates", "2003-05-17", "tomorrow"], "YYYY-MM-DD"),
    ],
)
def test_a_mistyped_key_is_explained_and_not_repeated(arguments: list[str], text: str) -> None:
    result = call("read", *arguments)
    assert result.exit_code == 2
    assert text in words(re.sub("[│╭╮╰╯─]", " ", result.stderr))
    assert "12345x" not in result.stderr
    assert "079203001234" not in result.stderr


def test_a_trust_store_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    result = call("read", "--can", "001234", "--trust", tmp_path / "none")
    assert (result.exit_code, result.stderr) == (1, f"{tmp_path / 'none'}: No such file or directory\n")


def test_every_fault_has_words_that_say_what_to_do() -> None:
    assert set(FAULTS) == set(CardFault)
    assert all(len(text) > 60 and text.endswith(".") for text in FAULTS.values())


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (Field.NUMBER, "079203001234", "********1234"),
        (Field.NAME, "Nguyễn Văn An", "N. V. A."),
        (Field.NAME, "", ""),
        (Field.BIRTH, "17/05/2003", "(10 characters)"),
        (Field.RESIDENCE, "1 Đường Thử Nghiệm", "(18 characters)"),
    ],
)
def test_a_mask_tells_that_a_value_was_read_and_not_what(field: Field, value: str, shown: str) -> None:
    assert masked(field, value) == shown
