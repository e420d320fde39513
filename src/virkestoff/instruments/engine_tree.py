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

__all__ = ["JUDGEMENT", "MET", "NOT_MET", "RULE", "UNDECIDED", "compile_tree", "open_leaves"]

MET, JUDGEMENT, UNDECIDED, RULE, NOT_MET = range(5)
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
    if not inner:
        return lambda results: MET
    if all(part[0] == "leaf" for part in inner):
        return _of_leaves(sort == "all", sorted({places[part[1]] for part in inner}))
    parts = [compile_tree(part, places) for part in inner]
    if sort == "all":
        return lambda results: max([part(results) for part in parts])
    return lambda results: _best([part(results) for part in parts])


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


def open_leaves(tree: Tree, places: Sequence[int], results: Results) -> Iterator[int]:
    """The leaves that leave a tree open: the open parts of its open parts."""
    if compile_tree(tree, places)(results) in (MET, NOT_MET):
        return
    sort, inner = tree
    if sort == "leaf":
        yield inner
        return
    for part in (inner,) if sort == "not" else inner:
        yield from open_leaves(part, places, results)
