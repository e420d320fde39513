"""Facts of a library by the beginning of their ids, so that a rule is found without a search."""

from __future__ import annotations

from collections.abc import Mapping

from virkestoff.evidence import Fact, Library

__all__ = ["facts_under"]

_Index = dict[str, list[Fact]]
_kept: list[tuple[Mapping[str, Fact], _Index]] = []
_MOST = 4  # constant: libraries kept at once


def facts_under(library: Library, beginning: str) -> list[Fact]:
    """The facts whose id is ``beginning`` followed by a point and more, in file order.

    Examples
    --------
    >>> from virkestoff.evidence import content_root, load_library
    >>> library = load_library(content_root() / "library")
    >>> [f.central for f in facts_under(library, "instruments.sme.partner_share")]
    [0.25]
    """
    for facts, index in _kept:
        if facts is library.facts:
            return index.get(beginning, [])
    built: _Index = {}
    for key, fact in library.facts.items():
        parts = key.split(".")
        for n in range(1, len(parts)):
            built.setdefault(".".join(parts[:n]), []).append(fact)
    _kept.append((library.facts, built))
    del _kept[:-_MOST]
    return built.get(beginning, [])
