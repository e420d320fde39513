"""Numbers of sections, figures, tables and references, the same in all three formats."""

from __future__ import annotations

from dataclasses import dataclass

from virkestoff.language import Lang, format_number
from virkestoff.reports.document import (
    Cell,
    Citation,
    Column,
    Document,
    Figure,
    Number,
    Reference,
    Runs,
    Table,
    Words,
    all_runs,
    text_numbers,
)
from virkestoff.reports.words import word

__all__ = ["Numbering", "cell_runs", "mark_letter", "number_document", "numbers_table"]


@dataclass(frozen=True)
class Numbering:
    """What each part of a document is called.

    Attributes
    ----------
    sections : section id to number ("2.1")
    figures, tables : id to number
    citations : source id to number, in the order of first use
    references : the list of references in that order, uncited ones last
    labels : id of a section, figure or table to the words of a reference to it
    """

    sections: dict[str, str]
    figures: dict[str, int]
    tables: dict[str, int]
    citations: dict[str, int]
    references: tuple[Reference, ...]
    labels: dict[str, str]


def number_document(document: Document) -> Numbering:
    """Number every part of ``document``."""
    lang = document.lang
    counts = [0, 0, 0]
    sections: dict[str, str] = {}
    figures: dict[str, int] = {}
    tables: dict[str, int] = {}
    labels: dict[str, str] = {}
    for section in document.sections:
        counts[section.level - 1] += 1
        counts[section.level :] = [0] * (3 - section.level)
        sections[section.id] = ".".join(map(str, counts[: section.level]))
        labels[section.id] = f"{word('section', lang)}\u00a0{sections[section.id]}"
        for block in section.blocks:
            if isinstance(block, Figure):
                figures[block.id] = len(figures) + 1
                labels[block.id] = f"{word('figure', lang).lower()}\u00a0{figures[block.id]}"
            elif isinstance(block, Table):
                tables[block.id] = len(tables) + 1
                labels[block.id] = f"{word('table', lang).lower()}\u00a0{tables[block.id]}"
    order: dict[str, int] = {}
    for run in all_runs(document):
        if isinstance(run, Citation):
            order.setdefault(run.source, len(order) + 1)
    for reference in document.references:
        order.setdefault(reference.id, len(order) + 1)
    references = tuple(sorted(document.references, key=lambda r: order[r.id]))
    return Numbering(sections, figures, tables, order, references, labels)


def mark_letter(mark: str) -> str:
    """``A`` for an assumption, ``U`` for unverified, nothing for a number that was read."""
    return {"assumption": "A", "unverified": "U"}.get(mark, "")


def cell_runs(cell: Cell, column: Column, lang: Lang) -> Runs:
    """The runs that print a cell; an empty cell prints a dash."""
    if cell is None:
        return (Words("–"),)
    if isinstance(cell, str):
        return (Words(cell),)
    if isinstance(cell, Number):
        return (cell,)
    if isinstance(cell, tuple):
        return cell
    return (Words(format_number(float(cell), lang, column.digits)),)


def numbers_table(document: Document) -> Table | None:
    """The table that says where each number of the text comes from; none if it has none."""
    lang = document.lang
    found: dict[tuple[str, str], Number] = {}
    for number in text_numbers(document):
        found.setdefault((number.key, number.text), number)
    if not found:
        return None
    columns = (
        Column(word("printed", lang)),
        Column(word("name", lang)),
        Column(word("number_origin", lang)),
        Column(word("confidence", lang)),
    )
    rows = tuple(
        (number.text, key, number.origin, word(number.mark, lang))
        for (key, _), number in sorted(found.items())
    )
    return Table("numbers-in-text", word("numbers", lang), columns, rows)
