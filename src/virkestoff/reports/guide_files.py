"""The answer to a profile as files: page, PDF, workbook, calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from virkestoff.evidence.fact import Source
from virkestoff.instruments.condition_rows import condition_rows
from virkestoff.instruments.guide import GROUPS, Answer
from virkestoff.instruments.wording import KINDS, STATUSES_IN_WORDS, value_words
from virkestoff.language import Lang, format_date
from virkestoff.reports.blocks import Column
from virkestoff.reports.calendar import Event, render_calendar
from virkestoff.reports.guide_document import guide_document
from virkestoff.reports.guide_tables import GuideTables
from virkestoff.reports.guide_words import (
    deadline_words,
    opening_words,
    read_words,
    result_words,
    rule_words,
    say,
    step_words,
    way_words,
)
from virkestoff.reports.html import render_html
from virkestoff.reports.output import write_whole
from virkestoff.reports.pdf import render_pdf
from virkestoff.reports.xlsx import Sheet, Value, write_xlsx

__all__ = ["guide_events", "guide_sheets", "write_guide"]


def write_guide(
    folder: Path, answer: Answer, sources: Mapping[str, Source], langs: Sequence[Lang]
) -> list[Path]:
    """Write page, PDF and workbook in each language, and the calendar if there is a day to keep.

    Files in Norwegian are ``answer.*``, in English ``answer.en.*``.

    Raises
    ------
    InputError
        if the folder cannot be written.
    """
    written = []
    for lang in langs:
        stem = "answer" if lang == "nb" else f"answer.{lang}"
        document = guide_document(answer, sources, lang)
        page = folder / f"{stem}.html"
        write_whole(page, render_html(document).encode())
        short = guide_document(answer, sources, lang, is_short=True)
        render_pdf(short, folder / f"{stem}.pdf")
        write_xlsx(folder / f"{stem}.xlsx", guide_sheets(answer, sources, lang), answer.on, lang)
        written += [page, folder / f"{stem}.pdf", folder / f"{stem}.xlsx"]
        events = guide_events(answer, sources, lang)
        if events:
            name = say(lang, "Støtteordninger: frister", "Support schemes: deadlines")
            write_whole(folder / f"{stem}.ics", render_calendar(events, name, answer.on, lang))
            written.append(folder / f"{stem}.ics")
    return written


def guide_events(
    answer: Answer, sources: Mapping[str, Source], lang: Lang
) -> list[Event]:
    """The days to keep as events."""
    found = []
    entries = {e.id: e for e in answer.entries}
    for deadline in answer.deadlines:
        scheme = answer.engine.library[deadline.scheme]
        entry = entries[deadline.scheme]
        what = deadline_words(deadline, lang, entry.group)
        group = GROUPS[entry.group].in_(lang)
        call = entry.result.opening.call
        lines = [scheme.provider.in_(lang), group]
        if call is not None and call.name is not None and deadline.kind in ("closes", "opens"):
            lines.insert(0, call.name.in_(lang))
        source = sources.get((call.source if call else "") or "")
        found.append(Event(f"{deadline.scheme}/{deadline.kind}/{deadline.day}", deadline.day,
                           f"{scheme.name.in_(lang)}: {what}", "\n".join(lines),
                           (source.url or "") if source else ""))  # fmt: skip
    return found


def guide_sheets(
    answer: Answer, sources: Mapping[str, Source], lang: Lang
) -> list[Sheet]:
    """Schemes, conditions, amounts, questions, what was not found, days and the profile."""
    return [
        _schemes(answer, lang), _conditions(answer, sources, lang), _amounts(answer, lang),
        _questions(answer, lang), _not_found(answer, lang), _days(answer, lang),
        _profile(answer, lang),
    ]  # fmt: skip


def _titles(lang: Lang, *titles: tuple[str, str]) -> tuple[str | Column, ...]:
    return tuple(say(lang, *title) for title in titles)


def _schemes(answer: Answer, lang: Lang) -> Sheet:
    columns = (
        *_titles(lang, ("Ordning", "Scheme"), ("Id", "Id"), ("Hos", "From"), ("Slag", "Kind"),
                 ("Gruppe", "Group"), ("Status", "Status"), ("Når", "When")),
        Column(say(lang, "Beløp, minst", "Amount, least"), "NOK"),
        Column(say(lang, "Beløp, høyst", "Amount, most"), "NOK"),
        Column(say(lang, "Unntaksvis, høyst", "Exceptionally, most"), "NOK"),
        *_titles(lang, ("Dette avgjør", "What decides"), ("Dette skal til", "What it would take"),
                 ("Hvorfor", "Why")),
    )  # fmt: skip
    vocabulary = answer.engine.vocabulary
    rows: list[tuple[Value, ...]] = []
    for entry in answer.entries:
        scheme, amount = entry.result.scheme, entry.result.amount
        in_nok = amount is not None and amount.unit == "NOK"
        is_low = amount is not None and in_nok and (bool(amount.low) or amount.value is not None)
        rows.append((
            scheme.name.in_(lang), entry.id, scheme.provider.in_(lang),
            KINDS[scheme.kind].in_(lang), GROUPS[entry.group].in_(lang),
            STATUSES_IN_WORDS[entry.result.status].in_(lang), opening_words(entry, lang),
            amount.low if amount is not None and is_low else None,
            amount.high if amount is not None and in_nok else None,
            amount.exceptional if amount is not None and in_nok else None,
            "; ".join(vocabulary.terms[f].name.in_(lang) for f in entry.deciding),
            "; ".join(way_words(entry, vocabulary, lang)),
            entry.reason.in_(lang) if entry.reason else "",
        ))  # fmt: skip
    notes = (say(lang, "Beløpene er det meste som reglene tillater, ikke det som blir gitt.",
                 "Amounts are the most that the rules allow, not what will be given."),)
    return Sheet(say(lang, "ordninger", "schemes"), columns, tuple(rows), notes)


def _conditions(answer: Answer, sources: Mapping[str, Source], lang: Lang) -> Sheet:
    columns = _titles(lang, ("Ordning", "Scheme"), ("Vilkår", "Condition"), ("Id", "Id"),
                      ("Resultat", "Result"), ("Bygger på", "Rests on"), ("Regel", "Rule"),
                      ("Kilde", "Source"), ("Sted", "Place"), ("Adresse", "Address"))  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for entry in answer.entries:
        for row in condition_rows(entry.result):
            leaf = row.leaf
            reference = leaf.reference if leaf else None
            source = sources[reference.source] if reference else None
            rows.append((
                entry.name.in_(lang), "  " * row.depth + row.text.in_(lang),
                leaf.id if leaf else "", result_words(row.truth, leaf, lang),
                read_words(leaf, answer.engine.vocabulary, lang) if leaf else "",
                (leaf.dated.expression or "") if leaf else "",
                f"{source.publisher}: {source.title}" if source else "",
                reference.place if reference else "", (source.url or "") if source else "",
            ))  # fmt: skip
    return Sheet(say(lang, "vilkår", "conditions"), columns, tuple(rows))


def _amounts(answer: Answer, lang: Lang) -> Sheet:
    columns = (
        *_titles(lang, ("Ordning", "Scheme"), ("Steg", "Step"), ("Regel", "Rule"),
                 ("Med", "With")),
        *(say(lang, *title) for title in (("Verdi", "Value"), ("Minst", "Least"),
                                          ("Høyst", "Most"), ("Enhet", "Unit"))),
    )  # fmt: skip
    vocabulary = answer.engine.vocabulary
    rows: list[tuple[Value, ...]] = [
        (entry.name.in_(lang), step.name.in_(lang), rule_words(step, vocabulary, lang),
         step_words(step, vocabulary, lang), step.value, step.low, step.high, step.unit)
        for entry in answer.entries if entry.group != "aside" and entry.result.amount is not None
        for step in entry.result.amount.steps
    ]  # fmt: skip
    return Sheet(say(lang, "beløp", "amounts"), columns, tuple(rows))


def _questions(answer: Answer, lang: Lang) -> Sheet:
    columns = _titles(lang, ("Spørsmål", "Question"), ("Opplysning", "Fact"), ("Spør", "Ask"),
                      ("Avgjør, ventet", "Settles, expected"), ("Spurt av", "Asked by"),
                      ("Ordninger", "Schemes"))  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (q.term.question.in_(lang), q.fact, q.term.ask.in_(lang), q.settles, len(q.schemes),
         "; ".join(answer.engine.library[key].name.in_(lang) for key in q.schemes))
        for q in answer.questions
    ]  # fmt: skip
    note = GuideTables(answer, lang).questions().notes
    return Sheet(say(lang, "spørsmål", "questions"), columns, tuple(rows), note)


def _not_found(answer: Answer, lang: Lang) -> Sheet:
    """Every term of a scheme that was found in no document: whom to ask, and what."""
    columns = _titles(lang, ("Ordning", "Scheme"), ("Ikke funnet", "Not found"), ("Spør", "Ask"),
                      ("Spørsmål", "Question"))  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for entry in answer.entries:
        if entry.group == "aside":
            continue
        amount = entry.result.amount
        terms = dict.fromkeys((*entry.result.unknown_terms, *entry.result.scheme.unknown,
                               *(amount.unknown_terms if amount else ())))  # fmt: skip
        rows += [(entry.name.in_(lang), t.what.in_(lang), t.ask.in_(lang), t.question.in_(lang))
                 for t in terms]  # fmt: skip
    return Sheet(say(lang, "ikke funnet", "not found"), columns, tuple(rows))


def _days(answer: Answer, lang: Lang) -> Sheet:
    columns = _titles(lang, ("Dag", "Day"), ("Ordning", "Scheme"), ("Hva", "What"))
    groups = {e.id: e.group for e in answer.entries}
    rows: list[tuple[Value, ...]] = [
        (d.day, answer.engine.library[d.scheme].name.in_(lang),
         deadline_words(d, lang, groups[d.scheme]))
        for d in answer.deadlines
    ]
    return Sheet(say(lang, "frister", "deadlines"), columns, tuple(rows))


def _profile(answer: Answer, lang: Lang) -> Sheet:
    columns = _titles(lang, ("Opplysning", "Fact"), ("Id", "Id"), ("Verdi", "Value"),
                      ("Fra", "From"))  # fmt: skip
    profile, rows = answer.profile, list[tuple[Value, ...]]()
    typed = say(lang, "oppgitt", "given")
    for name, term in answer.engine.vocabulary.terms.items():
        if name in profile.facts or name in profile.not_known:
            origin = profile.origins.get(name)
            rows.append((term.name.in_(lang), name,
                         value_words(term, profile.facts.get(name), lang),
                         origin.in_(lang) if origin else typed))  # fmt: skip
    about = (profile.name, profile.organisation_number or "", format_date(answer.on, lang))
    return Sheet(say(lang, "profil", "profile"), columns, tuple(rows), tuple(t for t in about if t))

