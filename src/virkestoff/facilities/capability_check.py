"""What is known of a provider's capability, constraint by constraint: yes, unknown or no.

Unknown is neither yes nor no. ``no`` comes only from something stated. Each check looks at one
wish of the request and answers ``None`` where the request states none, so that taking a wish away
can only take a reason away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from virkestoff.facilities.countries import in_country
from virkestoff.facilities.provider import Capability, Gap, Provider
from virkestoff.facilities.reason import Constraint, Reason, no, unknown, yes
from virkestoff.facilities.request import NOT_NEEDED, Need
from virkestoff.facilities.vocabulary import Vocabulary
from virkestoff.facilities.window import Window
from virkestoff.language import format_number

__all__ = ["ELSEWHERE", "Stated", "capability_reasons"]

ELSEWHERE = 3
"""The distance of a product of which only quite other ones are stated."""


@dataclass(frozen=True)
class Stated:
    """One record of one provider, with the line of capacity that is looked at."""

    key: str
    provider: Provider
    capability: Capability
    window: Window | None
    vocabulary: Vocabulary
    gaps: tuple[Gap, ...]

    def said(self) -> tuple[str, str]:
        """Where the capability is stated."""
        return self.capability.source, self.capability.place

    def name(self, term: str, lang: str) -> str:
        """A term as a reader sees it."""
        text = self.vocabulary.name(term)
        return text.nb if lang == "nb" else text.en


def _process(need: Need, at: Stated) -> Reason:
    does = at.capability.does
    relation = at.vocabulary.relation(does, need.does)
    nb, en = at.name(does, "nb"), at.name(does, "en")
    if relation in ("same", "narrower"):
        return yes("process", nb, en, *at.said())
    wanted_nb, wanted_en = at.name(need.does, "nb"), at.name(need.does, "en")
    for lack in at.provider.lacks:
        if at.vocabulary.covers(need.does, lack.does):
            return no("process", f"Mangler: {at.name(lack.does, 'nb')}",
                      f"Lacks: {at.name(lack.does, 'en')}", lack.source, lack.place)  # fmt: skip
    return unknown("process", f"Oppgitt er {nb}; om det omfatter {wanted_nb}, er ikke sagt",
                   f"Stated is {en}; whether that includes {wanted_en} is not said",
                   *at.said(), distance=1 + _n_steps(at, (does,), need.does))  # fmt: skip


def _n_steps(at: Stated, stated: Iterable[str], wanted: str) -> int:
    """How far above what is wanted the nearest of the stated broader terms lies."""
    found = [at.vocabulary.n_steps_above(one, wanted) for one in stated]
    return min(n for n in found if n)


def _exists(at: Stated) -> Reason:
    status = at.capability.status
    if status == "exists":
        return yes("exists", "Er oppgitt som noe som finnes", "Is stated to exist", *at.said())
    if status == "planned":
        return unknown("exists", "Var planlagt; om det er bygd, er ikke sagt",
                       "Was planned; whether it was built is not said", *at.said())  # fmt: skip
    if status == "possible":
        return unknown("exists", "Kan ifølge kilden brukes til det; gjør det ikke i dag",
                       "Could be used for it, says the source; is not today",
                       *at.said())  # fmt: skip
    if status == "activity":
        return unknown("exists", "Oppgitt er virksomhet på feltet, ikke et anlegg",
                       "Stated is activity in the field, not a facility", *at.said(),
                       distance=2)  # fmt: skip
    return no("exists", "Er avsluttet", "Has ended", *at.said())


def _access(at: Stated) -> Reason:
    access = at.provider.access
    if at.window is not None:
        return yes("access", "Tilbyr kapasitet til andre", "Offers capacity to others")
    if access is None:
        return unknown("access", "Om den arbeider for andre, er ikke sagt",
                       "Whether it works for others is not said")  # fmt: skip
    if access.to == "others":
        return yes("access", "Arbeider for andre", "Works for others", access.source, access.place)
    return no("access", "Oppgitt bare til eget bruk", "Stated for its own use only",
              access.source, access.place)  # fmt: skip


def _country(need: Need, at: Stated) -> Reason | None:
    if not need.countries:
        return None
    country = at.provider.country
    there = in_country(country)
    said = yes if country in need.countries else no
    return said("country", f"Ligger {there.nb}", f"Is {there.en}")


def _gap(need: Need, at: Stated) -> Gap | None:
    """A statement that nobody in the country makes such a product.

    It does not speak of a provider of which a source says that it makes something of that kind;
    that a provider makes medicines says nothing of antibiotics.
    """
    covers = at.vocabulary.covers
    for gap in at.gaps:
        if gap.extent != "none" or gap.country != at.provider.country:
            continue
        if not covers(need.does, gap.does):
            continue
        for product in gap.products:
            is_of_the_kind = any(covers(stated, product) for stated in at.capability.products)
            if need.modality and covers(need.modality, product) and not is_of_the_kind:
                return gap
    return None


def _product(need: Need, at: Stated) -> Reason | None:
    if need.modality is None:
        return None
    words, stated = at.vocabulary, at.capability.products
    for excluded in at.capability.excludes:
        if words.covers(need.modality, excluded):
            return no("class", f"Tar ikke {at.name(excluded, 'nb')}",
                      f"Does not take {at.name(excluded, 'en')}", *at.said())  # fmt: skip
    relation = words.best_relation(stated, need.modality)
    shown_nb = ", ".join(at.name(p, "nb") for p in stated)
    shown_en = ", ".join(at.name(p, "en") for p in stated)
    if relation in ("same", "narrower"):
        return yes("product", shown_nb, shown_en, *at.said())
    gap = _gap(need, at)
    if gap is not None:
        return no("product", gap.text.nb, gap.text.en, gap.source, gap.place)
    if not stated:
        return unknown("product", "For hvilke produkter, er ikke sagt",
                       "For which products is not said", *at.said())  # fmt: skip
    is_broader = relation == "broader"
    return unknown("product", f"Oppgitt: {shown_nb}", f"Stated: {shown_en}", *at.said(),
                   distance=_n_steps(at, stated, need.modality) if is_broader else ELSEWHERE,
                   )  # fmt: skip


def _phase(need: Need, at: Stated) -> Reason | None:
    if need.phase is None:
        return None
    phases = (at.window.phases if at.window else ()) or at.capability.phases
    if not phases:
        return unknown("phase", "Hvilke faser, er ikke sagt", "Which phases is not said")
    words = {"research": "forskning", "preclinical": "preklinisk", "commercial": "marked"}
    nb = ", ".join(words.get(p, p.replace("phase_", "fase ")) for p in phases)
    en = ", ".join(p.replace("_", " ") for p in phases)
    if need.phase in phases:
        return yes("phase", nb, en, *at.said())
    return unknown("phase", f"Oppgitt: {nb}", f"Stated: {en}", *at.said(), distance=2)


def _gmp(need: Need, at: Stated) -> Reason | None:
    if need.gmp is None or need.gmp == NOT_NEEDED:
        return None
    wanted_nb, wanted_en = at.name(need.gmp, "nb"), at.name(need.gmp, "en")
    if at.capability.is_without_gmp:
        return no("gmp", "Oppgitt uten GMP", "Stated to be without GMP", *at.said())
    stated = at.capability.gmp
    if not stated:
        return unknown("gmp", f"Om den har {wanted_nb}, er ikke sagt",
                       f"Whether it has {wanted_en} is not said")  # fmt: skip
    nb, en = (", ".join(at.name(g, lang) for g in stated) for lang in ("nb", "en"))
    relation = at.vocabulary.best_relation(stated, need.gmp)
    if relation in ("same", "narrower"):
        return yes("gmp", nb, en, *at.said())
    return unknown("gmp", f"Oppgitt: {nb}", f"Stated: {en}", *at.said(),
                   distance=1 if relation == "broader" else 2)  # fmt: skip


def _scale(need: Need, at: Stated) -> Reason | None:
    if need.batch_size is None:
        return None
    own = at.window.batch if at.window else None
    scale = own or at.capability.scale
    said = ("", "") if own else at.said()
    if scale is None:
        return unknown("scale", "Størrelsen er ikke kjent", "The size is not known")
    unit = need.batch_size.unit
    ends = scale.ends(unit)
    if ends is None:
        return unknown("scale", f"Størrelsen er oppgitt i {scale.unit}, ikke {unit}",
                       f"The size is stated in {scale.unit}, not {unit}", *said)  # fmt: skip
    low, high = ends
    size = need.batch_size.exact
    if high is not None and size > high:
        nb, en = format_number(float(high), "nb"), format_number(float(high), "en")
        return no("scale", f"Tar inntil {nb} {unit}", f"Takes up to {en} {unit}", *said)
    if low is not None and size < low:
        nb, en = format_number(float(low), "nb"), format_number(float(low), "en")
        return no("scale", f"Tar fra {nb} {unit}", f"Takes from {en} {unit}", *said)
    if high is None:
        return unknown("scale", "Største størrelse er ikke kjent",
                       "The largest size is not known", *said)  # fmt: skip
    return yes("scale", f"Tar {format_number(float(size), 'nb')} {unit}",
               f"Takes {format_number(float(size), 'en')} {unit}", *said)  # fmt: skip


def _stated_terms(
    constraint: Constraint, wanted: Iterable[str], stated: tuple[str, ...], at: Stated
) -> Reason | None:
    """Whether all wanted terms are among those that the provider states anywhere."""
    missing = [w for w in wanted if at.vocabulary.best_relation(stated, w) not in
               ("same", "narrower")]  # fmt: skip
    if not missing:
        return yes(constraint, "Er oppgitt", "Is stated", *at.said()) if wanted else None
    for term in missing:
        for lack in at.provider.lacks:
            if at.vocabulary.covers(term, lack.does):
                return no(constraint, f"Mangler: {at.name(term, 'nb')}",
                          f"Lacks: {at.name(term, 'en')}", lack.source, lack.place)  # fmt: skip
    nb, en = (", ".join(at.name(m, lang) for m in missing) for lang in ("nb", "en"))
    return unknown(constraint, f"Ikke sagt: {nb}", f"Not said: {en}")


def _transfer(need: Need) -> Reason | None:
    """Who takes over a process must know it; how much help is given is for the provider to say."""
    if need.transfer in (None, "ready"):
        return None
    return unknown("transfer", "Om den hjelper med overføring av prosessen, må spørres",
                   "Whether it helps to transfer the process must be asked")  # fmt: skip


def capability_reasons(need: Need, at: Stated) -> list[Reason]:
    """Every constraint that the capability decides, in the order of the constraints."""
    own = at.provider.capabilities
    analytics = tuple(t for c in own for t in (c.does, *c.analytics))
    safety = tuple(t for c in own for t in c.safety)
    found = (
        _process(need, at), _exists(at), _access(at), _country(need, at), _product(need, at),
        _phase(need, at), _gmp(need, at), _scale(need, at),
        _stated_terms("analytics", need.analytics, analytics, at),
        _stated_terms("safety", need.safety, safety, at), _transfer(need),
    )  # fmt: skip
    return [reason for reason in found if reason is not None]
