"""Faults of a profile and of an answer in Norwegian: a small, closed set of messages.

Messages are written in English where they arise. Each that a profile or the questionnaire can show
stands here with its Norwegian words; ``{}`` is what stands in its place, and may be a message too.
Ids, keys and what somebody wrote stay as they are. What is not in the table stays English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang

__all__ = ["in_language", "message_in"]

_NORWEGIAN: tuple[tuple[str, str], ...] = (
    ("is not a known key of a profile", "er ikke en kjent nøkkel i en profil"),
    ("is not a known key", "er ikke en kjent nøkkel"),
    ("is missing", "mangler"),
    ("The keys are {}", "Nøklene er {}"),
    ("Did you mean '{}' or '{}' or '{}'?", "Mente du «{}», «{}» eller «{}»?"),
    ("Did you mean '{}' or '{}'?", "Mente du «{}» eller «{}»?"),
    ("Did you mean '{}'?", "Mente du «{}»?"),
    ("is not a fact of the vocabulary", "er ikke en opplysning som veilederen kjenner"),
    ("List them with: {}", "List dem med: {}"),
    ("One of {}", "En av {}"),
    ("A number from {} to {} in {}", "Et tall fra {} til {} i {}"),
    ("A number from {} to {}", "Et tall fra {} til {}"),
    ("true, false, or leave it out", "true, false, eller utelat den"),
    ("A date such as {}", "En dato som {}"),
    ("A text like {}", "En tekst på formen {}"),
    ("Write it as {}", "Skriv den slik: {}"),
    ("'{}' is not a date such as {}, a month or a year",
     "«{}» er ikke en dato som {}, en måned eller et år"),
    ("'{}' is not a number, band or 'unknown'", "«{}» er ikke et tall, et bånd eller «ukjent»"),
    ("'{}' is not one of its choices: {}", "«{}» er ikke et av valgene: {}"),
    ("'{}' is not one of its choices ({})", "«{}» er ikke et av valgene ({})"),
    ("'{}' is not one of its choices", "«{}» er ikke et av valgene"),
    ("'{}' is not yes or no", "«{}» er ikke ja eller nei"),
    ("'{}' is not true or false", "«{}» er ikke true eller false"),
    ("'{}' is not a text in quotes", "«{}» er ikke en tekst i anførselstegn"),
    ("'{}' is not a number", "«{}» er ikke et tall"),
    ("'{}' is not a date", "«{}» er ikke en dato"),
    ("'{}' is not a unit", "«{}» er ikke en enhet"),
    ("'{}' is not nine digits", "«{}» er ikke ni sifre"),
    ("'{}' is not a list", "«{}» er ikke en liste"),
    ("'{}' is no scheme", "«{}» er ingen ordning"),
    ("'{}' does not hold facts", "«{}» holder ikke opplysninger"),
    ("'{}' does not have its form ({})", "«{}» har ikke riktig form ({})"),
    ("'{}' does not have its form", "«{}» har ikke riktig form"),
    ("'{}' may mean {} or {}; write which", "«{}» kan bety {} eller {}; skriv hvilket"),
    ("'{}' is not a key of a value ({})", "«{}» er ikke en nøkkel i en verdi ({})"),
    ("Use value, or from and to; and unit", "Bruk value, eller from og to; og unit"),
    ("{} is not a finite number", "{} er ikke et endelig tall"),
    ("{} is not whole ({})", "{} er ikke et helt tall ({})"),
    ("{} is not whole", "{} er ikke et helt tall"),
    ("{} lies outside what can be meant ({})", "{} ligger utenfor det som kan menes ({})"),
    ("{} lies outside what can be meant", "{} ligger utenfor det som kan menes"),
    ("the unit '{}' does not fit: the fact is in {} ({})",
     "enheten «{}» passer ikke: opplysningen er i {} ({})"),
    ("the unit '{}' is not a text", "enheten «{}» er ikke en tekst"),
    ("cannot be converted to '{}'", "kan ikke regnes om til «{}»"),
    ("is not known", "er ikke kjent"),
    ("a date has no unit", "en dato har ingen enhet"),
    ("has both value and a band", "har både en verdi og et bånd"),
    ("needs value, or from or to", "trenger value, eller from eller to"),
    ("the band from {} to {} does not rise", "båndet fra {} til {} stiger ikke"),
    ("is longer than {} letters", "er lengre enn {} tegn"),
    ("is not a name of at most {} letters", "er ikke et navn på høyst {} tegn"),
    ("contradicts the awards that are listed", "strider mot tildelingene som er listet"),
    ("own {} together", "eier {} til sammen"),
    ("must hold keys and values at the top", "må ha nøkler og verdier øverst"),
    ("must hold keys and values", "må ha nøkler og verdier"),
    ("stands twice (first in line {})", "står to ganger (først på linje {})"),
    ("only one of them would count", "bare en av dem ville telle"),
    ("Remove or rename one", "Fjern en, eller gi den et annet navn"),
    ("cannot be read", "kan ikke leses"),
    ("is not nine digits that end in their check digit",
     "er ikke ni sifre som ender på sitt kontrollsiffer"),
    ("Look it up in the business register", "Slå det opp i Enhetsregisteret"),
    ("is no date", "er ingen dato"),
    ("is unknown", "er ukjent"),
    ("Use {}", "Bruk {}"),
    ("needs one or more dimensions, each once", "trenger én eller flere dimensjoner, hver én gang"),
    ("names none", "nevner ingen"),
    ("draws numbers by two dimensions", "tegner antall etter to dimensjoner"),
    ("is of no known kind", "er av ukjent slag"),
    ("End it {}", "La den slutte på {}"),
    ("is a band or several choices", "er et bånd eller flere valg"),
    ("a population holds one value each", "en populasjon har én verdi til hver"),
    ("Give one value, or leave it out", "Oppgi én verdi, eller utelat den"),
    ("is not in the library", "er ikke i biblioteket"),
    ("is not a known key of a reform", "er ikke en kjent nøkkel i en reform"),
    ("No such file or directory", "filen eller mappen finnes ikke"),
    ("Input should be less than or equal to {}", "må være høyst {}"),
    ("Input should be greater than or equal to {}", "må være minst {}"),
    ("Input should be a valid number", "må være et tall"),
    ("Input should be a valid string", "må være en tekst"),
    ("Input should be {}", "må være {}"),
    ("Write a day that exists, or put text in quotes",
     "Skriv en dag som finnes, eller sett tekst i anførselstegn"),
    ("is there already", "finnes allerede"),
    ("Choose another name", "Velg et annet navn"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile("(.+?)".join(re.escape(part) for part in english.split("{}")), re.DOTALL),
         norwegian)
        for english, norwegian in _NORWEGIAN
    )  # fmt: skip


def message_in(text: str, lang: Lang) -> str:
    """A message in a language; as it is where the table has no words for it."""
    if lang == "en":
        return text
    for pattern, norwegian in _patterns():
        match = pattern.fullmatch(text)
        if match:
            return norwegian.format(*(message_in(part, lang) for part in match.groups()))
    return text


def in_language(problem: InputError, lang: Lang) -> InputError:
    """The faults with what, why and next step in a language; places stay as they are."""
    return InputError(
        Fault(f.where, message_in(f.what, lang), message_in(f.why, lang),
              message_in(f.next_step, lang))
        for f in problem.faults
    )  # fmt: skip
