"""The one error of this package."""

from edge.codecs.instrument import Damage, DamageReason
from edge.errors import EdgeError


class CodecError(EdgeError):
    """An attribute value is not what its characteristic specifies; it is to be counted and forgotten.

    TRUNCATED: fields are missing that its flags announce. TOO_LONG: longer than anything specified. NOISE: a reserved
    or impossible value. UNKNOWN: no characteristic of this package.
    """

    def __init__(self, reason: DamageReason, size: int) -> None:
        super().__init__(f"{reason}: {size} bytes")
        self.damage = Damage(reason, size)
