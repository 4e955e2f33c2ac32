from edge.guide.sentences import SENTENCES, Sentence


def test_every_sentence_is_there_in_both_languages() -> None:
    assert set(SENTENCES) == set(Sentence)
    assert all(text.vi.strip() and text.en.strip() for text in SENTENCES.values())


def test_both_languages_name_the_same_things() -> None:
    for text in SENTENCES.values():
        for name in ("{service}", "{count}", "{examples}"):
            assert (name in text.vi) == (name in text.en)
        for told in (text.vi, text.en):
            assert told.format(service="A", count=1, examples="B") != ""


def test_sentences_are_short_enough_to_be_spoken_and_carry_no_commands() -> None:
    for name, text in SENTENCES.items():
        assert max(len(text.vi), len(text.en)) <= 200, name
        assert not text.vi.isupper()
        assert "anh/chị" not in text.vi


def test_in_an_emergency_the_person_is_told_who_presses() -> None:
    assert "không tự gọi" in SENTENCES[Sentence.SOS].vi
    assert "does not call by itself" in SENTENCES[Sentence.SOS].en
