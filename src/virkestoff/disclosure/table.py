"""A table with margins, and who contributes to each of its cells.

A cell is a key: one code per dimension. A dimension is a tree of codes, so a margin is a key with a
code that has parts. The value of a cell is the sum of its contributions, added exactly
(``math.fsum``), so that no value depends on the order of the records.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from virkestoff.errors import FaultCollector, suggest

__all__ = [
    "Contribution",
    "Dimension",
    "Key",
    "Kind",
    "Table",
    "flat",
    "frequency_table",
    "magnitude_table",
    "table_from_cells",
]

Key = tuple[str, ...]
Kind = Literal["magnitude", "frequency"]
_LISTED = 10
_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Dimension:
    """A classification as a tree.

    Attributes
    ----------
    name : of the dimension, ``branch``
    total : the code of the whole, ``all``
    children : code -> its parts, each part once; holds ``total``; a part that is no key is a leaf

    Raises
    ------
    InputError
        with all faults: no total, a code twice, a code that hangs on nothing.
    """

    name: str
    total: str
    children: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        faults = FaultCollector()
        where = f"dimension {self.name}"
        if not self.children.get(self.total):
            faults.add(where, f"the total '{self.total}' has no parts")
        seen = [self.total, *itertools.chain.from_iterable(self.children.values())]
        for code in sorted({c for c in seen if seen.count(c) > 1}):
            faults.add(f"{where}, code {code}", "stands in two places", "each has one parent")
        for code in sorted(set(self.children) - set(seen)):
            faults.add(f"{where}, code {code}", "is part of nothing")
        for code in sorted(c for c, parts in self.children.items() if not parts):
            faults.add(f"{where}, code {code}", "has an empty list of parts")
        faults.raise_if_any()

    def codes(self) -> tuple[str, ...]:
        """All codes, the total first, sorted below it."""
        found = [self.total, *itertools.chain.from_iterable(self.children.values())]
        return (self.total, *sorted(found[1:]))

    def leaves(self) -> frozenset[str]:
        """The codes without parts."""
        return frozenset(self.codes()) - frozenset(self.children)

    def way_up(self, code: str) -> tuple[str, ...]:
        """The code, what it is part of, and so on up to the total."""
        parents = {part: code for code, parts in self.children.items() for part in parts}
        way = [code]
        while way[-1] != self.total:
            way.append(parents[way[-1]])
        return tuple(way)


def flat(name: str, codes: Sequence[str], total: str = "all") -> Dimension:
    """A dimension with one level below the total.

    Examples
    --------
    >>> flat("size", ["small", "large"]).codes()
    ('all', 'large', 'small')
    """
    return Dimension(name, total, {total: tuple(codes)})


@dataclass(frozen=True)
class Contribution:
    """What one company adds to one leaf cell.

    Attributes
    ----------
    contributor : id of the company
    place : a leaf code in each dimension
    amount : in the unit of the variable; None is unknown (withheld), which is not zero
    """

    contributor: str
    place: Key
    amount: float | None = 1.0


@dataclass(frozen=True, eq=False)
class Table:
    """A table of one variable with all its margins.

    Attributes
    ----------
    variable : what is summed and when, ``turnover_nok.2019``. Cells of two tables with the same
        variable and the same codes are one cell.
    dimensions : two to four as a rule; one is allowed
    kind : ``magnitude`` (sums of amounts) or ``frequency`` (numbers of companies)
    values : key -> value, every margin included
    contributors : key -> contributor -> amount; a group of companies is one contributor
    unknown : key -> how many contributions are withheld
    public : contributors whose amounts anyone can look up
    fixed : keys that are published already
    levels : key -> protection level, for tables that come with their sensitive cells
    """

    variable: str
    dimensions: tuple[Dimension, ...]
    kind: Kind
    values: Mapping[Key, float]
    contributors: Mapping[Key, Mapping[str, float]] = field(default_factory=dict)
    unknown: Mapping[Key, int] = field(default_factory=dict)
    public: frozenset[str] = frozenset()
    fixed: frozenset[Key] = frozenset()
    levels: Mapping[Key, float] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[Key, ...]:
        """All cells, margins too, sorted."""
        return tuple(sorted(self.values))

    def value(self, key: Key) -> float:
        """The true value of a cell."""
        return self.values[key]

    def n_contributors(self, key: Key) -> int:
        """How many contributors with a known amount a cell has; a group counts once."""
        return len(self.contributors.get(key, ()))

    def n_unknown(self, key: Key) -> int:
        """How many contributions to a cell are withheld."""
        return self.unknown.get(key, 0)

    def equations(self) -> Iterator[tuple[Key, tuple[Key, ...]]]:
        """Every sum the reader can check: a key and the keys that add up to it."""
        for place, dimension in enumerate(self.dimensions):
            others = [d.codes() for d in self.dimensions]
            for parent in sorted(dimension.children):
                others[place] = (parent,)
                for key in itertools.product(*others):
                    yield key, tuple(
                        (*key[:place], part, *key[place + 1 :])
                        for part in dimension.children[parent]
                    )


def magnitude_table(
    variable: str,
    dimensions: Sequence[Dimension],
    contributions: Iterable[Contribution],
    *,
    groups: Mapping[str, str] | None = None,
    public: Collection[str] = (),
    fixed: Collection[Key] = (),
) -> Table:
    """Sums of amounts, with all margins.

    Parameters
    ----------
    variable, dimensions : see `Table`
    contributions : a company may contribute to several cells, and several times to one
    groups : company -> enterprise group. Companies of one group are one contributor: what its
        owner knows, it knows whole, and what shows the group shows each of them.
    public : contributors (companies or groups) whose amounts are open to anyone. Each table that
        holds them is audited as if the reader had looked them up; they need no protection.
    fixed : cells that are published already and cannot be withdrawn

    Raises
    ------
    InputError
        with all faults: an unknown or aggregated code, a wrong number of codes, an amount that is
        not finite, an unknown fixed cell.
    """
    return _summed(variable, dimensions, contributions, "magnitude", groups or {}, public, fixed)


def frequency_table(
    variable: str,
    dimensions: Sequence[Dimension],
    contributions: Iterable[Contribution],
    *,
    groups: Mapping[str, str] | None = None,
    public: Collection[str] = (),
    fixed: Collection[Key] = (),
) -> Table:
    """Numbers of companies, with all margins; ``amount`` is not looked at.

    The value counts companies; the rule of minimum frequency counts groups.
    """
    ones = (Contribution(c.contributor, c.place, 1.0) for c in contributions)
    return _summed(variable, dimensions, ones, "frequency", groups or {}, public, fixed)


def _summed(
    variable: str,
    dimensions: Sequence[Dimension],
    contributions: Iterable[Contribution],
    kind: Kind,
    groups: Mapping[str, str],
    public: Collection[str],
    fixed: Collection[Key],
) -> Table:
    faults = FaultCollector()
    ways = [{leaf: d.way_up(leaf) for leaf in d.leaves()} for d in dimensions]
    every = list(itertools.product(*(d.codes() for d in dimensions)))
    amounts: dict[Key, dict[str, list[float]]] = {key: {} for key in every}
    unknown: dict[Key, int] = {}
    check_dimensions(dimensions, faults)
    faults.raise_if_any()
    for number, record in enumerate(contributions):
        if not _is_sound(record, number, dimensions, ways, faults):
            continue
        owner = groups.get(record.contributor, record.contributor)
        for key in itertools.product(*(w[c] for w, c in zip(ways, record.place, strict=True))):
            if record.amount is None:
                unknown[key] = unknown.get(key, 0) + 1
            else:
                amounts[key].setdefault(owner, []).append(float(record.amount))
    check_fixed(fixed, set(every), faults)
    faults.raise_if_any()
    sums = {k: math.fsum(itertools.chain.from_iterable(v.values())) for k, v in amounts.items()}
    owned = {k: {o: math.fsum(a) for o, a in sorted(v.items())} for k, v in amounts.items()}
    known = frozenset(groups.get(name, name) for name in public)
    if groups:
        # a group is open only when every company of it is
        hidden = {groups[c] for c in groups if c not in public and groups[c] not in public}
        known -= hidden
    return Table(
        variable, tuple(dimensions), kind, sums, owned, unknown, known, frozenset(fixed)
    )


def check_dimensions(dimensions: Sequence[Dimension], faults: FaultCollector) -> None:
    """At least one, each name once."""
    names = [d.name for d in dimensions]
    if not names:
        faults.add("dimensions", "there is none", next_step="Give at least one classification")
    for name in sorted({n for n in names if names.count(n) > 1}):
        faults.add(f"dimension {name}", "is given twice")


def check_fixed(fixed: Collection[Key], known: set[Key], faults: FaultCollector) -> None:
    """Published cells are cells of the table."""
    for key in sorted(set(fixed) - known):
        faults.add(f"fixed cell {key}", "is no cell of the table")


def _is_sound(
    record: Contribution,
    number: int,
    dimensions: Sequence[Dimension],
    ways: Sequence[Mapping[str, tuple[str, ...]]],
    faults: FaultCollector,
) -> bool:
    """Whether a record can be added; its faults are noted, the first few with their words."""
    where = f"contribution {number + 1} ({record.contributor})"
    before = len(faults.faults)
    if before > _LISTED:
        return False
    if len(record.place) != len(dimensions):
        faults.add(where, f"has {len(record.place)} codes for {len(dimensions)} dimensions")
        return False
    for code, dimension, way in zip(record.place, dimensions, ways, strict=True):
        if code in way:
            continue
        if code in dimension.children:
            faults.add(where, f"{dimension.name} '{code}' is a total", "totals are added up here",
                       "Give the code of the part")  # fmt: skip
        else:
            faults.add(where, f"{dimension.name} '{code}' is unknown",
                       next_step=suggest(code, way))  # fmt: skip
    if record.amount is not None and not math.isfinite(record.amount):
        faults.add(where, f"the amount {record.amount} is not a number",
                   next_step="Write None for an amount that is withheld")  # fmt: skip
    return len(faults.faults) == before


def table_from_cells(
    variable: str,
    dimensions: Sequence[Dimension],
    values: Mapping[Key, float],
    *,
    kind: Kind = "frequency",
    primary: Mapping[Key, float] | None = None,
    fixed: Collection[Key] = (),
) -> Table:
    """A table given by its cells and margins, without contributors.

    Parameters
    ----------
    values : key -> value for every cell and margin
    kind : in a ``frequency`` table values are numbers of companies
    primary : sensitive cells that are known beforehand: key -> protection level, in the unit of
        the table: how far a reader's bound must stay from the true value, on either side

    Raises
    ------
    InputError
        with all faults: a cell missing or unknown, a value that is not finite, a negative or
        broken count, margins that do not add up.
    """
    faults = FaultCollector()
    check_dimensions(dimensions, faults)
    every = set(itertools.product(*(d.codes() for d in dimensions)))
    levels = dict(primary or {})
    for key in sorted(every - set(values)):
        faults.add(f"cell {key}", "has no value", next_step="Give every cell and margin")
    for key in sorted((set(values) | set(levels)) - every):
        faults.add(f"cell {key}", "is no cell of the table")
    for key in sorted(every & set(values)):
        _check_value(key, values[key], kind, faults)
    for key, level in sorted(levels.items()):
        if not (math.isfinite(level) and level > 0):
            faults.add(f"cell {key}", f"the protection level {level} is not above zero")
    check_fixed(fixed, every, faults)
    faults.raise_if_any()
    table = Table(
        variable, tuple(dimensions), kind, {k: float(values[k]) for k in sorted(every)},
        fixed=frozenset(fixed), levels=levels,
    )  # fmt: skip
    for total, parts in table.equations():
        added = math.fsum(table.values[p] for p in parts)
        scale = math.fsum(abs(table.values[p]) for p in parts)
        if abs(added - table.values[total]) > _SUM_TOLERANCE * max(scale, 1.0):
            faults.add(
                f"margin {total}",
                f"is {table.values[total]:.15g}, its parts add up to {added:.15g}",
                "a table that does not add up cannot be protected",
                "Correct the part or the margin",
            )  # fmt: skip
    faults.raise_if_any()
    return table


def _check_value(key: Key, value: float, kind: Kind, faults: FaultCollector) -> None:
    if not math.isfinite(value):
        faults.add(f"cell {key}", f"{value} is not a number")
    elif kind == "frequency" and value < 0:
        faults.add(f"cell {key}", f"{value:g} companies", "a count is never negative")
    elif kind == "frequency" and value != int(value):
        faults.add(f"cell {key}", f"{value:g} companies", "a count is a whole number")
