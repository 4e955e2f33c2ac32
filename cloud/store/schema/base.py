"""What all tables share: their names' conventions, times, row numbers, and the newest migration."""

from typing import Final

from sqlalchemy import BigInteger, Integer, MetaData

REVISION: Final = "0010"
"""The newest migration; the numbers are ordered as text, so an older release recognises a newer schema."""

METADATA: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "ck": "%(table_name)s_%(constraint_name)s_ck",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    }
)

Ms = BigInteger
Serial = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows itself only when the key is declared INTEGER."""
