"""Facts of a profile that aid law computes from what it says: size, public owners, de minimis aid.

What somebody stated, or a register says, counts; where what is computed contradicts it, a note says
so. Nothing is computed from silence: no awards listed is not no aid, and without owners an
enterprise may be larger than its own figures, never smaller.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from virkestoff.errors import MissingFact
from virkestoff.evidence import Library
from virkestoff.instruments.aid import SIZES
from virkestoff.instruments.aid_answer import AidAnswer, aid_answer
from virkestoff.instruments.aid_profile import group_of
from virkestoff.instruments.aid_section import COMPANY, AidSection, RelationRecord
from virkestoff.instruments.intervals import Band, OneOf, Value, may_be_equal
from virkestoff.instruments.profile import Profile
from virkestoff.instruments.profile_owners import Owner
from virkestoff.instruments.sme import SmeStatus, rule, sme_status
from virkestoff.instruments.sme_group import Kind
from virkestoff.instruments.vocabulary import Vocabulary
from virkestoff.language import Text

__all__ = ["with_computed_facts"]

SIZE = "company.size_class"
PUBLIC = "company.public_owner_share"
DE_MINIMIS = "company.de_minimis_received"
RATE = "market.nok_per_eur"
_FIGURES = ("company.employees", "company.full_time_equivalents", "company.turnover",
            "company.balance_total")  # fmt: skip
_PARTNER = "instruments.sme.partner_share"
_SLACK = 1e-9  # constant: of sums of shares
_KINDS: Mapping[str, Kind] = {
    "person": "natural_person", "employee": "natural_person", "public": "public_body",
}  # fmt: skip
_Found = tuple[str, Value, Text]
_NOTHING_STATED = Text(
    nb="Etter egne tall alene er foretaket {size}. Eiere og datterselskaper, som ikke er oppgitt, "
    "kan gjøre det større: før dem opp under aid: owners og holdings, eller oppgi size_class.",
    en="By its own figures alone the enterprise is {size}. Owners and subsidiaries, which are not "
    "given, may make it larger: list them under aid: owners and holdings, or state size_class.",
)


def with_computed_facts(
    library: Library, vocabulary: Vocabulary, profile: Profile, on: date
) -> Profile:
    """The profile with what follows from accounts, owners, awards and rates on a date.

    Facts computed for another date go first. Size counts the accounts of years before that of
    ``on``; without ``aid: accounts`` the facts of the enterprise stand for the year before.

    Raises
    ------
    InputError
        lists what does not fit together in the part on aid.
    """
    begun = _without_computed(profile)
    found, notes = _computed(library, begun, on)
    facts, origins, not_known = dict(begun.facts), dict(begun.origins), set(begun.not_known)
    computed = set()
    for fact, value, origin in found:
        if fact not in vocabulary.terms or value is None:
            continue
        if fact not in facts:
            facts[fact], origins[fact] = value, origin
            not_known.discard(fact)
            computed.add(fact)
        elif not may_be_equal(facts[fact], value):
            notes.append(_contradiction(vocabulary, fact, facts[fact], value, origin))
    new = [n for n in notes if n not in begun.notes]
    return replace(
        begun, facts=facts, origins=origins, not_known=frozenset(not_known),
        computed=frozenset(computed), notes=(*begun.notes, *new),
    )  # fmt: skip


def _without_computed(profile: Profile) -> Profile:
    found = profile
    for fact in profile.computed:
        found = found.without(fact)
    return found


def _computed(
    library: Library, profile: Profile, on: date
) -> tuple[list[_Found], list[Text]]:
    section = profile.aid or AidSection()
    notes: list[Text] = []
    found: list[_Found] = []
    day = on.isoformat()
    answer: AidAnswer | None = None
    if profile.aid is not None:
        answer = aid_answer(library, section, profile.facts, on)
    if section.accounts or any(name in profile.facts for name in _FIGURES):
        found += _size(library, profile, section, answer, on, notes)
    given = section.model_fields_set
    if answer is not None and answer.sme is not None and "owners" in given:
        public = answer.sme.public_share
        rest = _rest(section.owners)
        found.append((PUBLIC, _value(public.low, min(1.0, public.high + rest)), Text(
            nb="beregnet fra eierne under aid", en="computed from the owners under aid")))
    if answer is not None and answer.room.window is not None and "awards" in given:
        used = answer.room.used
        found.append((DE_MINIMIS, _value(used.low, used.high), Text(
            nb=f"beregnet fra bagatellstøtten under aid, tre år til {day}, i euro til dagskurs",
            en=f"computed from the de minimis aid under aid, three years to {day}, in euro at the "
            "rate of the day")))
    rate = section.day_rates.on(on)
    if rate is not None:
        found.append((RATE, rate, Text(nb=f"beregnet fra kursen for {day} under aid: rates",
                                       en=f"computed from the rate of {day} under aid: rates")))
    return found, notes


def _rest(owners: Sequence[RelationRecord]) -> float:
    """The share of the enterprise whose owners are not listed."""
    least = [o.share.low if isinstance(o.share, Band) else o.share
             for o in owners if o.of == COMPANY]  # fmt: skip
    rest = 1.0 - math.fsum(share or 0.0 for share in least)
    return 0.0 if rest < _SLACK else rest


def _size(
    library: Library, profile: Profile, section: AidSection, answer: AidAnswer | None, on: date,
    notes: list[Text],
) -> list[_Found]:  # fmt: skip
    """The size class; a set of classes where figures or owners leave more than one."""
    has_relations = bool({"owners", "holdings"} & section.model_fields_set)
    is_whole = has_relations
    status = answer.sme if answer is not None else None
    if not has_relations:
        section = section.model_copy(update={"owners": _relations(profile.owners)})
        try:
            partner = rule(library, _PARTNER, on).central
            rest = 1.0 - math.fsum(o.share for o in profile.owners)
            is_whole = rest < partner - _SLACK  # whoever holds the rest is no partner
            status = sme_status(library, group_of(section, profile.facts, on), COMPANY, on,
                                has_ownership_changed=section.has_ownership_changed)  # fmt: skip
        except MissingFact:
            status = None
    if status is None:
        notes.append(Text(nb=f"Størrelsesreglene er ikke kjent {on.isoformat()}.",
                          en=f"The size rules are not known on {on.isoformat()}."))  # fmt: skip
        return []
    sizes = [s for s in SIZES if s in status.sizes]
    if not is_whole:
        if len(sizes) == 1 and sizes[0] != SIZES[-1] and SIZE not in profile.facts:
            notes.append(_alone(sizes[0]))
        sizes = list(SIZES[SIZES.index(sizes[0]):])
    if len(sizes) == len(SIZES):
        return []
    value: Value = sizes[0] if len(sizes) == 1 else OneOf(frozenset(sizes))
    return [(SIZE, value, _size_origin(status, section, is_whole, has_relations))]


def _relations(owners: Sequence[Owner]) -> tuple[RelationRecord, ...]:
    """Owners of a plain profile as aid law reads them; their own figures are not known.

    A fund counts as an enterprise: whether it is exempt as an investor is not said.
    """
    return tuple(
        RelationRecord(id=f"owner_{k}", share=o.share, kind=_KINDS.get(o.kind, "enterprise"))
        for k, o in enumerate(owners, 1)
    )


def _size_origin(
    status: SmeStatus, section: AidSection, is_whole: bool, has_relations: bool
) -> Text:
    year = status.years[-1].year if status.years else None
    nb = "regnskapene under aid" if section.accounts else f"ansatte, omsetning og balanse ({year})"
    en = ("the accounts under aid" if section.accounts
          else f"employees, turnover and balance sheet ({year})")  # fmt: skip
    if has_relations:
        nb, en = f"{nb}, og eiere og datterselskaper", f"{en}, and owners and subsidiaries"
    elif is_whole:
        nb, en = f"{nb}, og eierne; uten datterselskaper", f"{en}, and the owners; no subsidiaries"
    else:
        nb, en = f"{nb}; eiere er ikke kjent", f"{en}; owners are not known"
    return Text(nb=f"beregnet fra {nb}", en=f"computed from {en}")


def _alone(size: str) -> Text:
    words = {"small": ("lite", "small"), "medium": ("mellomstort", "medium-sized")}[size]
    return Text(nb=_NOTHING_STATED.nb.format(size=words[0]),
                en=_NOTHING_STATED.en.format(size=words[1]))  # fmt: skip


def _value(low: float, high: float) -> Value:
    if low == high:
        return low
    return Band(low, high if math.isfinite(high) else None)


def _contradiction(
    vocabulary: Vocabulary, fact: str, stated: Value, computed: Value, origin: Text
) -> Text:
    term = vocabulary.terms[fact]
    return Text(
        nb=f"{term.name.nb}: oppgitt {_shown(stated, 'eller')}, men {_shown(computed, 'eller')} "
        f"{origin.nb}. Det oppgitte gjelder i svaret.",
        en=f"{term.name.en}: stated as {_shown(stated, 'or')}, but {_shown(computed, 'or')} "
        f"{origin.en}. What is stated counts in the answer.",
    )


def _shown(value: Value, word: str) -> str:
    if isinstance(value, OneOf):
        return f" {word} ".join(s for s in SIZES if s in value.choices)
    if isinstance(value, Band):
        return f"{_number(value.low)}–{_number(value.high)}"
    return value if isinstance(value, str) else _number(value)


def _number(value: Value) -> str:
    return "" if value is None else f"{value:.6g}"
