"""Tables of the roadmap: positions, disagreements, measures, cooperation, schemes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest

from virkestoff.language import Text
from virkestoff.reports.document import Cell, Citation, Column, Runs, Table, Words
from virkestoff.reports.study_context import StudyContext
from virkestoff.roadmap import Cited, Position, Roadmap, load_roadmap

__all__ = [
    "cooperation_table",
    "disagreements_table",
    "measures_table",
    "positions_table",
    "schemes_table",
]

_STANCES: Mapping[str, Text] = {
    "for": Text(nb="for", en="for"),
    "for_with_condition": Text(nb="for, på vilkår", en="for, on a condition"),
    "against": Text(nb="imot", en="against"),
    "neutral": Text(nb="tar ikke side", en="takes no side"),
    "other_priority": Text(nb="setter annet først", en="puts something else first"),
}
_STATUSES: Mapping[str, Text] = {
    "existing": Text(nb="finnes", en="exists"),
    "proposed": Text(nb="foreslått", en="proposed"),
    "ended": Text(nb="avsluttet", en="ended"),
}
_USABLE: Mapping[str, Text] = {
    "yes": Text(nb="ja", en="yes"),
    "partly": Text(nb="delvis", en="partly"),
    "no": Text(nb="nei", en="no"),
    "unknown": Text(nb="uvisst", en="unknown"),
}
_REACH: Mapping[str, Text] = {
    "nordic": Text(nb="Norden", en="Nordic"),
    "european": Text(nb="Europa", en="Europe"),
    "global": Text(nb="verden", en="world"),
    "other_country": Text(nb="annet land", en="another country"),
}
_HOW: Mapping[str, Text] = {
    "read_secondary": Text(nb="gjengitt av andre", en="as reported by others"),
    "recalled": Text(nb="ubekreftet", en="unverified"),
}


def _cited(records: Iterable[Cited], context: StudyContext) -> Runs:
    """Citations with place; what was not read in the source itself says so."""
    runs: list[Words | Citation] = []
    for record in records:
        if runs:
            runs.append(Words(" "))
        runs.append(Citation(record.source, record.place))
        if record.how in _HOW:
            runs.append(Words(f" ({_HOW[record.how].in_(context.lang)})"))
    return tuple(runs)


def _topics(context: StudyContext, roadmap: Roadmap) -> tuple[str, ...]:
    """The topics that the study shows, in the roadmap's order; all if it names none."""
    wanted = context.definition.positions or tuple(roadmap.topics)
    return tuple(topic for topic in roadmap.topics if topic in wanted)


def _secondary_note(context: StudyContext) -> str:
    return context.say(
        "«Gjengitt av andre»: kjent gjennom et annet dokument eller notater, ikke lest i kilden.",
        '"As reported by others": known through another document or notes, not read in the source.',
    )


def _said(context: StudyContext, p: Position) -> str:
    """What is said, then the condition and the interest where there are any."""
    text = p.says.in_(context.lang)
    if p.condition:
        text += context.say(" Vilkår: ", " Condition: ") + p.condition.in_(context.lang)
    if p.interest:
        text += context.say(" Egeninteresse: ", " Interest: ") + p.interest.in_(context.lang)
    return text


def positions_table(context: StudyContext) -> Table:
    """Who says what of the study's topics; each topic opens with the claim that it is about."""
    roadmap = load_roadmap(context.library)
    columns = (
        Column(context.say("Tema", "Topic")),
        Column(context.say("Hvem: standpunkt", "Who: stance")),
        Column(context.say("Hva, vilkår og egeninteresse", "What, condition and interest")),
        Column(context.say("Kilde", "Source")),
    )
    rows: list[tuple[Cell, ...]] = []
    for topic in _topics(context, roadmap):
        found = roadmap.topics[topic]
        name = found.name.in_(context.lang)
        claim: Runs = (Words(found.claim.in_(context.lang), strong=True),)
        rows.append((name, context.say("påstanden", "the claim"), claim, "–"))
        for p in roadmap.positions_on(topic).values():
            who = roadmap.parties[p.who].name.in_(context.lang)
            stance: Runs = (
                Words(f"{who}: "), Words(_STANCES[p.stance].in_(context.lang), strong=True)
            )  # fmt: skip
            rows.append((name, stance, _said(context, p), _cited((p,), context)))
    caption = context.say("Hvem som sier hva", "Who says what")
    note = context.say(
        "Gjengitt med våre ord. Standpunktet gjelder påstanden øverst i temaet. Der kilden ikke "
        "svarer på påstanden slik den er skrevet, er standpunktet vår lesning. Der ingen "
        "egeninteresse står, er ingen kjent. Standpunktene er ikke veid og ikke talt.",
        "In our words. The stance is towards the claim that opens the topic. Where the source "
        "does not answer the claim as worded, the stance is our reading. Where no interest "
        "stands, none is known. Positions are not weighed and not counted.",
    )
    return Table("positions", caption, columns, tuple(rows), (note, _secondary_note(context)))


def _speaks(context: StudyContext, roadmap: Roadmap, position_id: str | None) -> Cell:
    """One position of a side, or a dash where the side has no more."""
    if position_id is None:
        return "–"
    p = roadmap.positions[position_id]
    stance = ""
    if p.stance in ("for_with_condition", "other_priority"):
        stance = f" ({_STANCES[p.stance].in_(context.lang)})"
    return (
        Words(roadmap.parties[p.who].name.in_(context.lang), strong=True),
        Words(f"{stance}: {_said(context, p)} "),
        *_cited((p,), context),
    )


def disagreements_table(context: StudyContext) -> Table:
    """The topics on which parties differ, both sides beside each other."""
    roadmap = load_roadmap(context.library)
    shown = _topics(context, roadmap)
    columns = (
        Column(context.say("Tema", "Topic")),
        Column(context.say("For", "For")),
        Column(context.say("Imot, eller setter annet først", "Against, or puts something else "
                           "first")),
        Column(context.say("Hva som kan avgjøre det", "What would settle it")),
    )  # fmt: skip
    kinds = {
        "opposite": context.say("motsatt syn", "opposite views"),
        "differing": context.say("ulikt syn", "differing views"),
    }
    rows: list[tuple[Cell, ...]] = []
    for found in roadmap.disagreements():
        if found.topic not in shown:
            continue
        topic = roadmap.topics[found.topic]
        name = topic.name.in_(context.lang)
        claim = f"{name} ({kinds[found.kind]}): {topic.claim.in_(context.lang)}"
        for n, (one, other) in enumerate(zip_longest(found.in_favour, found.others)):
            rows.append(
                (
                    claim if n == 0 else name,
                    _speaks(context, roadmap, one),
                    _speaks(context, roadmap, other),
                    topic.settled_by.in_(context.lang) if n == 0 else "–",
                )
            )
    caption = context.say("Uenighet side om side", "Disagreement side by side")
    note = context.say(
        "Et tema står her når minst to parter har ulikt standpunkt; de som ikke tar side, regnes "
        "ikke. «Motsatt syn» betyr at noen er for og andre imot. Det som står på samme linje, er "
        "ikke svar på hverandre, og antallet på hver side sier ingenting om "
        "hvem som har rett. Siste kolonne er studiens egen vurdering.",
        "A topic stands here when at least two parties have different stances; those that take no "
        'side are left out. "Opposite views" means that some are for and others against. What '
        "stands on one line is no answer to the other, and how many stand on a side says nothing "
        "of who is right. The last column is the study's own "
        "judgement.",
    )
    return Table("disagreements", caption, columns, tuple(rows), (note, _secondary_note(context)))


def measures_table(context: StudyContext) -> Table:
    """What is done or proposed, by whom, for which need."""
    roadmap = load_roadmap(context.library)
    columns = (
        Column(context.say("Tiltak", "Measure")),
        Column(context.say("Ansvarlig", "Responsible")),
        Column(context.say("Status", "Status")),
        Column(context.say("Behov", "Need")),
        Column(context.say("Kilde", "Source")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            measure.name.in_(context.lang),
            measure.responsible.in_(context.lang),
            _STATUSES[measure.status].in_(context.lang),
            "; ".join(roadmap.needs[need].name.in_(context.lang) for need in measure.needs),
            _cited((measure,), context),
        )
        for measure in roadmap.measures.values()
    ]
    caption = context.say("Tiltak som finnes eller er foreslått", "Measures in place or proposed")
    note = context.say(
        "Status er den som kilden oppgir, på kildens tid; senere vedtak er ikke undersøkt.",
        "Status is what the source states, at its time; later decisions were not looked into.",
    )
    return Table("measures", caption, columns, tuple(rows), (note, _secondary_note(context)))


def cooperation_table(context: StudyContext) -> Table:
    """Countries, organisations and arrangements that the study could work with."""
    roadmap = load_roadmap(context.library)
    columns = (
        Column(context.say("Ordning", "Arrangement")),
        Column(context.say("Omfang", "Reach")),
        Column(context.say("Hva kildene sier", "What the sources say")),
        Column(context.say("Hva det kan bety for antibiotika", "What it could mean for "
                           "antibiotics")),
        Column(context.say("Kilde", "Source")),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            found.name.in_(context.lang),
            _REACH[found.reach].in_(context.lang),
            found.text.in_(context.lang),
            found.relevance.in_(context.lang),
            _cited(found.sources, context),
        )
        for found in roadmap.arrangements.values()
    ]
    caption = context.say(
        "Mulig samarbeid med andre land og organisasjoner",
        "Possible cooperation with other countries and organisations",
    )
    note = context.say(
        "Fjerde kolonne er studiens egen vurdering. Ingen av partene er spurt.",
        "The fourth column is the study's own judgement. None of the parties was asked.",
    )
    return Table("cooperation", caption, columns, tuple(rows), (note, _secondary_note(context)))


def schemes_table(context: StudyContext) -> Table:
    """Whether support schemes and ways of buying can be used for production of antibiotics."""
    roadmap = load_roadmap(context.library)
    columns = (
        Column(context.say("Ordning", "Scheme")),
        Column(context.say("Kan brukes", "Can be used")),
        Column(context.say("Til hva, grenser og begrunnelse", "For what, limits and reason")),
        Column(context.say("Kilde", "Source")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            f"{found.name.in_(context.lang)} ({found.provider.in_(context.lang)}; "
            f"{_STATUSES[found.status].in_(context.lang)})",
            _USABLE[found.usable].in_(context.lang),
            found.use.in_(context.lang)
            + context.say(" Grenser: ", " Limits: ")
            + found.limits.in_(context.lang)
            + context.say(" Begrunnelse: ", " Reason: ")
            + found.reason.in_(context.lang),
            _cited(found.sources, context),
        )
        for found in roadmap.schemes.values()
    ]
    caption = context.say(
        "Ordninger og innkjøp: kan de brukes til antibiotika?",
        "Schemes and procurement: can they be used for antibiotics?",
    )
    note = context.say(
        "Om ordningen kan brukes, til hva og hvorfor er studiens egen vurdering, ikke "
        "forvalterens. «Uvisst» betyr at vilkår eller rettslig grunnlag ikke er lest.",
        "Whether a scheme can be used, for what and why is the study's own judgement, not that of "
        'its provider. "Unknown" means that terms or legal basis were not read.',
    )
    return Table("schemes", caption, columns, tuple(rows), (note, _secondary_note(context)))
