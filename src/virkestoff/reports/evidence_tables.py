"""Tables that come from the library alone: sites, stock duties, conflicts, published figures."""

from __future__ import annotations

from virkestoff.evidence import Fact, Statistic, find_conflicts
from virkestoff.evidence.site import FORMS, load_sites
from virkestoff.reports.document import Cell, Citation, Column, Runs, Table, Words
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import amount_text, range_text

__all__ = ["conflicts_table", "duties_table", "sites_table"]


def _value(record: Fact | Statistic, context: StudyContext) -> str:
    value = record.value
    if value is None:
        return context.say("ikke lest", "not read")
    if isinstance(value, tuple):
        return range_text(value[0], value[-1], record.unit, context.lang)
    return amount_text(float(value), record.unit, context.lang)


def sites_table(context: StudyContext) -> Table:
    """Per site: which form it could make, which not, and why."""
    sites, _ = load_sites(context.library)
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
        # the reason that is closest to a yes says most; equal reasons are not repeated
        judged = sorted(site.could_make.values(), key=lambda j: j.answer != "unknown")
        why = judged[0].why.in_(context.lang)
        cited: Runs = tuple(Citation(m.source, m.place) for m in site.sources[:1])
        place = f", {site.place}" if site.place and site.place not in site.name else ""
        name: Runs = (Words(f"{site.name}{place} "), *cited)
        rows.append(
            (name, *(answers[site.could_make[form].answer] for form in FORMS), why)
        )
    caption = context.say(
        "Steder som kildene nevner, og hva hvert kunne lage", "Sites that the sources name, and "
        "what each could make",
    )  # fmt: skip
    note = context.say(
        "Svarene er vurderinger etter oppgitte regler. Ingen av stedene har bekreftet dem.",
        "The answers are judgements by stated rules. None is confirmed by the site.",
    )
    return Table("sites", caption, columns, tuple(rows), (note,))


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
            str(fact.valid.from_ or "–"),
            str(fact.valid.to or "–"),
            words[fact.confidence],
            (Citation(fact.source, fact.place),),
        )
        for fact in dated
    ]
    caption = context.say("Lagringsplikten som daterte regler", "The stock duty as dated rules")
    return Table("duties", caption, columns, tuple(rows))


def conflicts_table(context: StudyContext) -> Table:
    """Published figures that disagree."""
    columns = (
        Column(context.say("Emne", "Subject")),
        Column(context.say("År", "Year")),
        Column(context.say("Tall", "Figures")),
        Column(context.say("Kilder", "Sources")),
    )
    rows: list[tuple[Cell, ...]] = []
    for conflict in find_conflicts(context.library):
        values = " / ".join(_value(s, context) for s in conflict.statistics)
        sources: Runs = tuple(Citation(s.source) for s in conflict.statistics)
        rows.append((conflict.subject, str(conflict.year or "–"), values, sources))
    caption = context.say("Kilder som er uenige", "Sources that disagree")
    return Table("conflicts", caption, columns, tuple(rows))
