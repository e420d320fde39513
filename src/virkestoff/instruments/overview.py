"""What the library knows of each support scheme, counted from its file.

A scheme is ``decidable`` if every condition of it is computed or judged, ``partly`` decidable if
some are computed and a term was not found, and ``named`` if none is computed: a source says that it
exists or is proposed, and little else. The share of unknown terms is `Schemes.unknown_share`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from virkestoff.instruments.scheme import Leaf, Scheme
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.language import Text

__all__ = ["Decidable", "SchemeRow", "counts", "overview"]

Decidable = Literal["decidable", "partly", "named"]


@dataclass(frozen=True)
class SchemeRow:
    """One scheme in the table.

    Attributes
    ----------
    n_conditions : conditions in the file
    n_computed, n_judged, n_unknown : those computed from facts, left to a person, and not found
    unknown_share : terms not known on the date over all terms, a fraction
    is_known : whether the rules in the file are known on the date
    """

    id: str
    name: Text
    provider: Text
    status: Literal["existing", "proposed", "ended"]
    kind: str
    decidable: Decidable
    n_conditions: int
    n_computed: int
    n_judged: int
    n_unknown: int
    unknown_share: float
    is_known: bool


def overview(schemes: Schemes, on: date) -> tuple[SchemeRow, ...]:
    """A row for each scheme, in the order of their ids; ``on`` is the date of the unknown terms."""
    rows = []
    for key, scheme in schemes.schemes.items():
        kinds = [_kind(leaf, scheme, on) for _, leaf in scheme.leaves]
        n_computed, n_judged, n_unknown = (
            kinds.count(kind) for kind in ("computed", "judged", "unknown")
        )
        decidable: Decidable = "partly" if n_unknown else "decidable"
        rows.append(
            SchemeRow(
                key, scheme.name, scheme.provider, scheme.status, scheme.kind,
                decidable if n_computed else "named", len(kinds), n_computed, n_judged,
                n_unknown, schemes.unknown_share(key, on), scheme.valid.period.holds_on(on),
            )
        )  # fmt: skip
    return tuple(rows)


def _kind(leaf: Leaf, scheme: Scheme, on: date) -> str:
    """What decides a condition on a date; outside its dates, what decided it last."""
    versions = leaf.dated(scheme.valid)
    version = next((v for v in versions if v.valid.period.holds_on(on)), versions[-1])
    if version.unknown is not None:
        return "unknown"
    return "judged" if version.judgement else "computed"


def counts(rows: Iterable[SchemeRow], by: str) -> Mapping[str, int]:
    """Number of schemes by ``status``, ``kind``, ``decidable`` or another column, sorted by it."""
    found = Counter(str(getattr(row, by)) for row in rows)
    return dict(sorted(found.items()))
