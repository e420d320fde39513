"""Faults of the engine in the reader's language, for pages and for the API.

The engine tells faults in English. What it says is known here by its pattern; what is not known is
told to be not valid, with the engine's own words as the reason, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from virkestoff.errors import Fault
from virkestoff.instruments.fault_words import message_in
from virkestoff.language import Lang

__all__ = ["CODES", "UNKNOWN", "Told", "in_words", "norwegian", "norwegian_step", "told"]

UNKNOWN = "not_valid"
"""The code of a fault whose words are not known here."""
_KINDS = {
    "string": "tekst", "number": "et tall", "integer": "et helt tall",
    "boolean": "sann eller usann", "date": "en dag", "datetime": "en dag",
    "dictionary": "et objekt", "list": "en liste",
    "tuple": "en liste", "array": "en liste", "object": "et objekt", "finite number": "et tall",
}  # fmt: skip
_LIMITS = {
    "greater than or equal to": "minst", "less than or equal to": "høyst", "greater than": "over",
    "less than": "under",
}  # fmt: skip
_LISTED = {"owners": "eierne i listen", "awards": "tildelingene i listen"}
Words = str | Callable[["re.Match[str]"], str]


def _kind(found: re.Match[str]) -> str:
    return f"skal være {_KINDS.get(found[1].casefold(), 'av en annen type')}"


def _or(text: str) -> str:
    return text.replace(" or ", " eller ").replace(" to ", " til ")


_WHAT: tuple[tuple[str, str, Words], ...] = (
    ("not_understood", r"is not understood", "kan ikke forstås"),
    ("not_open", r"is not open to you", "er ikke åpen for deg"),
    ("not_found", r"does not exist", "finnes ikke"),
    ("wrong_method", r"does not answer to this method", "svarer ikke på denne metoden"),
    ("too_large", r"is too large", "er for stor"),
    ("too_often", r"was asked too often", "ble spurt for ofte"),
    ("our_fault", r"failed on our side", "feilet hos oss"),
    ("not_now", r"cannot be read just now", "kan ikke leses akkurat nå"),
    ("unknown_parameter", r"is not a parameter", "er ikke en parameter"),
    ("twice", r"is given more than once", "står mer enn én gang"),
    ("twice", r"holds a key twice", "har en nøkkel to ganger"),
    ("missing", r"(?:is missing|[Ff]ield required)", "mangler"),
    ("unknown_key", r"(?:is not a known (?:key|fact).*|[Ee]xtra inputs are not permitted)",
     "er ikke en kjent nøkkel"),
    ("not_a_day", r"'(.*)' is not a day", r"«\1» er ikke en dag"),
    ("out_of_range", r"lies outside (\d+) to (\d+)", r"ligger utenfor \1 til \2"),
    ("not_json", r"is not JSON", "er ikke JSON"),
    ("not_json", r"cannot be read as JSON", "kan ikke leses som JSON"),
    ("not_an_object", r"is not an object", "er ikke et objekt"),
    ("not_a_number", r"holds (.+), which is no number", r"har \1, som ikke er et tall"),
    ("too_large_number", r"holds a number of more than (\d+) digits",
     r"har et tall på mer enn \1 siffer"),
    ("too_large_number", r"holds a number that is too large", "har et tall som er for stort"),
    ("too_deep", r"is deeper than (\d+) objects and lists",
     r"er dypere enn \1 objekter og lister"),
    ("not_text", r"holds half a character", "har et halvt tegn"),
    ("unknown_term", r"'(.*)' is not a term of (.*)", r"«\1» er ikke et ord i ordlisten for \2"),
    ("unknown_scheme", r"'(.*)' is no scheme", r"«\1» er ingen ordning"),
    ("wrong_order", r"ends before it starts.*", "slutter før det begynner"),
    ("wrong_type", r"'(.*)' is not true or false", r"«\1» er ikke sann eller usann"),
    ("wrong_type", r"'(.*)' does not hold facts", r"«\1» har ingen opplysninger"),
    ("wrong_type", r"[Ii]nput should be an? (?:valid )?(finite number|\w+).*", _kind),
    ("out_of_range", r"[Ii]nput should be (greater than or equal to|less than or equal to|greater "
     r"than|less than) (.+)", lambda m: f"skal være {_LIMITS[m[1]]} {m[2]}"),
    ("not_among_choices", r"[Ii]nput should be ('.+)", lambda m: f"skal være {_or(m[1])}"),
    ("wrong_length", r"[Ss]tring should have at least (\d+) characters?",
     r"skal ha minst \1 tegn"),
    ("wrong_length", r"[Ss]tring should have at most (\d+) characters?", r"skal ha høyst \1 tegn"),
    ("wrong_length", r"(?:[Ll]ist|[Tt]uple) should have at least (\d+) items?.*",
     r"skal ha minst \1"),
    ("wrong_length", r"(?:[Ll]ist|[Tt]uple) should have at most (\d+) items?.*",
     r"skal ha høyst \1"),
    ("wrong_form", r"[Ss]tring should match pattern '(.*)'", r"skal ha formen \1"),
    ("wrong_order", r"'to' lies before 'from'", "«to» ligger før «from»"),
    ("wrong_order", r"the band (.+) to (.+) does not rise", r"båndet \1 til \2 stiger ikke"),
    ("unknown_key", r"is not a fact of the vocabulary", "er ingen opplysning i ordlisten"),
    ("wrong_type", r"'(.*)' is not a number.*", r"«\1» er ikke et tall"),
    ("wrong_type", r"(.*) is not a finite number", r"\1 er ikke et endelig tall"),
    ("wrong_type", r"(.*) is not whole", r"\1 er ikke et helt tall"),
    ("wrong_type", r"'(.*)' is not a list", r"«\1» er ikke en liste"),
    ("not_a_day", r"'(.*)' is not a date", r"«\1» er ikke en dag"),
    ("out_of_range", r"(.*) lies outside what can be meant",
     r"\1 ligger utenfor det som kan være ment"),
    ("not_among_choices", r"(.*) is not one of its choices", r"\1 er ikke blant valgene"),
    ("wrong_form", r"'(.*)' is not nine digits", r"«\1» er ikke ni siffer"),
    ("wrong_form", r"'(.*)' does not have its form", r"«\1» har ikke riktig form"),
    ("wrong_length", r"is not a name of at most (\d+) letters",
     r"er ikke et navn på høyst \1 tegn"),
    ("unknown_unit", r"'(.*)' is not a unit of facilities.*", r"«\1» er ikke en enhet for anlegg"),
    ("missing", r"needs from, to or both; leave the scale out where it is unknown",
     "trenger minste, største eller begge; la størrelsen stå tom hvis den er ukjent"),
    ("wrong_order", r"'to' is smaller than 'from'", "det største er mindre enn det minste"),
    ("wrong_order", r"'high' is less than 'low'", "det høyeste er mindre enn det laveste"),
    ("wrong_order", r"does not rise from low to high", "stiger ikke fra lav til høy"),
    ("not_found", r"'(.*)' is not a source that the library holds",
     r"«\1» er ikke en kilde i biblioteket"),
    ("twice", r"stands on the tile of (.*)", r"står på ruten til \1"),
    ("twice", r"'(.*)' is already in (.*)", r"«\1» står allerede i \2"),
    ("missing", r"holds no record of facilities", "har ingen opplysninger om anlegg"),
    (UNKNOWN, r"states GMP classes and that it is without GMP",
     "har både GMP-klasser og at det er uten GMP"),
    (UNKNOWN, r"the same product is among products and excludes",
     "samme produkt står både som tatt imot og ikke tatt imot"),
    ("not_found", r"is not in the register", "finnes ikke i registeret"),
    (UNKNOWN, r"is a hospital's and does not say that it lies outside normal operation",
     "er et sykehus sin, og sier ikke at den ligger utenfor ordinær drift"),
    (UNKNOWN, r"is a hospital's and is not at actual cost",
     "er et sykehus sin, og er ikke til faktisk kostnad"),
    ("wrong_type", r"must be true or false", "må være sann eller usann"),
    ("twice", r"is already defined in (.*)", r"står allerede i \1"),
    ("not_found", r"'(.*)' is not an organisation of the library",
     r"«\1» er ikke en organisasjon i biblioteket"),
    ("not_among_choices", r"'(.*)' is not a capability of (.*)",
     r"«\1» er ikke oppgitt som noe \2 kan"),
    ("wrong_type", r"must be a mapping from id to record", "må ha en oppføring for hver id"),
    ("unknown_term", r"'(.*)' is not a term", r"«\1» er ikke et ord i ordlisten"),
    (UNKNOWN, r"is its own broader term", "er sitt eget videre begrep"),
    ("not_found", r"'(.*)' is not a provider", r"«\1» er ikke en tilbyder"),
    ("missing", r"names a source without a place", "har en kilde uten sted i kilden"),
    ("not_among_choices", r"must name one or more divisions, each once",
     "må nevne én eller flere inndelinger, hver én gang"),
    ("not_among_choices", r"is no division", "er ingen inndeling"),
    ("not_found", r"none ended from (.*) to (.*)", r"ingen ble avsluttet fra \1 til \2"),
    ("twice", r"has ended already in outcome (.*)", r"er allerede avsluttet i utfall \1"),
    ("out_of_range", r"committed, reserve and offerable are together more than the total",
     "opptatt, reserve og ledig er til sammen mer enn det hele"),
    ("wrong_form", r"a price is in NOK per unit, such as NOK/batch",
     "en pris er i kroner per enhet, for eksempel NOK/batch"),
    ("missing", r"an amount needs unit and price_year", "et beløp trenger enhet og prisår"),
    ("twice", r"two periods hold (.*): the amount of that day would count twice",
     r"to perioder har \1: den dagen ville telle to ganger"),
    (UNKNOWN, r"says (.*), and the (.*) listed say (.*)",
     lambda m: f"sier {m[1]}, mens {_LISTED.get(m[2], m[2])} sier {m[3]}"),
    ("not_found", r"is not in the study", "finnes ikke i studien"),
    ("not_found", r"is not read by the study", "brukes ikke av studien"),
    ("wrong_length", r"has (.*) number\(s\) in the library, and (.*) here",
     r"har \1 tall i biblioteket og \2 her"),
    ("out_of_range", r"must be above zero, as in the library",
     "må være over null, som i biblioteket"),
    ("out_of_range", r"must not be below zero, as in the library",
     "kan ikke være under null, som i biblioteket"),
    ("out_of_range", r"is a share and must not be above one",
     "er en andel og kan ikke være over 1"),
    ("out_of_range", r"is more than a thousand times the library's",
     "er mer enn tusen ganger bibliotekets tall; er enheten riktig?"),
    ("out_of_range", r"is less than a thousandth of the library's",
     "er mindre enn en tusendel av bibliotekets tall; er enheten riktig?"),
    ("not_among_choices", r"'(.*)' is none of (.*)", r"«\1» er ikke blant valgene \2"),
    ("wrong_type", r"'(.*)' is no number", r"«\1» er ikke et tall"),
    ("out_of_range", r"(\S+) lies outside (\S+) to (.*)", r"\1 ligger utenfor \2 til \3"),
    ("not_found", r"'(.*)' is not an alternative", r"«\1» er ikke et alternativ"),
    ("not_found", r"'(.*)' is not an outcome", r"«\1» er ikke et utfall"),
    ("not_found", r"is not a lever", "er ikke noe som kan velges"),
    ("wrong_length", r"needs two or more different alternatives",
     "trenger to eller flere ulike alternativer"),
    (UNKNOWN, r"'(.*)' is the baseline and adds nothing",
     r"«\1» er det alt måles mot, og tilfører ingenting"),
    ("twice", r"combines the same alternatives as (.*)", r"har de samme alternativene som \1"),
    (UNKNOWN, r"'(.*)' sets (.*) to (.*) and '(.*)' to (.*)",
     r"«\1» setter \2 til \3, mens «\4» setter den til \5"),
)  # fmt: skip
"""Code, the English words as a pattern, and the Norwegian ones."""
_STEPS: tuple[tuple[str, Words], ...] = (
    (r"Read how to ask at the address in 'documentation'",
     "Les hvordan du spør, på adressen i «documentation»"),
    (r"Read what is open at the address in 'documentation'",
     "Les hva som er åpent, på adressen i «documentation»"),
    (r"Find the addresses at the address in 'documentation'",
     "Finn adressene på adressen i «documentation»"),
    (r"Use a method that the header Allow names", "Bruk en metode som står i hodet Allow"),
    (r"Send less", "Send mindre"),
    (r"Send a JSON object with Content-Type: application/json",
     "Send et JSON-objekt med Content-Type: application/json"),
    (r"Wait as many seconds as the header Retry-After says",
     "Vent så mange sekunder som hodet Retry-After sier"),
    (r"Try again in a little while", "Prøv igjen om litt"),
    (r"Try again in a little while; the fault is in the log",
     "Prøv igjen om litt; feilen står i loggen"),
    (r"Add it", "Legg det til"),
    (r"Correct it, or leave it out", "Rett det, eller ta det bort"),
    (r"Correct it", "Rett det"),
    (r"Give it once", "Skriv den én gang"),
    (r"Write each key once", "Skriv hver nøkkel én gang"),
    (r"Leave out what is not known", "Ta bort det som ikke er kjent"),
    (r"Send one JSON object", "Send ett JSON-objekt"),
    (r"Ask for another day", "Spør om en annen dag"),
    (r"Did you mean (.*)\?", lambda m: f"Mente du {_or(m[1])}?"),
    (r"The parameters are (.*)", r"Parameterne er \1"),
    (r"The keys are (.*)", r"Nøklene er \1"),
    (r"One of (.*)", r"Velg blant \1"),
    (r"A number from (\S+) to (.*)", r"Et tall fra \1 til \2"),
    (r"Write it as (.*)", r"Skriv det som \1"),
    (r"Write (\w+(?: or \w+)*)", lambda m: f"Skriv {_or(m[1])}"),
    (r"Keep one", "Behold én"),
    (r"Keep the last", "Behold den siste"),
    (r"Choose other dates", "Velg andre dager"),
    (r"Write is_outside_normal_operation: true if it holds",
     "Skriv is_outside_normal_operation: true hvis det stemmer"),
    (r"Write price: \{basis: actual_cost\}", "Skriv price: {basis: actual_cost}"),
    (r"Use one of (.*), or add it to the provider",
     r"Bruk en av \1, eller legg det til hos tilbyderen"),
    (r"Use (.*)", r"Bruk \1"),
    (r"Combine alternatives that pull different levers",
     "Sett sammen alternativer som endrer ulike ting"),
    (r"Correct one of them, or leave (.*) out: it follows from the (.*)",
     lambda m: f"Rett en av dem, eller ta bort {m[1]}: det følger av "
     f"{_LISTED.get(m[2], m[2])}"),
    (r"List them with: virkestoff facilities list", "Tilbyderne står i listen over anlegg"),
    (r"List them with: virkestoff facilities list --terms",
     "Ordene står på /api/v1/facilities/vocabulary"),
)  # fmt: skip
CODES = tuple(dict.fromkeys((*(code for code, _, _ in _WHAT), UNKNOWN)))
"""Every code, in the order of the table."""
_PATTERNS = tuple((code, re.compile(p, re.DOTALL), nb) for code, p, nb in _WHAT)
_STEP_PATTERNS = tuple((re.compile(p, re.DOTALL), nb) for p, nb in _STEPS)


@dataclass(frozen=True)
class Told:
    """A fault as it is sent."""

    code: str
    what: str
    why: str
    next_step: str


def _said(words: Words, found: re.Match[str]) -> str:
    return found.expand(words) if isinstance(words, str) else words(found)


def norwegian(what: str) -> str:
    """What a fault says, in Norwegian; empty where no words are known."""
    for _, pattern, words in _PATTERNS:
        found = pattern.fullmatch(what)
        if found:
            return _said(words, found)
    said = message_in(what, "nb")
    return said if said != what else ""


def norwegian_step(step: str) -> str:
    """What a fault says to do, in Norwegian; empty where no words are known."""
    for pattern, words in _STEP_PATTERNS:
        found = pattern.fullmatch(step)
        if found:
            return _said(words, found)
    said = message_in(step, "nb")
    return said if said != step else ""


def in_words(what: str, lang: Lang) -> str:
    """What a fault says, as a sentence at a field of a page; never in another language."""
    plain = what.removeprefix("Value error, ")
    said = plain if lang == "en" else norwegian(plain) or "er ikke gyldig"
    return f"{said[:1].upper()}{said[1:]}."


def told(fault: Fault, lang: Lang) -> Told:
    """Code and words of a fault; the code is the same in each language."""
    code = next((c for c, pattern, _ in _PATTERNS if pattern.fullmatch(fault.what)), UNKNOWN)
    if lang == "en":
        return Told(code, fault.what, fault.why, fault.next_step)
    what, step = norwegian(fault.what), norwegian_step(fault.next_step)
    why = f"Teknisk: {fault.why}" if fault.why else ""
    if not what:
        why = f"På engelsk: {fault.what}" + (f" ({fault.why})" if fault.why else "")
    if fault.next_step and not step:
        step = f"Rett det, og send igjen. På engelsk: {fault.next_step}"
    return Told(code, what or "er ikke gyldig", why, step)
