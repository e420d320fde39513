"""A page of documentation per support scheme, in both languages, and an index by phase and kind.

Everything on a page comes from the scheme's file: conditions with their sources, numbers, what was
not found with whom to ask, the share of it, and when the terms were last checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from virkestoff.evidence import Library
from virkestoff.instruments.engine import Engine, engine_for
from virkestoff.instruments.phases import PhaseRules, load_phase_rules, shares_of
from virkestoff.instruments.scheme import Scheme
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.language import LANGUAGES, Lang, format_date
from virkestoff.reports.blocks import Table
from virkestoff.reports.coverage_words import KIND_WORDS, STATUS_WORDS
from virkestoff.reports.scheme_tables import scheme_tables
from virkestoff.reports.study_report import screen_table

__all__ = ["last_checked", "scheme_pages"]

FOLDER = "schemes"
_MADE = "Made from the scheme's file by `make docs`; do not edit by hand."
_NO_ADVICE = {
    "nb": "Ikke juridisk rådgivning. Å oppfylle vilkårene betyr ikke at støtte blir gitt.",
    "en": "No legal advice. To meet the conditions does not mean that support will be given.",
}


def last_checked(schemes: Schemes) -> date:
    """The last day on which any scheme was checked; the pages are as of it."""
    return max(scheme.last_checked for scheme in schemes.schemes.values())


def scheme_pages(schemes: Schemes, library: Library) -> dict[str, str]:
    """File name below ``docs/reference`` and text of every page.

    Raises
    ------
    InputError
        if the file of phases and market failures is faulty.
    """
    on = last_checked(schemes)
    engine, rules = engine_for(schemes, on), load_phase_rules(library)
    pages = {
        f"{FOLDER}/{key}.md": _page(key, engine, rules, library) for key in schemes.schemes
    }
    return {f"{FOLDER}/README.md": _index(schemes, rules, on), **pages}


def _page(key: str, engine: Engine, rules: PhaseRules, library: Library) -> str:
    scheme = engine.schemes[key].scheme
    parts = [f"# {scheme.name.en}", _MADE, "[All schemes](README.md)"]
    for lang in reversed(LANGUAGES):
        parts += _part(key, engine, rules, library, lang)
    return "\n\n".join(parts) + "\n"


def _part(
    key: str, engine: Engine, rules: PhaseRules, library: Library, lang: Lang
) -> list[str]:
    """A scheme in one language."""
    scheme = engine.schemes[key].scheme
    result = engine.check({}).results[key]
    day = format_date(engine.on, lang)
    parts = [
        "## Norsk: " + scheme.name.nb if lang == "nb" else "## English",
        _NO_ADVICE[lang] + (f" Per {day}." if lang == "nb" else f" As of {day}."),
    ]
    for table in scheme_tables(result, engine.library, lang):
        parts.append(f"### {_title(table, lang)}")
        parts.append(_markdown(table, lang))
    failures = [
        f"- {rules.market_failures[m.id].name.in_(lang)} ({m.source}, {m.place}; {m.how})"
        for m in scheme.market_failures if m.id in rules.market_failures
    ]  # fmt: skip
    if failures:
        parts += ["### Markedssvikt" if lang == "nb" else "### Market failures",
                  "\n".join(failures)]  # fmt: skip
    parts += ["### Dokumenter" if lang == "nb" else "### Documents", _sources(scheme, library)]
    return parts


def _title(table: Table, lang: Lang) -> str:
    if table.id == "about":
        return "Om ordningen" if lang == "nb" else "About"
    return table.caption


def _markdown(table: Table, lang: Lang) -> str:
    _, columns, rows, notes = screen_table(table, lang)
    lines = ["| " + " | ".join(_cell(c) or "&nbsp;" for c in columns) + " |",
             "|" + "---|" * len(columns)]  # fmt: skip
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join([*lines, *(f"\n{note}" for note in notes)])


def _cell(text: str) -> str:
    """A text that stays within its cell, and does not become a mark of its own."""
    for mark in "\\`*_[]<|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _sources(scheme: Scheme, library: Library) -> str:
    lines = []
    for name in dict.fromkeys(r.source for r in scheme.references if r.source):
        record = library.sources.get(name)
        if record is None:
            own = scheme.sources.get(name)
            given: Mapping[str, object] = own if isinstance(own, Mapping) else {}
            title, publisher, url = (str(given.get(k) or "") for k in ("title", "publisher", "url"))
        else:
            title, publisher, url = record.title, record.publisher, record.url or ""
        where = f": <{url}>" if url else ""
        lines.append(f"- `{name}`: {_cell(title)}, {_cell(publisher)}{where}")
    if any(r.unknown_document for r in scheme.references):
        lines.append("- No document on the scheme was found. / Ingen dokumenter ble funnet.")
    return "\n".join(lines)


def _index(schemes: Schemes, rules: PhaseRules, on: date) -> str:
    """Phases down and kinds across would not be read: a heading a phase, a line a kind."""
    day = format_date(on, "en")
    parts = [
        "# Support schemes",
        f"Made from the schemes' files by `make docs`; do not edit by hand. As of {day}.",
        f"{len(schemes.schemes)} schemes by phase of development and kind; one of several phases "
        "stands in each. A phase without a kind is a gap in the list and no market failure. "
        "Method: [coverage of support](../../subjects/instruments-coverage.md).",
    ]
    mapping = rules.mapping(None)
    for phase, record in rules.phases.items():
        parts.append(f"## {record.name.en} ({record.name.nb.lower()})")
        rows = ["| kind | schemes |", "|---|---|"]
        for kind, word in KIND_WORDS.items():
            names = [
                _link(s) for s in schemes.schemes.values()
                if s.kind == kind and phase in shares_of(s, rules, mapping)
            ]  # fmt: skip
            rows.append(f"| {word.en} | {', '.join(names) or 'none'} |")
        parts.append("\n".join(rows))
    parts.append("## All")
    rows = ["| scheme | status | share of unknown terms | last checked |", "|---|---|---|---|"]
    for key, scheme in schemes.schemes.items():
        share = round(100 * schemes.unknown_share(key, on))
        rows.append(f"| {_link(scheme)} | {STATUS_WORDS[scheme.status].en} | {share} % | "
                    f"{scheme.last_checked.isoformat()} |")  # fmt: skip
    return "\n\n".join([*parts, "\n".join(rows)]) + "\n"


def _link(scheme: Scheme) -> str:
    mark = "" if scheme.status == "existing" else f" ({STATUS_WORDS[scheme.status].en})"
    return f"[{_cell(scheme.name.en)}]({scheme.id}.md){mark}"
