"""Faults of the API in the reader's language: a code that never changes, words in nb or en.

The engine tells faults in English. What it says is known here by its pattern; what is not known is
told to be not valid, with the engine's own words as the reason, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from virkestoff.errors import Fault
from virkestoff.language import Lang

__all__ = ["CODES", "UNKNOWN", "Told", "lang_of", "told"]

UNKNOWN = "not_valid"
"""The code of a fault whose words are not known here."""
_NORWEGIAN = ("nb", "no", "nn")
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


def lang_of(request: HttpRequest) -> Lang:
    """The language that a client would rather read, by its ``Accept-Language``; else English."""
    header = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    for tag, weight in parse_accept_lang_header(header):
        first = tag.partition("-")[0]
        if weight > 0 and first in _NORWEGIAN:
            return "nb"
        if weight > 0 and first == "en":
            return "en"
    return "en"


def _said(words: Words, found: re.Match[str]) -> str:
    return found.expand(words) if isinstance(words, str) else words(found)


def told(fault: Fault, lang: Lang) -> Told:
    """Code and words of a fault; the code is the same in each language."""
    known = next(((code, m, nb) for code, pattern, nb in _PATTERNS
                  if (m := pattern.fullmatch(fault.what))), None)  # fmt: skip
    code = known[0] if known else UNKNOWN
    if lang == "en":
        return Told(code, fault.what, fault.why, fault.next_step)
    why = f"Teknisk: {fault.why}" if fault.why else ""
    if known is None:
        why = f"På engelsk: {fault.what}" + (f" ({fault.why})" if fault.why else "")
    what = _said(known[2], known[1]) if known else "er ikke gyldig"
    return Told(code, what, why, _step(fault.next_step))


def _step(step: str) -> str:
    for pattern, words in _STEP_PATTERNS:
        found = pattern.fullmatch(step)
        if found:
            return _said(words, found)
    return f"Rett det, og send igjen. På engelsk: {step}" if step else ""
