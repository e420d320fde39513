"""How facilities, requests and unmet need look on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from virkestoff.cli.screen import console, print_table
from virkestoff.language import Lang, format_number, place_in

if TYPE_CHECKING:
    from virkestoff.facilities import (
        Candidate,
        Capability,
        Match,
        Reason,
        Register,
        StepMatch,
        UnmetNeed,
    )

__all__ = ["print_match", "print_provider", "print_terms", "print_unmet", "unmet_yaml", "word"]

WORDS = {  # what a Norwegian reader sees; in English the key stands
    "providers": "tilbydere", "terms": "begreper", "gaps": "mangler i landet",
    "windows": "tidsrom med kapasitet", "days": "dager", "source": "kilde", "lacks": "mangler",
    "no record is confirmed by its provider": "ingen oppføring er bekreftet av tilbyderen",
    "not confirmed by the provider": "ikke bekreftet av tilbyderen",
    "confirmed by the provider": "bekreftet av tilbyderen",
    "no longer used": "brukes ikke lenger", "should be confirmed": "bør bekreftes på nytt",
    "works for others": "arbeider for andre", "own use only": "bare til eget bruk",
    "not said whether it works for others": "ikke sagt om den arbeider for andre",
    "up to": "inntil", "from": "fra", "without GMP": "uten GMP", "planned": "planlagt",
    "activity": "virksomhet på feltet", "ended": "avsluttet", "exists": "finnes",
    "fits": "passer", "ask": "må spørres", "near_miss": "passer nesten", "no": "passer ikke",
    "step": "steg", "to ask": "spør om", "would fit": "passer",
    "would have to be asked": "kan spørres", "possible": "mulig, ikke i dag",
    "why not": "hvorfor ikke", "chains": "kjeder av tilbydere", "noted": "kildene sier",
    "nothing said of": "ikke sagt", "only a broader kind of work is stated":
    "bare en videre type arbeid er oppgitt",
    "of which no source says anything near": "som ingen kilde sier noe om i nærheten",
    "synthetic": "Eksempel: kapasiteten er oppdiktet.",
    "producer": "produsent", "catapult_centre": "katapultsenter", "hospital": "sykehus",
    "institute": "institutt", "university": "universitet", "cluster": "klynge",
    "network": "nettverk", "incubator": "inkubator", "infrastructure": "infrastruktur",
    "agency": "etat", "process": "produksjon", "analytics": "analyse", "validation": "validering",
    "competence": "kompetanse", "premises": "lokaler", "product": "produkt", "gmp": "GMP",
    "safety": "vern", "country": "land", "access": "adgang", "phase": "fase", "scale": "størrelse",
    "transfer": "overføring", "class": "klasse", "certificate": "sertifikat",
    "capacity": "kapasitet", "freshness": "bekreftelse", "price": "pris", "exists?": "finnes",
    "unmet need": "Behov som ikke ble møtt", "requests": "Forespørsler", "all": "alle",
    "unmet": "ikke møtt", "unknown": "ukjent", "outcome": "Utfall", "does": "Arbeid",
    "hidden": "skjult, slik at ingen røpes", "outside": "ikke i listen",
}  # fmt: skip
_ENGLISH = {
    "ask": "has to be asked", "near_miss": "nearly fits", "no": "does not fit", "gmp": "GMP",
    "synthetic": "Example: the capacity is invented.",
    "own use only": "for its own use only", "noted": "the sources say",
}  # fmt: skip


def word(key: str, lang: Lang) -> str:
    """A key as a reader sees it."""
    if lang == "nb":
        return WORDS.get(key, key)
    return _ENGLISH.get(key, key.replace("_", " "))


def _say(line: str, indent: int = 2) -> None:
    console.print(escape(" " * indent + line), soft_wrap=True)


def _cited(source: str, place: str, lang: Lang) -> str:
    return f" ({source}, {place_in(place, lang)})" if source else ""


def print_terms(register: Register, lang: Lang) -> None:
    """The vocabulary by facet."""
    facet = ""
    for key, term in register.vocabulary.terms.items():
        if term.facet != facet:
            facet = term.facet
            console.print(f"[bold]{escape(word(facet, lang))}[/]")
        above = f" < {', '.join(term.broader)}" if term.broader else ""
        _say(f"{key}{above}: {term.name.in_(lang)}")


def _capability_line(capability: Capability, register: Register, lang: Lang) -> str:
    name = register.vocabulary.name
    parts = [name(capability.does).in_(lang)]
    if capability.products:
        parts.append(", ".join(name(p).in_(lang) for p in capability.products))
    if capability.scale:
        scale = capability.scale
        for label, end in (("from", scale.from_), ("up to", scale.to)):
            if end is not None:
                parts.append(f"{word(label, lang)} {format_number(end, lang)} {scale.unit}")
    parts += [name(g).in_(lang) for g in capability.gmp]
    if capability.is_without_gmp:
        parts.append(word("without GMP", lang))
    if capability.status != "exists":
        parts.append(word(capability.status, lang))
    parts += capability.places
    if capability.note:
        parts.append(capability.note.in_(lang))
    return "; ".join(parts)


def print_provider(key: str, register: Register, lang: Lang, is_short: bool = False) -> None:
    """One provider with what is stated of it."""
    from virkestoff.facilities.countries import country_name

    provider = register.providers[key]
    console.print(f"[bold]{escape(register.name(key))}[/]  {key}", soft_wrap=True)
    access = {"others": "works for others", "own_use": "own use only"}
    said = provider.access
    _say(f"{word(provider.kind, lang)}, {country_name(provider.country).in_(lang)}; "
         + word(access[said.to] if said else "not said whether it works for others", lang)
         + (_cited(said.source, said.place, lang) if said and not is_short else ""))  # fmt: skip
    for capability in provider.capabilities:
        cited = "" if is_short else _cited(capability.source, capability.place, lang)
        _say(_capability_line(capability, register, lang) + cited)
    if is_short:
        return
    for lack in provider.lacks:
        name = register.vocabulary.name(lack.does).in_(lang)
        _say(f"{word('lacks', lang)}: {name}{_cited(lack.source, lack.place, lang)}")
    is_confirmed = provider.is_confirmed
    _say(word(f"{'' if is_confirmed else 'not '}confirmed by the provider", lang))


def _reason_line(reason: Reason, lang: Lang) -> str:
    name = word("exists?" if reason.constraint == "exists" else reason.constraint, lang)
    return f"{name.rstrip('?')}: {reason.text.in_(lang)}{_cited(reason.source, reason.place, lang)}"


def _print_candidate(candidate: Candidate, register: Register, lang: Lang) -> None:
    name, status = register.name(candidate.provider), word(candidate.status, lang)
    console.print(f"  [bold]{escape(name)}[/]: {escape(status)}", soft_wrap=True)
    for near in candidate.near_misses:
        then = word("would fit" if near.then == "fits" else "would have to be asked", lang)
        _say(f"{then} {near.text.in_(lang)}", 4)
    for reason in candidate.why_not:
        _say(f"{word('why not', lang)}: {_reason_line(reason, lang)}", 4)
    if candidate.is_match and candidate.to_ask:
        said = [_reason_line(r, lang) for r in candidate.to_ask if r.source]
        silent = [word(r.constraint, lang) for r in candidate.to_ask if not r.source]
        for line in said:
            _say(f"{word('to ask', lang)}: {line}", 4)
        if silent:
            _say(f"{word('nothing said of', lang)}: {', '.join(silent)}", 4)


def _print_step(step: StepMatch, register: Register, lang: Lang) -> None:
    title = register.vocabulary.name(step.need.does).in_(lang)
    console.print(f"\n[bold]{word('step', lang)} {step.step + 1}: {escape(title)}[/]")
    for candidate in step.candidates:
        if not (candidate.is_remote and candidate.is_match):
            _print_candidate(candidate, register, lang)
    remote = [register.name(c.provider) for c in step.matches if c.is_remote]
    if remote:
        _say(f"{word('only a broader kind of work is stated', lang)}: {', '.join(remote)}")
    n_others = len(step.not_stated)
    _say(f"{n_others} {word('providers', lang)} "
         f"{word('of which no source says anything near', lang)}")  # fmt: skip


def print_match(found: Match, register: Register, lang: Lang) -> None:
    """An answer: every step, chains over the steps, and what the sources say is lacking."""
    if found.is_synthetic:
        console.print(word("synthetic", lang))
    for step in found.steps:
        _print_step(step, register, lang)
    if len(found.steps) > 1 and found.chains:
        console.print(f"\n[bold]{escape(word('chains', lang))}[/]")
        for chain in found.chains:
            names = " → ".join(register.name(p) for p in chain.providers)
            _say(f"{names}: {word(chain.status, lang)}")
    for gap in found.notices:
        said = _cited(gap.source, gap.place, lang)
        console.print(escape(f"\n{word('noted', lang)}: {gap.text.in_(lang)}{said}"),
                      soft_wrap=True)  # fmt: skip
    outcome = found.suggested_outcome()
    if outcome is not None:
        from virkestoff.facilities import OUTCOME_NAMES

        console.print(escape(f"\n{word('outcome', lang)}: {OUTCOME_NAMES[outcome].in_(lang)}"))
    if not any(p.is_confirmed for p in register.providers.values()):
        console.print(word("no record is confirmed by its provider", lang), soft_wrap=True)


def _code_name(code: str, found: UnmetNeed, lang: Lang) -> str:
    from virkestoff.facilities import OUTCOME_NAMES

    names = {str(kind): text.in_(lang) for kind, text in OUTCOME_NAMES.items()}
    return names.get(code, word(code, lang))


def print_unmet(found: UnmetNeed, lang: Lang) -> None:
    """The published table."""
    columns = [word(by, lang) for by in found.by] + [word("requests", lang)]
    rows = [
        [*(_code_name(code, found, lang) for code in cell.key),
         ":" if cell.value is None else format_number(cell.value, lang)]
        for cell in found.table.cells
    ]  # fmt: skip
    notes = [f": {word('hidden', lang)}"] if found.table.n_suppressed else []
    if found.is_synthetic:
        notes.append("Oppdiktede forespørsler." if lang == "nb" else "Invented requests.")
    print_table((word("unmet need", lang), columns, rows, notes))


def unmet_yaml(found: UnmetNeed) -> str:
    """The cells as statistics for a file of the library."""
    import yaml

    records = {}
    for statistic in found.statistics():
        record = statistic.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
        record["value"] = statistic.value
        records[statistic.id] = record
    return yaml.safe_dump({"statistics": records}, allow_unicode=True, sort_keys=False)
