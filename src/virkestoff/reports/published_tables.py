"""Published figures on a subject: years down and branches across, and what divides otherwise.

Nothing is added up or averaged. Where several figures speak of the same place, all stand there;
each leads to its record, with source and place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from virkestoff.errors import Fault, MissingFact, suggest
from virkestoff.evidence import Library, Statistic
from virkestoff.language import Lang, Text, place_in
from virkestoff.reports.blocks import Cell, Column, Table
from virkestoff.reports.document import Section
from virkestoff.reports.runs import Citation, Number, Runs, Words
from virkestoff.reports.statistic_words import about, branch_name, figure, time_text

if TYPE_CHECKING:
    from virkestoff.reports.industry_files import LabelledTable

__all__ = ["published_file", "published_sections"]

KINDS: dict[str, Text] = {
    "observed": Text(nb="observert", en="observed"),
    "estimate": Text(nb="anslag", en="estimate"),
    "projection": Text(nb="framskrivning", en="projection"),
    "target": Text(nb="mål", en="target"),
}
WHOLE = "all"
"""The branch of figures on the whole industry."""


def _on(library: Library, subject: str) -> list[Statistic]:
    if subject not in library.subjects:
        raise MissingFact(
            Fault(f"subject '{subject}'", "is not in the vocabulary",
                  next_step=suggest(subject, library.subjects)
                  or "List them with: virkestoff evidence subjects")
        )  # fmt: skip
    found = [s for s in library.statistics.values() if s.subject == subject]
    return sorted(found, key=lambda s: (s.branch or WHOLE, s.year or (s.period or (0,))[-1], s.id))


def published_sections(library: Library, subject: str, lang: Lang) -> tuple[Section, ...]:
    """The figures on a subject as tables.

    Raises
    ------
    MissingFact
        if there is no such subject.
    """
    found = _on(library, subject)
    plain = [s for s in found if not s.group and not s.answer]
    other = [s for s in found if (s.group or s.answer) and s.value is not None]
    blocks = [t for t in (_crossed(library, subject, plain, lang),
                          _listed(library, subject, other, lang)) if t.rows]  # fmt: skip
    return (Section("published", "", tuple(blocks)),)


def _said(s: Statistic, library: Library, lang: Lang) -> str:
    """A figure with its kind, unless it was observed."""
    kind = "" if s.kind == "observed" else f" ({KINDS[s.kind].in_(lang)})"
    return figure(s, lang, library) + kind


def _crossed(
    library: Library, subject: str, found: Sequence[Statistic], lang: Lang
) -> Table:
    """Years down, branches across."""
    held: dict[tuple[str, str], list[Statistic]] = defaultdict(list)
    for s in found:
        if s.value is not None:
            held[time_text(s) or "–", s.branch or WHOLE].append(s)
    branches = sorted({branch for _, branch in held}, key=lambda b: (b != WHOLE, b))
    times = sorted({time for time, _ in held}, reverse=True)
    rows = tuple(
        (time, *(_cell(held.get((time, branch), []), library, lang) for branch in branches))
        for time in times
    )
    whole = Text(nb="Hele næringen", en="Whole industry").in_(lang)
    names = [whole if b == WHOLE else _upper(branch_name(b, lang)) for b in branches]
    columns = (Column("År" if lang == "nb" else "Year"), *(Column(name) for name in names))
    note = Text(
        nb="Hvert tall står som i kilden; ingenting er lagt sammen. Flere tall på samme sted er "
        "fra flere steder i kildene.",
        en="Each figure stands as in its source; nothing is added up. Several figures in one place "
        "come from several places in the sources.",
    ).in_(lang)
    caption = library.subjects[subject].name.in_(lang)
    notes = (note, lost) if (lost := _lost(found, lang)) else (note,)
    return Table("published-by-branch", caption, columns, rows, notes)


def _lost(found: Sequence[Statistic], lang: Lang) -> str:
    """How many figures the sources hold only in charts whose numbers are lost, or in words."""
    n = sum(s.value is None for s in found)
    if not n:
        return ""
    return (
        f"{n} tall til finnes i kildene bare i figurer som er tapt, eller i ord."
        if lang == "nb"
        else f"{n} more stand in the sources only in charts that are lost, or in words."
    )


def _cell(found: Sequence[Statistic], library: Library, lang: Lang) -> Cell:
    said: dict[str, list[Statistic]] = defaultdict(list)
    for s in found:
        said[_said(s, library, lang)].append(s)
    runs: list[Number | Words] = []
    for text, alike in said.items():
        runs += [Words("; ")] if runs else []
        runs.append(Number(alike[0].id, text, alike[0].confidence))
        for k, s in enumerate(alike[1:], 2):  # the same figure again, elsewhere in the sources
            runs += [Words(" "), Number(s.id, f"({k})", s.confidence)]
    return tuple(runs) if runs else None


def _listed(
    library: Library, subject: str, found: Sequence[Statistic], lang: Lang
) -> Table:
    """Figures on a part of a branch, or an answer to a survey: a row each."""
    heads = (
        Text(nb="Om", en="About"), Text(nb="Tall", en="Figure"), Text(nb="Kilde", en="Source"),
    )  # fmt: skip
    rows = tuple(
        (about(s, library, lang), (Number(s.id, _said(s, library, lang), s.confidence),),
         _cited(s))
        for s in found
    )  # fmt: skip
    caption = Text(nb="Etter annet enn bransje", en="By other than branch").in_(lang)
    return Table("published-by-other", caption, tuple(Column(h.in_(lang)) for h in heads), rows)


def _cited(s: Statistic) -> Runs:
    return (Citation(s.source, s.place),)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def published_file(library: Library, subject: str, lang: Lang) -> LabelledTable:
    """The figures on a subject as a table: a row a figure, with source and place.

    Raises
    ------
    MissingFact
        if there is no such subject.
    """
    import polars as pl

    from virkestoff.reports.industry_files import LabelledTable

    columns = {
        "id": pl.String, "about": pl.String, "branch": pl.String, "time": pl.String,
        "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "unit": pl.String,
        "price_year": pl.Int64, "qualifier": pl.String, "kind": pl.String,
        "confidence": pl.String, "source": pl.String, "place": pl.String,
    }  # fmt: skip
    words = {
        "id": ("id", "id"), "about": ("om", "about"), "branch": ("bransje", "branch"),
        "time": ("år eller periode", "year or period"), "value": ("tall", "figure"),
        "low": ("laveste", "lowest"), "high": ("høyeste", "highest"), "unit": ("enhet", "unit"),
        "price_year": ("prisår", "price year"), "qualifier": ("forbehold", "qualifier"),
        "kind": ("slag", "kind"), "confidence": ("sikkerhet", "confidence"),
        "source": ("kilde", "source"), "place": ("sted i kilden", "place in the source"),
    }  # fmt: skip
    index = 0 if lang == "nb" else 1
    rows = [_row(s, library, lang) for s in _on(library, subject)]
    used = {s.source for s in _on(library, subject)}
    about_sources = tuple(
        (key, f"{library.sources[key].publisher}: {library.sources[key].title}")
        for key in sorted(used)
    )
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    labels = {column: pair[index] for column, pair in words.items()}
    return LabelledTable("published", frame, labels, about_sources)


def _row(s: Statistic, library: Library, lang: Lang) -> tuple[Any, ...]:
    numbers = s.value if isinstance(s.value, tuple) else (s.value,)
    low, high = numbers[0], numbers[-1]
    value = numbers[0] if len(numbers) == 1 else None
    source = library.sources[s.source]
    return (
        s.id, about(s, library, lang), s.branch or WHOLE, time_text(s), value, low, high, s.unit,
        s.price_year, s.qualifier, s.kind, s.confidence, f"{source.publisher}: {source.title}",
        place_in(s.place, lang),
    )  # fmt: skip
