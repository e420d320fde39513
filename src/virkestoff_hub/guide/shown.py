"""An answer of the guide as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from virkestoff.instruments.condition_rows import condition_rows
from virkestoff.instruments.guide import GROUPS, Answer, Entry, Group
from virkestoff.instruments.wording import KINDS, amount_range, amount_words, value_words
from virkestoff.language import Lang, Text, format_date, place_in
from virkestoff.reports.guide_words import (
    deadline_words,
    opening_words,
    read_words,
    result_words,
    rule_words,
    step_words,
    way_words,
)

__all__ = ["ShownAnswer", "ShownGroup", "ShownScheme", "shown_answer"]

LEADS: dict[Group, Text] = {
    "now": Text(nb="Alle vilkår som vi har funnet, er oppfylt med det du har oppgitt.",
                en="All conditions that we found are met by what you gave."),
    "person": Text(nb="Det som kan avgjøres av opplysninger, er oppfylt. Resten vurderer den som "
                      "forvalter ordningen.",
                   en="What facts can decide is met. The rest is judged by those who run it."),
    "undecided": Text(nb="Svar på det som mangler, så blir de avklart.",
                      en="Answer what is missing, and they are settled."),
    "near": Text(nb="Ett eller to forhold skiller deg fra disse.",
                 en="One or two things stand between you and these."),
    "ask": Text(nb="Vi har ikke funnet alle vilkårene. Spør den som forvalter ordningen.",
                en="We did not find all terms. Ask those who run the scheme."),
    "later": Text(nb="Ta vare på datoen.", en="Keep the date."),
    "rule_not_known": Text(nb="Vilkårene vi har lest, gjelder ikke på datoen du spør for.",
                           en="The terms that we read do not hold on the date you ask for."),
    "closed": Text(nb="Disse tar ikke imot søknader nå.",
                   en="These take no applications now."),
    "not_met": Text(nb="Med det første vilkåret som ikke er oppfylt.",
                    en="With the first condition that is not met."),
    "aside": Text(nb="De kan ikke søkes i dag.", en="They cannot be applied for today."),
}  # fmt: skip


@dataclass(frozen=True)
class ShownScheme:
    """A scheme of an answer in words."""

    id: str
    name: str
    provider: str
    kind: str
    amount: str
    when: str
    reason: str
    deciding: tuple[tuple[str, str], ...]
    ways: tuple[str, ...]
    asks: tuple[tuple[str, str], ...]
    because: tuple[str, ...] = ()
    n_more: int = 0
    judged: tuple[str, ...] = ()
    is_amount_known: bool = False


@dataclass(frozen=True)
class ShownGroup:
    """Schemes of a group with its heading."""

    key: str
    title: str
    lead: str
    schemes: tuple[ShownScheme, ...]


@dataclass(frozen=True)
class ShownAnswer:
    """An answer in words.

    Attributes
    ----------
    deadlines : day, scheme id, scheme name, what
    profile : fact, name, value, where it is from
    """

    groups: tuple[ShownGroup, ...]
    rest: tuple[ShownGroup, ...]
    deadlines: tuple[tuple[str, str, str, str], ...]
    profile: tuple[tuple[str, str, str, str], ...]
    questions: tuple[tuple[str, str, int], ...]
    counts: tuple[tuple[str, str, int], ...]
    n_settled: int
    n_schemes: int
    notes: tuple[str, ...]


N_REASONS = 4
"""Conditions that are named as the reason."""
N_QUESTIONS = 5
"""Questions that are shown as those that decide most."""
FIRST: tuple[Group, ...] = ("now", "person", "near", "undecided", "ask", "later")
REST: tuple[Group, ...] = ("rule_not_known", "closed", "not_met", "aside")


def shown_answer(found: Answer, lang: Lang) -> ShownAnswer:
    """The answer in words."""
    terms = found.engine.vocabulary.terms

    def group(key: Group) -> ShownGroup | None:
        entries = found.in_group(key)
        if not entries:
            return None
        schemes = tuple(_scheme(entry, found, lang) for entry in entries)
        return ShownGroup(key, GROUPS[key].in_(lang), LEADS[key].in_(lang), schemes)

    groups = tuple(g for g in map(group, FIRST) if g)
    names = {e.id: e.name.in_(lang) for e in found.entries}
    return ShownAnswer(
        groups, tuple(g for g in map(group, REST) if g),
        tuple((format_date(d.day, lang), d.scheme, names[d.scheme], deadline_words(d, lang))
              for d in found.deadlines),
        _profile(found, lang),
        tuple((q.fact, terms[q.fact].question.in_(lang), len(q.schemes))
              for q in found.questions[:N_QUESTIONS]),
        tuple((g.key, g.title, len(g.schemes)) for g in groups),
        found.n_settled, len(found.entries),
        tuple(_note(note, lang) for note in found.profile.notes),
    )  # fmt: skip


def _scheme(entry: Entry, found: Answer, lang: Lang) -> ShownScheme:
    terms, scheme = found.engine.vocabulary.terms, entry.result.scheme
    is_open = entry.group in ("now", "person", "undecided", "near", "ask")
    met, judged = _because(entry, lang) if entry.group in ("now", "person") else ((), ())
    return ShownScheme(
        entry.id, entry.name.in_(lang), scheme.provider.in_(lang), KINDS[scheme.kind].in_(lang),
        amount_words(entry.result.amount, lang) if is_open else "", opening_words(entry, lang),
        entry.reason.in_(lang) if entry.reason else "",
        tuple((f, terms[f].name.in_(lang)) for f in entry.deciding),
        tuple(way_words(entry, found.engine.vocabulary, lang)) if entry.group == "near" else (),
        tuple((t.ask.in_(lang), t.question.in_(lang)) for t in entry.result.unknown_terms)
        if entry.group == "ask" else (),
        met[:N_REASONS], max(0, len(met) - N_REASONS), judged, _is_known(entry),
    )  # fmt: skip


def _is_known(entry: Entry) -> bool:
    """Whether anything is known of the amount."""
    amount = entry.result.amount
    return amount is not None and bool(
        amount.value is not None or amount.high is not None or amount.low
    )


def _because(entry: Entry, lang: Lang) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The conditions that are met, and those that a person judges."""
    rows = [row for row in condition_rows(entry.result) if row.leaf is not None]
    return (
        tuple(row.text.in_(lang) for row in rows if row.truth is True),
        tuple(row.text.in_(lang) for row in rows
              if row.truth is None and row.leaf is not None and row.leaf.cause == "judgement"),
    )  # fmt: skip


def _profile(found: Answer, lang: Lang) -> tuple[tuple[str, str, str, str], ...]:
    profile = found.profile
    typed = "du har oppgitt" if lang == "nb" else "you gave it"
    rows = []
    for name, term in found.engine.vocabulary.terms.items():
        if name in profile.facts or name in profile.not_known:
            origin = profile.origins.get(name)
            rows.append((name, term.name.in_(lang),
                         value_words(term, profile.facts.get(name), lang),
                         origin.in_(lang) if origin else typed))  # fmt: skip
    return tuple(rows)


def _note(note: Text, lang: Lang) -> str:
    """A note of the profile; where it names a key of the file, what to do on the page instead."""
    shown = note.in_(lang)
    if "aid:" not in shown:
        return shown
    lead = shown.partition(":")[0]
    return lead + (". Oppgi størrelsen med eiere og datterselskaper." if lang == "nb"
                   else ". State the size with owners and subsidiaries.")  # fmt: skip


@dataclass(frozen=True)
class ShownCondition:
    """A condition of a scheme with its result; ``mark`` is yes, no or open."""

    depth: int
    text: str
    mark: str
    result: str
    rests_on: str
    missing: tuple[tuple[str, str], ...]
    source: str
    place: str


def shown_conditions(entry: Entry, found: Answer, lang: Lang) -> tuple[ShownCondition, ...]:
    """Every condition of a scheme: what came out, on what it rests, where it stands."""
    vocabulary = found.engine.vocabulary
    shown = []
    for row in condition_rows(entry.result):
        leaf = row.leaf
        reference = leaf.reference if leaf else None
        parts = [reference.article or "", reference.place] if reference else []
        lacks = leaf is not None and row.truth is None and leaf.cause in ("fact", "band")
        missing = tuple(
            (name, vocabulary.terms[name].name.in_(lang)) for name, value in leaf.facts
            if value is None
        ) if lacks and leaf is not None else ()  # fmt: skip
        shown.append(ShownCondition(
            row.depth, row.text.in_(lang), {True: "yes", False: "no", None: "open"}[row.truth],
            result_words(row.truth, leaf, lang),
            read_words(leaf, vocabulary, lang) if leaf else "", missing,
            reference.source if reference else "",
            place_in(", ".join(p for p in parts if p), lang),
        ))  # fmt: skip
    return tuple(shown)


def shown_amount(entry: Entry, found: Answer, lang: Lang) -> tuple[tuple[str, str, str, str], ...]:
    """The amount step by step: step, rule, with what, what it gives."""
    amount, vocabulary = entry.result.amount, found.engine.vocabulary
    if amount is None:
        return ()
    return tuple(
        (step.name.in_(lang), rule_words(step, vocabulary, lang) or "–",
         step_words(step, vocabulary, lang) or "–",
         amount_range(step.value, step.low, step.high, step.unit, lang,
               is_share=step.part in ("rate", "own_share")))
        for step in amount.steps
    )  # fmt: skip
