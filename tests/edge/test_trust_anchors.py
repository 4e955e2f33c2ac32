"""A directory of certificates and lists becomes a trust store, or says why not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from edge import trust_anchors
from edge.trust_anchors import TrustAnchorsError, load_trust, read_anchors
from tests.fakes.idcard.issuing import Personalisation, issue

AUTHORITY = issue().authority
REVOKING = issue(Personalisation(revoked=True)).authority


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """One authority with its list."""
    (tmp_path / "vietnam.cer").write_bytes(AUTHORITY.csca_der)
    (tmp_path / "vietnam.crl").write_bytes(AUTHORITY.crl_der)
    return tmp_path


def old_list() -> bytes:
    """A list of an authority of its own, overdue since 2021."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Old")])
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=name,
        last_update=datetime(2020, 12, 1, tzinfo=UTC),
        next_update=datetime(2021, 1, 1, tzinfo=UTC),
    )
    return builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(Encoding.PEM)


def test_certificates_and_lists_are_loaded(directory: Path) -> None:
    store = load_trust(directory)
    assert (len(store.authorities), len(store.revoked), store.problems) == (1, 1, ())


def test_what_is_revoked_is_known(directory: Path) -> None:
    (directory / "vietnam.crl").write_bytes(REVOKING.crl_der)
    (serials,) = load_trust(directory).revoked.values()
    assert len(serials) == 1


@pytest.mark.parametrize("name", ["a.crt", "a.der", "a.pem", "A.CER"])
def test_names_of_certificates_end_as_people_write_them(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(AUTHORITY.csca_der)
    assert len(load_trust(tmp_path).authorities) == 1


def test_pem_is_read_too(tmp_path: Path) -> None:
    certificate = x509.load_der_x509_certificate(AUTHORITY.csca_der)
    (tmp_path / "vietnam.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    assert len(load_trust(tmp_path).authorities) == 1


def test_other_files_are_left_alone(directory: Path) -> None:
    (directory / "README").write_text("where these come from")
    (directory / "private.key").write_bytes(b"\xff")
    assert load_trust(directory).problems == ()


def test_broken_files_are_named_and_the_others_are_used(directory: Path) -> None:
    (directory / "a-broken.cer").write_bytes(b"\x30\x03\x02\x01\x01")
    (directory / "z-broken.crl").write_bytes(b"nothing")
    anchors = read_anchors(directory)
    assert len(anchors.store.authorities) == len(anchors.store.revoked) == 1
    assert [problem.partition(": ")[0] for problem in anchors.problems] == ["a-broken.cer", "z-broken.crl"]


def test_a_list_of_nobody_is_named(directory: Path) -> None:
    (directory / "stranger.crl").write_bytes(old_list())
    assert read_anchors(directory).problems == ("stranger.crl: no authority of the store signed it",)


def test_a_list_that_is_overdue_is_named(directory: Path) -> None:
    (directory / "broken.crl").write_bytes(b"nothing")
    (directory / "old.crl").write_bytes(old_list())
    anchors = read_anchors(directory)
    assert anchors.overdue(datetime(2020, 12, 2, tzinfo=UTC)) == ()
    assert anchors.overdue(datetime(2021, 1, 2, tzinfo=UTC)) == ("old.crl",)
    century = datetime.now(UTC) + timedelta(days=36_500)
    assert anchors.overdue(century) == ("old.crl", "vietnam.crl")


def no_directory(path: Path) -> Path:
    return path / "none"


def empty(path: Path) -> Path:
    return path


def only_broken(path: Path) -> Path:
    (path / "broken.cer").write_bytes(b"nothing")
    return path


def a_directory_within(path: Path) -> Path:
    (path / "inner.cer").mkdir()
    return path


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (no_directory, "none: No such file or directory"),
        (empty, "no authority to trust (it holds no *.cer"),
        (only_broken, "no authority to trust (broken.cer: "),
        (a_directory_within, "inner.cer: is no file"),
    ],
)
def test_a_directory_that_cannot_be_used_is_refused(
    tmp_path: Path, make: Callable[[Path], Path], text: str
) -> None:
    with pytest.raises(TrustAnchorsError) as caught:
        load_trust(make(tmp_path))
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("cap", "text"), [("MAX_FILES", "more than 1 files"), ("MAX_FILE_BYTES", "more than 1 bytes")]
)
def test_what_is_too_much_is_refused(
    directory: Path, monkeypatch: pytest.MonkeyPatch, cap: str, text: str
) -> None:
    monkeypatch.setattr(trust_anchors, cap, 1)
    with pytest.raises(TrustAnchorsError, match=text):
        load_trust(directory)


def test_all_together_have_a_limit_too(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust_anchors, "MAX_ALL_BYTES", len(AUTHORITY.csca_der))
    with pytest.raises(TrustAnchorsError, match=f"more than {len(AUTHORITY.csca_der)} bytes"):
        load_trust(directory)


def test_no_repr_shows_what_a_file_holds(directory: Path) -> None:
    shown = repr(read_anchors(directory).certificates)
    assert shown == "(AnchorFile(name='vietnam.cer'),)"
