"""How well the guide understands, beside rapidfuzz alone and SQLite's full text search, how fast, and in how much memory.

    python -m bench.guide [--rounds 3]

Judged are the utterances of tests/edge/guide that are not, folded, among what was learnt: `shipped` by the catalogue's words
and the guide's sayings, `words` by the catalogue's words alone, `crossed` with four fifths of the utterances learnt besides;
`unseen` are those that were written last and nothing was changed for.
`known` of the rivals is the share of good utterances they keep at a threshold that is chosen, in hindsight, so that they tell
ninety of a hundred unrelated ones; the guide's own threshold is fixed. Milliseconds are CPU time of one sentence through
all of it (folding, service, question, emergency); `long` is 400 characters of the commonest words.
"""

import argparse
import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from rapidfuzz import fuzz, process

from bench.measure import percentile, report
from catalogue.load import load_catalogue
from edge.guide.folding import fold
from edge.guide.learning import UNRELATED, catalogue_words, join, load_sayings
from edge.guide.match import Candidate, Entry, Match, Matcher
from edge.guide.topics import Listener
from edge.guide.understanding import Understanding
from tests.edge.guide.measuring import (
    NONE,
    UNSEEN,
    Judge,
    Judged,
    Score,
    cross_validated,
    held_out,
    score,
    utterances,
)

GOALS: Final = {"top_1": 0.95, "top_3": 0.99, "none": 0.90, "p99_ms": 5.0}
MAX_HITS: Final = 60
LONG: Final = ("tôi muốn làm giấy tờ cho con rồi đăng ký và đóng tiền điện thoại ngân hàng khám bệnh " * 6)[
    :400
]


def main() -> None:
    """Measure, print a table, and end with the JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3, help="through all utterances, for the times")
    rounds = parser.parse_args().rounds
    said, sayings = utterances(), load_sayings()
    words = catalogue_words(load_catalogue().services.values())
    bare = {name: sayings[name] for name in (UNRELATED, "sos", "track")}
    scores = {
        "shipped": score(held_out(words, sayings, said)),
        "words": score(held_out(words, bare, said)),
        "crossed": score(cross_validated(words, sayings, said)),
        "unseen": score(held_out(words, sayings, utterances(UNSEEN))),
    }
    for name, builder in (("rapidfuzz", build_fuzzy), ("fts5", build_full_text)):
        scores[name] = _in_hindsight(held_out(words, sayings, said, builder))
    for name, found in scores.items():
        _print_row(name, found)
    entries, unrelated = join(words, sayings), sayings[UNRELATED]
    texts = [text for each in said.values() for text in each]
    figures: dict[str, Any] = {name: _rounded(found) for name, found in scores.items()}
    figures |= _costs(entries, unrelated) | _times(entries, unrelated, texts * rounds)
    figures["rivals_p99_ms"] = {
        name: _p99_ms(builder(entries, unrelated), texts)
        for name, builder in (("rapidfuzz", build_fuzzy), ("fts5", build_full_text))
    }
    print({name: value for name, value in figures.items() if name not in scores})
    report("guide", figures, samples=scores["shipped"].asked + scores["shipped"].unrelated, baseline=GOALS)


def build_fuzzy(entries: Sequence[Entry], unrelated: Sequence[str]) -> Judge:
    """Return rapidfuzz alone: the best token_set_ratio to any folded phrase of a service."""
    phrases = _phrases(entries, unrelated)
    texts = [text for _, text in phrases]

    def judge(text: str) -> Match:
        found = process.extract(fold(text), texts, scorer=fuzz.token_set_ratio, limit=MAX_HITS)
        return _ranked([(phrases[at][0], ratio) for _, ratio, at in found])

    return judge


def build_full_text(entries: Sequence[Entry], unrelated: Sequence[str]) -> Judge:
    """Return SQLite's FTS5: the best bm25 of any folded phrase that shares a word."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE said USING fts5(service UNINDEXED, phrase)")
    base.executemany("INSERT INTO said VALUES (?, ?)", _phrases(entries, unrelated))
    query = f"SELECT service, -rank FROM said WHERE said MATCH ? ORDER BY rank LIMIT {MAX_HITS}"

    def judge(text: str) -> Match:
        asked = " OR ".join(f'"{word}"' for word in fold(text).split())
        return _ranked(base.execute(query, (asked,)).fetchall()) if asked else Match((), is_known=False)

    return judge


def _phrases(entries: Sequence[Entry], unrelated: Sequence[str]) -> list[tuple[str, str]]:
    services = [(entry.service, fold(phrase)) for entry in entries for phrase in entry.phrases]
    return services + [(NONE, fold(text)) for text in unrelated]


def _ranked(hits: Sequence[tuple[str, float]]) -> Match:
    """Return the services of hits, which come best first; known is what beats all unrelated talk."""
    best: dict[str, float] = {}
    for service, found in hits:
        best.setdefault(service, found)
    is_known = next(iter(best), NONE) != NONE
    services = [Candidate(service, found) for service, found in best.items() if service != NONE]
    return Match(tuple(services[:3]), is_known)


def _in_hindsight(judged: Sequence[Judged]) -> Score:
    """Return the score at the lowest threshold that tells ninety of a hundred unrelated utterances."""
    tops = sorted({_top(each.match) for each in judged})
    for threshold in tops:
        strict = [replace(each, match=_above(each.match, threshold)) for each in judged]
        found = score(strict)
        if found.none >= GOALS["none"]:
            break
    return found


def _top(match: Match) -> float:
    return match.candidates[0].score if match.candidates else 0.0


def _above(match: Match, threshold: float) -> Match:
    return replace(match, is_known=match.is_known and _top(match) >= threshold)


def _costs(entries: Sequence[Entry], unrelated: Sequence[str]) -> dict[str, float]:
    started_s = time.process_time()
    Matcher.build(entries, unrelated)
    build_ms = (time.process_time() - started_s) * 1e3
    tracemalloc.start()
    kept = Understanding(Matcher.build(entries, unrelated), Listener())
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    kept.understand("")
    phrases = sum(len(entry.phrases) for entry in entries) + len(unrelated)
    return {
        "phrases": phrases,
        "build_ms": round(build_ms),
        "kept_mib": round(now / 2**20, 1),
        "build_peak_mib": round(peak / 2**20, 1),
    }


def _times(entries: Sequence[Entry], unrelated: Sequence[str], texts: Sequence[str]) -> dict[str, float]:
    understanding = Understanding(Matcher.build(entries, unrelated), Listener())
    times_ms = [_clocked_ms(understanding.understand, text) for text in texts]
    long_ms = [_clocked_ms(understanding.understand, LONG) for _ in range(100)]
    return {
        "p50_ms": round(percentile(times_ms, 0.5), 2),
        "p99_ms": round(percentile(times_ms, 0.99), 2),
        "long_p99_ms": round(percentile(long_ms, 0.99), 2),
    }


def _p99_ms(judge: Judge, texts: Sequence[str]) -> float:
    return round(percentile([_clocked_ms(judge, text) for text in texts], 0.99), 2)


def _clocked_ms(work: Callable[[str], object], text: str) -> float:
    started_s = time.process_time()
    work(text)
    return (time.process_time() - started_s) * 1e3


def _rounded(found: Score) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(found).items()}


def _print_row(name: str, found: Score) -> None:
    shares = f"top-1 {found.top_1:6.1%}  top-3 {found.top_3:6.1%}  known {found.known:6.1%}  none {found.none:6.1%}"
    print(f"{name:10} {shares}  of {found.asked} + {found.unrelated}")


if __name__ == "__main__":
    main()
