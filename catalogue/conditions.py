"""When something applies, as small data: every clause of a `when` must hold, and nothing is ever evaluated as code.

A clause looks at the answer to one earlier question with a closed list of answers (choice, yes-no). It holds only when
that question applies itself and was answered: what nobody said is neither equal nor different.
"""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct, field

from catalogue.words import Slug

Value = str | bool
Values = Annotated[tuple[Value, ...], Meta(max_length=12)]


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`question` was answered with `is`, with one `in` a list, or with none of a `not` list; exactly one of the three."""

    question: Slug
    is_: Value | None = field(default=None, name="is")
    in_: Values = field(default=(), name="in")
    not_: Values = field(default=(), name="not")

    @property
    def forms(self) -> int:
        """How many of `is`, `in` and `not` are written."""
        return (self.is_ is not None) + bool(self.in_) + bool(self.not_)

    @property
    def named(self) -> tuple[Value, ...]:
        """Every answer that the clause names."""
        return (*(() if self.is_ is None else (self.is_,)), *self.in_, *self.not_)

    def allows(self, value: object) -> bool:
        """Whether the clause holds for this answer."""
        if self.not_:
            return not is_among(value, self.not_)
        return is_among(value, self.in_ if self.is_ is None else (self.is_,))


When = Annotated[tuple[Clause, ...], Meta(max_length=8)]
"""All must hold; empty: always."""


def applies(when: tuple[Clause, ...], answers: Mapping[str, object]) -> bool:
    """Whether every clause holds; a question that is not in `answers`, or was skipped (None), satisfies none."""
    return all(
        answers.get(clause.question) is not None and clause.allows(answers[clause.question])
        for clause in when
    )


def is_among(value: object, values: tuple[Value, ...]) -> bool:
    """Whether the value is one of these."""
    # True == 1 in Python: an answer is compared together with its kind
    return any(type(value) is type(each) and value == each for each in values)
