"""A request in words: what providers see first, and the shortlist as the requester sees it."""

from __future__ import annotations

from typing import Any

from virkestoff.facilities import NOT_NEEDED, Candidate, Match, Register, Request, Step
from virkestoff.facilities.amounts import Amount
from virkestoff.facilities.countries import country_name
from virkestoff.language import Lang, Text, format_date, format_number
from virkestoff_hub.facilities.words import UNIT_WORDS
from virkestoff_hub.requests.fields import PHASE_WORDS, TRANSFER_WORDS
from virkestoff_hub.requests.register import listed

__all__ = ["CANDIDATE_WORDS", "shown_shortlist", "summary_rows", "title_of"]

_DIGITS = 12
CANDIDATE_WORDS: dict[str, Text] = {
    "fits": Text(nb="passer", en="fits"),
    "ask": Text(nb="må spørres", en="must be asked"),
    "near_miss": Text(nb="passer nesten", en="nearly fits"),
}
_LABELS: dict[str, Text] = {
    "work": Text(nb="Arbeid", en="Work"),
    "product": Text(nb="Produkt", en="Product"),
    "phase": Text(nb="Fase", en="Phase"),
    "transfer": Text(nb="Overføring av prosessen", en="Transfer of the process"),
    "analytics": Text(nb="Analyser", en="Analytics"),
    "safety": Text(nb="Vern og sikkerhet", en="Precautions"),
    "from": Text(nb="Tidligst", en="Earliest"),
    "to": Text(nb="Senest", en="Latest"),
    "countries": Text(nb="Land", en="Countries"),
    "text": Text(nb="Omtale", en="Description"),
}


def _amount(amount: Amount, lang: Lang) -> str:
    unit = UNIT_WORDS[amount.unit].in_(lang) if amount.unit in UNIT_WORDS else amount.unit
    return f"{format_number(amount.amount, lang, _DIGITS)} {unit}"


def _work(step: Step, register: Register, lang: Lang) -> str:
    words = [register.vocabulary.name(step.does).in_(lang)]
    if step.batch_size:
        label = Text(nb="batchstørrelse", en="batch size").in_(lang)
        words.append(f"{label} {_amount(step.batch_size, lang)}")
    if step.quantity:
        label = Text(nb="i alt", en="in all").in_(lang)
        words.append(f"{label} {_amount(step.quantity, lang)}")
    return ", ".join(words)


def title_of(request: Request, register: Register, lang: Lang) -> str:
    """The work that is asked for."""
    found = [register.vocabulary.name(s.does).in_(lang) for s in request.steps]
    return ", ".join([found[0], *(t[:1].lower() + t[1:] for t in found[1:])])


def summary_rows(
    request: Request, register: Register, lang: Lang, steps: list[int] | None = None
) -> list[tuple[str, str]]:
    """What a provider sees before anything is agreed: label and text.

    Only what is named here is shown. The requester, its budget and all of the confidential part are
    not.

    Parameters
    ----------
    steps : the pieces of work that the provider was chosen for; default all
    """
    words = register.vocabulary

    def terms(keys: tuple[str, ...]) -> str:
        return ", ".join(words.name(key).in_(lang) for key in keys)

    chosen = [s for i, s in enumerate(request.steps) if not steps or i in steps]
    rows = [("work", _work(step, register, lang)) for step in chosen]
    if request.modality:
        rows.append(("product", terms((request.modality,))))
    if request.phase:
        rows.append(("phase", PHASE_WORDS[request.phase].in_(lang)))
    no_gmp = Text(nb="Trengs ikke", en="Not needed").in_(lang)
    gmp = "" if not request.gmp else no_gmp if request.gmp == NOT_NEEDED else terms((request.gmp,))
    if request.transfer:
        rows.append(("transfer", TRANSFER_WORDS[request.transfer].in_(lang)))
    rows += [("analytics", terms(request.analytics)), ("safety", terms(request.safety))]
    rows += [("from", format_date(request.from_, lang) if request.from_ else ""),
             ("to", format_date(request.to, lang) if request.to else "")]  # fmt: skip
    rows.append(("countries", ", ".join(country_name(c).in_(lang) for c in request.countries)))
    rows.append(("text", request.summary))
    found = [(_LABELS[key].in_(lang), text) for key, text in rows if text]
    if gmp:
        found.insert(len(chosen), ("GMP", gmp))
    return found


def _candidate(candidate: Candidate, register: Register, lang: Lang) -> dict[str, Any]:
    near = [n.text.in_(lang) for n in candidate.near_misses]
    return {
        "provider": candidate.provider,
        "name": register.name(candidate.provider),
        "status": candidate.status,
        "status_words": CANDIDATE_WORDS[candidate.status].in_(lang),
        "is_confirmed": register.providers[candidate.provider].is_confirmed,
        "because": [r.text.in_(lang) for r in candidate.reasons if r.verdict == "yes"],
        "why_not": [r.text.in_(lang) for r in candidate.why_not],
        "to_ask": [r.text.in_(lang) for r in candidate.to_ask],
        "near": near,
    }


def shown_shortlist(
    found: Match, register: Register, lang: Lang, wanted: str = ""
) -> list[dict[str, Any]]:
    """For each piece of work: its words, the providers shown, and how many were ruled out."""
    shown = []
    for step in found.steps:
        shown.append({
            "index": step.step,
            "work": _work(found.request.steps[step.step], register, lang),
            "candidates": [_candidate(c, register, lang) | {"is_wanted": c.provider == wanted}
                           for c in listed(step, wanted)],
            "n_out": sum(c.status == "no" for c in step.candidates),
        })  # fmt: skip
    return shown
