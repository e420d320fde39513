"""Trees of conditions over five results, the ones below dominating in ``all``.

    met, a person must judge, undecided, rule not known, not met

``all`` gives the worst of its parts, ``any`` the best, but among parts that are open the one that
is furthest from being computed; ``not`` turns met and not met round. For met, open and not met
these are Kleene's tables; the three kinds of open only say why it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

from virkestoff.instruments.scheme_rules import Tree

__all__ = [
    "JUDGEMENT",
    "MET",
    "NOT_MET",
    "RESULT_OF",
    "RULE",
    "UNDECIDED",
    "compile_open",
    "compile_tree",
]

MET, JUDGEMENT, UNDECIDED, RULE, NOT_MET = range(5)
RESULT_OF = {True: MET, False: NOT_MET, None: UNDECIDED}
"""Results of a single condition."""
_OPPOSITE = (NOT_MET, JUDGEMENT, UNDECIDED, RULE, MET)
Results = Sequence[int]


def compile_tree(tree: Tree, places: Sequence[int]) -> Callable[[Results], int]:
    """The result of a tree, given the results of conditions.

    Parameters
    ----------
    places : where the result of each leaf of the tree stands among the results
    """
    sort, inner = tree
    if sort == "leaf":
        return itemgetter(places[inner])
    if sort == "not":
        operand = compile_tree(inner, places)
        return lambda results: _OPPOSITE[operand(results)]
    inner = tuple(_flat(sort, inner))
    if not inner:
        return lambda results: MET
    if all(part[0] == "leaf" for part in inner):
        return _of_leaves(sort == "all", sorted({places[part[1]] for part in inner}))
    parts = [compile_tree(part, places) for part in inner]
    if sort == "all":
        return lambda results: max([part(results) for part in parts])
    return lambda results: _best([part(results) for part in parts])


def _flat(sort: str, parts: Sequence[Tree]) -> Iterator[Tree]:
    """The parts, with those of the same sort taken apart: all of all is all."""
    for part in parts:
        if part[0] == sort and part[1]:
            yield from _flat(sort, part[1])
        else:
            yield part


def _of_leaves(is_all: bool, places: list[int]) -> Callable[[Results], int]:
    if len(places) == 1:
        return itemgetter(places[0])
    pick = itemgetter(*places)
    if is_all:
        return lambda results: max(pick(results))
    return lambda results: _best(pick(results))


def _best(results: Sequence[int]) -> int:
    if MET in results:
        return MET
    return max([r for r in results if r != NOT_MET], default=NOT_MET)


def compile_open(tree: Tree, places: Sequence[int]) -> Callable[[Results], list[int]]:
    """The leaves that leave a tree open, rising: the open parts of its open parts."""
    parts = list(_flat("all", tree[1] if tree[0] == "all" else (tree,)))
    leaves = [(part[1], places[part[1]]) for part in parts if part[0] == "leaf"]
    others = [part for part in parts if part[0] != "leaf"]

    def open_leaves(results: Results) -> list[int]:
        found = []
        for leaf, place in leaves:
            result = results[place]
            if result != MET:
                if result == NOT_MET:
                    return []
                found.append(leaf)
        for part in others:
            if _gather(part, places, results, found) == NOT_MET:
                return []
        if others:
            found.sort()
        return found

    leaves.sort()
    return open_leaves


def _gather(tree: Tree, places: Sequence[int], results: Results, found: list[int]) -> int:
    """The result of a tree; its open leaves are added, and taken away again if it is decided."""
    sort, inner = tree
    if sort == "leaf":
        result = results[places[inner]]
        if MET < result < NOT_MET:
            found.append(inner)
        return result
    before = len(found)
    if sort == "not":
        result = _OPPOSITE[_gather(inner, places, results, found)]
    else:
        parts = [_gather(part, places, results, found) for part in inner]
        result = max(parts, default=MET) if sort == "all" else _best(parts)
    if result in (MET, NOT_MET):
        del found[before:]
    return result
