"""What a reader changed for a run, as tables and a warning that stand first in its report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from virkestoff.language import Text, format_number
from virkestoff.reports.decision_tables import rule_text
from virkestoff.reports.document import Callout, Cell, Column, Section, Table, Words
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import unit_words
from virkestoff.reports.xlsx import Sheet
from virkestoff.studies.changes import BY_READER, Changes, changes_of

__all__ = ["changed_section", "changed_sheet", "changed_subtitle"]

DIGITS = 6
SECTION = "changed-inputs"


def changed_subtitle(context: StudyContext) -> str:
    """What stands under the title of a changed run's report; empty for the study as it stands."""
    if not changes_of(context.results):
        return ""
    return context.say(
        f"Inndata er {BY_READER.nb}. Teksten er skrevet for bibliotekets verdier.",
        f"Inputs are {BY_READER.en}. The text was written for the library’s values.",
    )


def changed_section(context: StudyContext) -> tuple[Section, ...]:
    """The changed inputs beside those of the library, with what they mean for the text.

    Nothing for a run of the study as it stands.
    """
    changes = changes_of(context.results)
    if not changes:
        return ()
    say = context.say
    text = say(
        "Tallene i denne rapporten er regnet med inndataene under. Ordene rundt dem er studiens "
        "og kan være gale for disse tallene.",
        "The numbers of this report were computed with the inputs below. The words around them are "
        "the study’s and may be wrong for these numbers.",
    )
    title = BY_READER.in_(context.lang)
    callout = Callout(title[:1].upper() + title[1:], (Words(f"{text} {_advice(context)}".strip()),),
                      "warning")  # fmt: skip
    table = _table(context, changes)
    return (Section(SECTION, say("Endret av leseren", "Changed by the reader"), (callout, table)),)


def _advice(context: StudyContext) -> str:
    """Whether the study's recommendation still follows from its own rule."""
    held: Mapping[str, Any] = context.results.get("decision") or {}
    advised = held.get("recommendation")
    if not advised:
        return ""
    name = context.alternative_name(advised["alternative"])
    if not advised["contradicts"]:
        return context.say(
            f"Studiens anbefaling, {name}, følger fortsatt av regelen den bygger på.",
            f"The study’s recommendation, {name}, still follows from its rule.",
        )
    rule = rule_text(advised["rule"], context)
    picked = advised.get("rule_picks")
    other = context.alternative_name(picked) if picked else context.say("ingen", "none")
    return context.say(
        f"Studiens anbefaling, {name}, følger ikke av regelen den bygger på ({rule}): den velger "
        f"nå {other}.",
        f"The study’s recommendation, {name}, does not follow from its rule ({rule}), which now "
        f"picks {other}.",
    )


def _rows(context: StudyContext, changes: Changes) -> list[tuple[str, str, str, str, str]]:
    """Input, unit, in the study or library, in this run, and whether the run read it."""
    say, lang = context.say, context.lang
    yes, no = say("ja", "yes"), say("nei, uten virkning", "no, without effect")
    before = context.results["changed_inputs"]["before"]
    rows = []
    for name, levers in changes.levers.items():
        for lever, value in levers.items():
            declared = context.definition.levers[lever]
            unit = unit_words(declared.unit, lang) if declared.unit else ""
            was = before["levers"].get(name, {}).get(lever)
            title = f"{context.alternative_name(name)}: {declared.name.in_(lang)}"
            rows.append((title, unit, _shown(context, was), _shown(context, value), yes))
    for fact_id, numbers in changes.facts.items():
        fact = context.library.fact(fact_id)
        held = before["facts"].get(fact_id, ())
        unit = unit_words(fact.unit, lang)
        unit = f"{unit} ({fact.price_year})" if fact.price_year else unit
        is_read = fact_id in context.results["facts_used"]
        rows.append((fact.name.in_(lang), unit, _numbers(context, held),
                     _numbers(context, numbers), yes if is_read else no))  # fmt: skip
    return rows


def _shown(context: StudyContext, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value.replace("_", " ")
    return format_number(float(value), context.lang, DIGITS)


def _numbers(context: StudyContext, numbers: Any) -> str:
    return " / ".join(format_number(float(n), context.lang, DIGITS) for n in numbers) or "–"


_HEADS = (
    Text(nb="Inndata", en="Input"), Text(nb="Enhet", en="Unit"),
    Text(nb="Studien og biblioteket", en="Study and library"), Text(nb="Her", en="Here"),
    Text(nb="Lest i kjøringen", en="Read in the run"),
)  # fmt: skip


def _table(context: StudyContext, changes: Changes) -> Table:
    heads = [h.in_(context.lang) for h in _HEADS]
    columns = tuple(Column(h, align="right" if i in (2, 3) else "left")
                    for i, h in enumerate(heads))  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(_rows(context, changes))
    caption = context.say("Inndata som er endret av leseren", "Inputs changed by the reader")
    note = context.say("Tre tall er lav / midt / høy, to er lav / høy.",
                       "Three numbers are low / central / high, two are low / high.")
    return Table(f"{SECTION}-table", caption, columns, rows, (note,))


def changed_sheet(context: StudyContext) -> tuple[Sheet, ...]:
    """The same as a sheet of the workbook."""
    changes = changes_of(context.results)
    if not changes:
        return ()
    heads = tuple(h.in_(context.lang) for h in _HEADS)
    name = context.say("endret av leseren", "changed by the reader")
    return (Sheet(name, heads, tuple(_rows(context, changes)), (BY_READER.in_(context.lang),)),)
