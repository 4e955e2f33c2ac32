from pathlib import Path

import pytest

from edge.guide.endpoint import MAX_KEY_BYTES, load_endpoint, load_key, make_client
from edge.guide.errors import EndpointError
from edge.guide.remote import RemoteSettings
from edge.settings import GuideSettings

URL = "https://models.example.vn/v1"


def test_what_the_settings_name_comes_together_with_its_key(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("sk-invented\n")
    assert load_endpoint(GuideSettings(url=URL, model="small", key_file=key)) == RemoteSettings(
        URL, "small", "sk-invented"
    )
    assert load_endpoint(GuideSettings(url=URL, model="small")) == RemoteSettings(URL, "small", None)


@pytest.mark.parametrize("url", ["http://models.example.vn/v1", "ftp://127.0.0.1/v1", "models", "https://"])
def test_an_address_in_the_clear_or_none_is_refused(url: str) -> None:
    with pytest.raises(EndpointError):
        load_endpoint(GuideSettings(url=url, model="small"))


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"one two", b"one\ntwo", b"\xff\xfe", b"k" * (MAX_KEY_BYTES + 1), b"a\x00b"]
)
def test_what_is_no_key_is_refused_by_its_file_and_never_repeated(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "guide.key"
    path.write_bytes(content)
    with pytest.raises(EndpointError, match=r"guide\.key") as caught:
        load_key(path)
    assert "one" not in str(caught.value).replace("must hold one key", "")


def test_a_key_that_is_not_there_is_named_by_its_file(tmp_path: Path) -> None:
    with pytest.raises(EndpointError, match=r"nowhere\.key: No such file"):
        load_key(tmp_path / "nowhere.key")


async def test_no_proxy_of_the_environment_gets_what_people_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with make_client() as client:
        assert not client.trust_env
        assert set(client._mounts.values()) == set()
