"""What the keys of facilities are called, in both languages."""

from __future__ import annotations

from virkestoff.language import Text

__all__ = [
    "ANSWERS", "BASES", "CONFIDENCES", "CONSTRAINTS", "EXPECTED", "FACETS", "KINDS",
    "PHASES", "STATUSES", "TRANSFERS", "UNIT_WORDS", "VERDICTS", "VIEWERS", "WORK_STATUSES",
]  # fmt: skip


def _words(**pairs: tuple[str, str]) -> dict[str, Text]:
    return {key: Text(nb=nb, en=en) for key, (nb, en) in pairs.items()}


KINDS = _words(
    producer=("produsent", "producer"), catapult_centre=("katapultsenter", "catapult centre"),
    hospital=("sykehus", "hospital"), institute=("institutt", "institute"),
    university=("universitet", "university"), cluster=("klynge", "cluster"),
    network=("nettverk", "network"), incubator=("inkubator", "incubator"),
    infrastructure=("infrastruktur", "infrastructure"), agency=("etat", "agency"),
)  # fmt: skip
FACETS = _words(
    process=("produksjon", "production"), analytics=("analyse og kontroll", "analysis and control"),
    validation=("validering", "validation"), competence=("kompetanse", "competence"),
    premises=("lokaler", "premises"), product=("produkt", "product"),
    gmp=("GMP-klasse", "GMP class"), safety=("vern", "precautions"),
)  # fmt: skip
PHASES = _words(
    research=("forskning", "research"), preclinical=("preklinisk", "preclinical"),
    phase_1=("fase 1", "phase 1"), phase_2=("fase 2", "phase 2"), phase_3=("fase 3", "phase 3"),
    commercial=("kommersiell", "commercial"),
)  # fmt: skip
STATUSES = _words(
    fits=("passer", "fits"), ask=("må spørres", "has to be asked"),
    near_miss=("passer nesten", "nearly fits"), no=("passer ikke", "does not fit"),
)  # fmt: skip
WORK_STATUSES = _words(
    exists=("finnes", "exists"), planned=("var planlagt", "was planned"),
    possible=("mulig, ikke i dag", "possible, not today"),
    activity=("virksomhet på feltet", "activity in the field"), ended=("avsluttet", "ended"),
)  # fmt: skip
CONFIDENCES = _words(
    firm=("sikker", "firm"), likely=("sannsynlig", "likely"),
    indicative=("bare antydet", "indicative only"),
)  # fmt: skip
BASES = _words(
    actual_cost=("faktisk kostnad", "actual cost"), market=("markedspris", "market price"),
    subsidised=("støttet pris", "subsidised price"),
)  # fmt: skip
VIEWERS = _words(
    public=("alle", "everybody"), registered=("innloggede", "those who have signed in"),
    broker=("bare megleren", "the broker alone"),
)  # fmt: skip
TRANSFERS = _words(
    none=("ikke begynt", "not begun"), in_preparation=("under arbeid", "in preparation"),
    ready=("klar", "ready"),
)  # fmt: skip
ANSWERS = _words(
    right=("stemmer", "is right"), corrected=("rettet", "corrected"), ended=("avsluttet", "ended"),
    wrong=("feil", "wrong"), added=("oppgitt av tilbyderen", "stated by the provider"),
    open=("svaret er tatt tilbake", "the answer was taken back"),
)  # fmt: skip
VERDICTS = _words(
    yes=("ja", "yes"), unknown=("ikke sagt", "not said"), no=("nei", "no"),
)  # fmt: skip
CONSTRAINTS = _words(
    process=("arbeid", "work"), exists=("finnes", "exists"), access=("adgang", "access"),
    country=("land", "country"), product=("produkt", "product"), phase=("fase", "phase"),
    gmp=("GMP", "GMP"), scale=("størrelse", "size"), analytics=("analyse", "analysis"),
    safety=("vern", "precautions"), transfer=("overføring", "transfer"),
    certificate=("sertifikat", "certificate"), capacity=("kapasitet", "capacity"),
    freshness=("bekreftelse", "confirmation"), price=("pris", "price"),
) | {"class": Text(nb="klasse", en="class")}  # fmt: skip
EXPECTED = _words(
    no_capability=("ingen kan det som trengs", "nobody has the capability"),
    no_capacity_in_window=("ingen ledig kapasitet i tiden", "no capacity in the time"),
    price=("prisen", "the price"), **{"class": ("produktklasse eller GMP", "product or GMP class")},
)  # fmt: skip
UNIT_WORDS: dict[str, Text] = {
    "hour": Text(nb="time", en="hour"), "day": Text(nb="dag", en="day"),
    "week": Text(nb="uke", en="week"), "month": Text(nb="måned", en="month"),
    "batch": Text(nb="batch", en="batch"), "campaign": Text(nb="kampanje", en="campaign"),
    "unit": Text(nb="enhet", en="unit"), "tablet": Text(nb="tablett", en="tablet"),
    "vial": Text(nb="hetteglass", en="vial"), "bottle": Text(nb="flaske", en="bottle"),
    "pack": Text(nb="pakning", en="pack"), "person": Text(nb="person", en="person"),
    "position": Text(nb="plass", en="position"), "m^2": Text(nb="m²", en="m²"),
    "m^3": Text(nb="m³", en="m³"), "t": Text(nb="tonn", en="tonne"),
}  # fmt: skip
