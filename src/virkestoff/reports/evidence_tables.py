"""Tables that come from the library alone: sites, stock duties, conflicts, published figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from virkestoff.evidence import Fact, Statistic, find_conflicts
from virkestoff.evidence.glossary import load_glossary
from virkestoff.evidence.site import FORMS, load_sites
from virkestoff.evidence.subjects import is_subject_id
from virkestoff.language import format_date, format_number, place_in
from virkestoff.quantities import CURRENCIES
from virkestoff.reports.document import Cell, Citation, Column, Runs, Table, Words
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import amount_text, range_text
from virkestoff.studies import read_expected

MILLION = 1e6  # constant: the word
MOST_DIGITS = 9
"""Digits that results keep."""

__all__ = ["conflicts_table", "duties_table", "glossary_table", "sites_table"]


def _value(record: Fact | Statistic, context: StudyContext, digits: int = 3) -> str:
    value = record.value
    if value is None:
        return context.say("ikke lest", "not read")
    if isinstance(record, Statistic) and record.unit == "1" and not isinstance(value, tuple):
        return format_number(float(value), context.lang, digits)  # a ratio, no percentage
    if record.unit in CURRENCIES and not isinstance(value, tuple) and value >= MILLION:
        million = context.say("mill.", "million")
        return f"{format_number(value / MILLION, context.lang, digits)} {million} {record.unit}"
    if isinstance(value, tuple):
        return range_text(value[0], value[-1], record.unit, context.lang)
    return amount_text(float(value), record.unit, context.lang, digits)


def _apart(records: Sequence[Statistic], context: StudyContext) -> str:
    """The figures of records that disagree, with as many digits as it takes to tell them apart."""
    for digits in range(3, MOST_DIGITS + 1):
        shown = [_value(r, context, digits) for r in records]
        if len(set(shown)) == len({r.value for r in records}):
            break
    return " / ".join(shown)


def sites_table(context: StudyContext) -> Table:
    """Per site: which form it could make, which not, and why."""
    sites, rules = load_sites(context.library)
    letter = {rule: chr(ord("a") + i) for i, rule in enumerate(rules)}
    answers = {
        "yes": context.say("ja", "yes"),
        "no": context.say("nei", "no"),
        "unknown": context.say("uvisst", "unknown"),
    }
    names = {
        "tablets": context.say("Tabletter", "Tablets"),
        "mixture": context.say("Mikstur", "Mixture"),
        "vials": context.say("Hetteglass", "Vials"),
        "substance": context.say("Virkestoff", "Substance"),
    }
    columns = (
        Column(context.say("Sted", "Site")),
        *(Column(names[form]) for form in FORMS),
        Column(context.say("Hvorfor", "Why")),
    )
    rows: list[tuple[Cell, ...]] = []
    for site in sites:
        cited: Runs = tuple(Citation(m.source, m.place) for m in site.sources[:1])
        place = f", {site.place}" if site.place and site.place not in site.name else ""
        does = site.activities_nb if context.lang == "nb" else site.activities_en
        why: Runs = (Words(f"{does[:1].upper()}{does[1:]} "), *cited)
        cells = []
        for form in FORMS:
            judged = site.could_make[form]
            letters = ", ".join(sorted(letter[rule] for rule in judged.rules))
            cells.append(f"{answers[judged.answer]} ({letters})" if letters else (
                answers[judged.answer]))  # fmt: skip
        rows.append((f"{site.name}{place}", *cells, why))
    caption = context.say(
        "Steder som kildene nevner, og hva hvert kunne lage",
        "Sites that the sources name, and what each could make",
    )
    legend = tuple(
        f"{letter[name]}) {rule.text.in_(context.lang)} "
        f"[{context.library.source(rule.source).publisher}, "
        f"{place_in(rule.place, context.lang)}]"
        for name, rule in rules.items()
    )
    note = context.say(
        "«Hvorfor» er hva kilden sier at stedet gjør («linje» er linjen i tekstutgaven); "
        "bokstavene er reglene som avgjør svaret. "
        "Svarene er vurderinger, og ingen av stedene har bekreftet dem.",
        "“Why” is what the source says that the site does (“line”: of the text edition); the "
        "letters are the rules that decide the answer. The answers are judgements, and none is "
        "confirmed by the site.",
    )
    return Table("sites", caption, columns, tuple(rows), (note, *legend))


def duties_table(context: StudyContext) -> Table:
    """The stock duties as dated rules, before and after."""
    columns = (
        Column(context.say("Regel", "Rule")),
        Column(context.say("Verdi", "Value")),
        Column(context.say("Fra", "From")),
        Column(context.say("Til", "To")),
        Column(context.say("Sikkerhet", "Confidence")),
        Column(context.say("Kilde", "Source")),
    )
    words = {
        "read": context.say("lest", "read"),
        "unverified": context.say("ubekreftet", "unverified"),
        "assumption": context.say("antakelse", "assumption"),
    }
    found = [f for f in context.library.facts.values() if f.id.startswith("supply.stock_duty.")]
    dated = sorted(
        (f for f in found if f.valid.from_ or f.valid.to),
        key=lambda f: (str(f.valid.from_ or ""), f.id),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            fact.name.in_(context.lang),
            _value(fact, context),
            _day(fact.valid.from_, context),
            _day(fact.valid.to, context),
            words[fact.confidence],
            (Citation(fact.source, fact.place),),
        )
        for fact in dated
    ]
    caption = context.say("Lagringsplikten som daterte regler", "The stock duty as dated rules")
    note = context.say(
        "Dagen reglene fra 2016 og 2020 begynte å gjelde, er ikke lest; årets første dag er brukt.",
        "The day on which the rules of 2016 and 2020 began was not read; the first day of the year "
        "is used.",
    )
    return Table("duties", caption, columns, tuple(rows), (note,))


def _day(day: date | None, context: StudyContext) -> str:
    return format_date(day, context.lang) if day else "–"


def _is_used(term: str, text: str) -> bool:
    """Whether a term stands in ``text``, also inflected or as the start of a compound word.

    The last letter may change (agency, agencies), so words above four letters are sought
    without it.
    """
    words = [w[:-1] if len(w) > 4 and w[-1] in "eyr" else w for w in re.findall(r"\w+", term)]
    if not words:
        return True
    pattern = r"\w*\W+".join(map(re.escape, words))
    return re.search(rf"(?<!\w){pattern}", text, re.IGNORECASE) is not None


def glossary_table(context: StudyContext, text: str | None = None) -> Table:
    """The words of the field that ``text`` uses (all without it), with the other language beside.

    A term with its short form in brackets is used where either is.
    """
    columns = (
        Column(context.say("Ord", "Term")),
        Column(context.say("Engelsk", "Norwegian")),
        Column(context.say("Betydning", "Meaning")),
    )
    rows: list[tuple[Cell, ...]] = []
    for term in load_glossary(context.library).values():
        own, other = (term.nb, term.en) if context.lang == "nb" else (term.en, term.nb)
        if text is not None and not any(
            _is_used(t, text) for t in re.split(r"[(),/]", own) if t.strip()
        ):
            continue
        rows.append((own, other, term.definition.in_(context.lang)))
    rows.sort(key=lambda row: str(row[0]).lower())
    caption = context.say("Ord og betydning", "Terms and their meaning")
    return Table("glossary", caption, columns, tuple(rows))


def conflicts_table(context: StudyContext) -> Table:
    """Published figures that disagree, as far as they bear on the study.

    Those are conflicts on subjects in plain words, which stand beside the parameters of the models,
    and any that holds a statistic that the study is put beside, which is then named. The notes give
    the reasons that are known.
    """
    d = context.definition
    beside = read_expected(context.folder, d, context.library) if context.folder else ()
    chosen = {row.statistic.id for row in beside}
    columns = (
        Column(context.say("Emne", "Subject")),
        Column(context.say("År", "Year")),
        Column(context.say("Tall", "Figures")),
        Column(context.say("Kilder", "Sources")),
    )
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    for conflict in find_conflicts(context.library):
        named = [s for s in conflict.statistics if s.id in chosen]
        if is_subject_id(conflict.subject) and not named:
            continue
        values = _apart(conflict.statistics, context)
        sources: Runs = tuple(Citation(s.source) for s in conflict.statistics)
        name = conflict.statistics[0].name.in_(context.lang)
        if named:
            values += context.say("; brukt her: ", "; used here: ") + _apart(named, context)
        rows.append((name, str(conflict.year or "–"), values, sources))
        if conflict.reason:
            notes.append(f"{name}: {conflict.reason.text.in_(context.lang)}")
    caption = context.say("Kilder som er uenige", "Sources that disagree")
    return Table("conflicts", caption, columns, tuple(rows), tuple(notes))
