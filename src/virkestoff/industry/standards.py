"""Which standard of industry codes a code belongs to: SN2007 and SN2025 are never mixed.

The register renumbered its codes without an error on the old ones, and a file does not say which
standard it uses. What says so, in this order: the option ``--standard``; the date of the file, if
only one standard had begun by then; codes in the file that only one of the standards has. Where
none of these decides, the standard is unknown (null), with the reason beside it:

``option``, ``date``  stated, or only one standard had begun
``file``              the file holds codes of one standard only, and none of the other alone
``code``              the file holds codes of both; this record's own codes decide
``ambiguous``         nothing in the file or record decides
``mixed``             this record holds codes of both
``no_code``           the record has no code
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from virkestoff.errors import Fault, InputError, suggest
from virkestoff.industry.register_kinds import Standard

__all__ = ["CodeEvidence", "known_standard", "reading_sql", "same_standard"]

_GROUP = 5  # constant: "21.20" of "21.200", the part that the national digit extends


@dataclass(frozen=True)
class CodeEvidence:
    """What a file says of its standard: records with a code that only one standard has."""

    n_records: Mapping[str, int]

    def decided(self) -> str | None:
        """The one standard that the file's codes speak for, if they speak for one only."""
        seen = [name for name, n in self.n_records.items() if n]
        return seen[0] if len(seen) == 1 else None


def known_standard(name: str | None, standards: Mapping[str, Standard]) -> str | None:
    """``name`` if it is a standard, ``None`` if none is stated."""
    if name is None or name in standards:
        return name
    raise InputError(
        Fault(
            "--standard",
            f"'{name}' is not a standard of industry codes",
            f"there are {', '.join(standards)}",
            suggest(name, standards),
        )
    )


def by_date(as_of: date, standards: Mapping[str, Standard]) -> str | None:
    """The standard in force on a date, if no other had begun by then."""
    begun = [name for name, standard in standards.items() if standard.from_ <= as_of]
    return begun[0] if len(begun) == 1 else None


def only_sql(columns: Iterable[str], standard: Standard) -> str:
    """True where one of the code columns holds a group that only this standard has."""
    groups = ", ".join(f"'{group}'" for group in standard.only)
    tests = [f"coalesce(left({column}, {_GROUP}) in ({groups}), false)" for column in columns]
    return "(" + " or ".join(tests) + ")"


def reading_sql(
    columns: Iterable[str],
    standards: Mapping[str, Standard],
    stated: tuple[str, str] | None,
    evidence: CodeEvidence,
) -> tuple[str, str]:
    """DuckDB expressions for the columns ``standard`` and ``standard_reason``.

    ``stated`` is a standard with its reason (``option`` or ``date``), which holds for the file.
    """
    columns = tuple(columns)
    has_code = "coalesce(" + ", ".join(columns) + ") is not null"
    if stated is None and (found := evidence.decided()):
        stated = (found, "file")
    if stated is not None:
        name, reason = stated
        return (
            f"case when {has_code} then '{name}' end",
            f"case when {has_code} then '{reason}' else 'no_code' end",
        )
    tests = {name: only_sql(columns, standard) for name, standard in standards.items()}
    n_sides = " + ".join(f"{test}::int" for test in tests.values())
    cases = " ".join(f"when {test} then '{name}'" for name, test in tests.items())
    return (
        f"case when {n_sides} = 1 then (case {cases} end) end",
        f"case when not {has_code} then 'no_code' when {n_sides} = 1 then 'code' "
        f"when {n_sides} > 1 then 'mixed' else 'ambiguous' end",
    )


def same_standard(where: str, *standards: Iterable[str | None]) -> str | None:
    """The one standard of tables that are to be joined or counted together.

    Each argument holds the standards that occur in a table (``None`` for unknown).

    Raises
    ------
    InputError
        if two standards occur, or if one is known and another unknown (convention 1).
    """
    seen = {name for table in standards for name in table}
    if len(seen) <= 1:
        return next(iter(seen), None)
    names = ", ".join(sorted(name or "unknown" for name in seen))
    raise InputError(
        Fault(
            where,
            f"joins industry codes of different standards: {names}",
            "the same code means different industries in SN2007 and SN2025",
            "Keep one standard, or import the file again with --standard if you know which it uses",
        )
    )
