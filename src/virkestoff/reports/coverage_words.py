"""Words for codes of coverage, in the reader's language."""

from __future__ import annotations

from virkestoff.instruments.coverage import UNKNOWN
from virkestoff.instruments.phases import PhaseRules
from virkestoff.language import Lang, Text

__all__ = ["DIMENSION_WORDS", "GROUPS", "KIND_WORDS", "OUTCOMES", "RECIPIENT_WORDS", "SHORT_PHASES",
           "STATUS_WORDS", "WEIGHT_WORDS", "code_word"]  # fmt: skip

KIND_WORDS = {
    "grant": Text(nb="tilskudd", en="grant"),
    "tax_credit": Text(nb="skattefradrag", en="tax credit"),
    "loan": Text(nb="lån", en="loan"),
    "guarantee": Text(nb="garanti", en="guarantee"),
    "equity": Text(nb="egenkapital", en="equity"),
    "advice": Text(nb="rådgivning", en="advice"),
    "infrastructure": Text(nb="infrastruktur", en="infrastructure"),
    "network": Text(nb="nettverk", en="network"),
}
RECIPIENT_WORDS = {
    "startup": Text(nb="oppstartsbedrift", en="start-up"),
    "sme": Text(nb="liten eller mellomstor bedrift", en="small or medium-sized company"),
    "large": Text(nb="stor bedrift", en="large company"),
    "research_organisation": Text(nb="forskningsorganisasjon", en="research organisation"),
    "tto": Text(nb="teknologioverføringskontor", en="technology transfer office"),
    "public_body": Text(nb="offentlig virksomhet", en="public body"),
    "health_trust": Text(nb="helseforetak", en="health trust"),
    "municipality": Text(nb="kommune", en="municipality"),
    "cluster": Text(nb="klynge", en="cluster"),
    "investor": Text(nb="investor", en="investor"),
    "fund": Text(nb="fond", en="fund"),
    "bank": Text(nb="bank", en="bank"),
    "network": Text(nb="nettverk", en="network"),
    "consortium": Text(nb="konsortium", en="consortium"),
}
GROUPS = {
    "all": Text(nb="alle", en="all"),
    "any": Text(nb="minst én fase", en="at least one phase"),
    "pharmaceuticals": Text(nb="legemidler", en="pharmaceuticals"),
    "medical_devices": Text(nb="medisinsk utstyr", en="medical devices"),
    "diagnostics": Text(nb="diagnostikk", en="diagnostics"),
    "digital_health": Text(nb="digital helse", en="digital health"),
    "specialised_suppliers": Text(nb="spesialiserte leverandører", en="specialised suppliers"),
    "other": Text(nb="annet", en="other"),
    UNKNOWN: Text(nb="ukjent", en="unknown"),
}
STATUS_WORDS = {
    "existing": Text(nb="finnes", en="existing"),
    "proposed": Text(nb="foreslått", en="proposed"),
    "ended": Text(nb="avsluttet", en="ended"),
    "not_begun": Text(nb="ikke begynt", en="not begun"),
}
SHORT_PHASES = {
    "technology": Text(nb="Utvikling", en="Development"),
    "test": Text(nb="Test", en="Test"),
    "commercialisation": Text(nb="Marked", en="Market"),
    "scaling": Text(nb="Skalering", en="Scaling"),
    "expansion": Text(nb="Eksport", en="Export"),
}
DIMENSION_WORDS = {
    "phase": Text(nb="Fase", en="Phase"),
    "kind": Text(nb="Type", en="Kind"),
    "recipient": Text(nb="Mottaker", en="Recipient"),
    "market_failure": Text(nb="Markedssvikt", en="Market failure"),
    "branch": Text(nb="Bransje", en="Branch"),
    "status": Text(nb="Status", en="Status"),
}
WEIGHT_WORDS = {
    "number": Text(nb="antall ordninger", en="number of schemes"),
    "budget": Text(nb="budsjett", en="budget"),
    "reached": Text(nb="bedrifter nådd", en="companies reached"),
}
OUTCOMES = {
    "holds": Text(nb="holder", en="holds"),
    "fails": Text(nb="holder ikke", en="does not hold"),
    "open": Text(nb="kan ikke avgjøres", en="cannot be decided"),
}


def code_word(dimension: str, code: str, rules: PhaseRules, lang: Lang) -> str:
    """A code of a dimension for readers."""
    if code == UNKNOWN:
        return GROUPS[UNKNOWN].in_(lang)
    if dimension == "phase":
        return rules.phases[code].name.in_(lang)
    if dimension == "market_failure":
        return rules.market_failures[code].name.in_(lang)
    words = {"kind": KIND_WORDS, "recipient": RECIPIENT_WORDS, "branch": GROUPS,
             "status": STATUS_WORDS}[dimension]  # fmt: skip
    return words[code].in_(lang)
