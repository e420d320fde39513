"""What may be shown of a table if every coarser table of the same sums is published too.

Tables come out one at a time: turnover by branch and size today, by branch, size and ownership
tomorrow. A reader has them all, so a cell that one of them hides must not follow from another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from virkestoff.disclosure import Rules, Table, publish
from virkestoff.errors import InputError

__all__ = ["shown_values"]

Key = tuple[str, ...]


def shown_values(
    make: Callable[[Key, frozenset[Key]], Table], by: Sequence[str], rules: Rules, total: str
) -> Mapping[Key, float | None]:
    """The value of every cell that may be shown, None for one that is hidden.

    The whole comes first, then the tables by one dimension, by two, and so on. What a coarser
    table shows is fixed in the finer one, and what it hides is hidden there. A cell is so shown or
    hidden alike in every table that has it. If the new cells of a table cannot be protected beside
    what is shown already, all of them are hidden.

    Parameters
    ----------
    make : (dimensions, keys that are fixed) -> the table; without dimensions, the whole alone
    by : names of the dimensions
    rules : the disclosure rules
    total : code of the sum in each dimension

    Returns
    -------
    key in all of ``by`` -> value; without dimensions the key of the whole is ``(total,)``.
    """
    shown: dict[Key, float | None] = {}
    width = max(len(by), 1)
    for size in range(len(by) + 1):
        for part in combinations(range(len(by)), size):
            names = tuple(by[i] for i in part)
            places: dict[Key, Key] = {}
            plain = make(names, frozenset())
            for key in plain.keys:
                full = [total] * width
                for i, code in zip(part, key, strict=False):
                    full[i] = code
                places[key] = tuple(full)
            known = {key for key, place in places.items() if shown.get(place) is not None}
            new = _published(plain if not known else make(names, frozenset(known)), rules)
            for key, place in places.items():
                shown.setdefault(place, new.get(key))
    return shown


def _published(table: Table, rules: Rules) -> Mapping[Key, float | None]:
    """The values shown; nothing if the table cannot be protected."""
    try:
        return {cell.key: cell.value for cell in publish(table, rules).cells}
    except InputError:
        return {}
