"""Profiles as files: one that was filled in, and an empty one that explains itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.profile import Profile
from virkestoff.instruments.vocabulary import SUBJECTS, Term, Vocabulary
from virkestoff.language import Lang, Text

__all__ = ["dump_profile", "profile_template"]

_HEAD = Text(
    nb="""# En profil: det som er kjent om et foretak og et prosjekt. Alt kan utelates.
#
# Fjern # foran det du vet. Det som mangler, er ukjent; det er aldri null og aldri nei.
#   tall      12, eller med enhet: "2,5 mill. kr", "24 måneder", "45 %"
#   bånd      10-49, "under 50", "minst 10", eller {from: 10, to: 49}
#   valg      ett av navnene i hakeparentes, eller flere: [small, medium]
#   dato      2021-05-01, eller bare 2021-05 eller 2021
#   ukjent    unknown (da spør ikke veilederen om det igjen)
# Skriv ingen hemmeligheter: hva prosjektet går ut på, trengs ikke.
""",
    en="""# A profile: what is known of an enterprise and a project. Everything may be left out.
#
# Take away the # before what you know. What is missing is unknown; it is never nought and never no.
#   number    12, or with a unit: "2.5 million NOK", "24 months", "45 %"
#   band      10-49, "under 50", "at least 10", or {from: 10, to: 49}
#   choice    one of the names in brackets, or several: [small, medium]
#   date      2021-05-01, or only 2021-05 or 2021
#   unknown   unknown (the guide then does not ask for it again)
# Write no secrets: what the project is about is not needed.
""",
)
_PARTS: dict[str, Text] = {
    "profile": Text(nb="navn på profilen, til utskrift", en="name of the profile, to be printed"),
    "orgnr": Text(nb="organisasjonsnummer; det registeret sier, hentes om det er lest inn",
                  en="organisation number; what the register says is used if it was imported"),
    "date": Text(nb="datoen det spørres for", en="the date that is asked for"),
    "awards": Text(nb="støtte som foretaket har fått før", en="support that was had before"),
    "awards_are_complete": Text(nb="true: foretaket har ikke fått annet enn det som er listet",
                                en="true: nothing but what is listed was had"),
    "owners": Text(nb="eiere; andelen er en brøk; kind er person, enterprise, start_up, public, "
                   "fund, employee eller other",
                   en="owners; the share is a fraction; kind is person, enterprise, start_up, "
                   "public, fund, employee or other"),
}  # fmt: skip
_SUBJECT_WORDS: dict[str, Text] = {
    "company": Text(nb="foretaket", en="the enterprise"),
    "project": Text(nb="prosjektet", en="the project"),
    "investor": Text(nb="investoren", en="the investor"),
    "market": Text(nb="markedet", en="the market"),
}


def _quoted(value: Any) -> str:
    """A text in quotes, or a number; what cannot be printed is escaped as YAML reads it."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in text)


def written(value: Value) -> str:
    """A value of a fact as YAML."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "true" if value else "false"
        case Band():
            ends = [f"{name}: {written(end)}" for name, end in (("from", value.low),
                    ("to", value.high)) if end is not None]  # fmt: skip
            return "{" + ", ".join(ends) + "}"
        case OneOf():
            return "[" + ", ".join(sorted(value.choices)) + "]"
        case date():
            return value.isoformat()
        case str():
            return _quoted(value)
    return str(int(value)) if value == int(value) else repr(value)


def dump_profile(profile: Profile, vocabulary: Vocabulary) -> str:
    """The profile as a file that :func:`read_profile` reads to the same facts.

    Facts that follow from owners, awards and accounts are left out, since they follow again.
    """
    lines = []
    if profile.name:
        lines.append(f"profile: {_quoted(profile.name)}")
    if profile.organisation_number:
        lines.append(f'orgnr: "{profile.organisation_number}"')
    if profile.on:
        lines.append(f"date: {profile.on.isoformat()}")
    lines += _lists(profile)
    for subject in SUBJECTS:
        own = [n for n in vocabulary.terms if n.startswith(f"{subject}.")
               and (n in profile.facts or n in profile.not_known) and not _follows(profile, n)]
        if own:
            lines.append(f"{subject}:")
            lines += _facts(profile, own)
    return "\n".join(lines) + "\n"


def _follows(profile: Profile, name: str) -> bool:
    origin = profile.origins.get(name)
    is_listed = origin is not None and origin.en.endswith("in the profile")
    return is_listed or name in profile.computed


def _facts(profile: Profile, names: Iterable[str]) -> list[str]:
    lines: list[str] = []
    family = ""
    for name in sorted(names, key=lambda n: n.count(".") > 1):
        parts = name.split(".")
        value = written(profile.facts.get(name))
        origin = profile.origins.get(name)
        note = f"  # {origin.en}" if origin else ""
        if len(parts) > 2:
            if parts[1] != family:
                family = parts[1]
                lines.append(f"  {family}:")
            lines.append(f"    {parts[2]}: {value}{note}")
        else:
            lines.append(f"  {parts[1]}: {value}{note}")
    return lines


def _lists(profile: Profile) -> list[str]:
    lines = []
    for key, entries in (("awards", profile.awards), ("owners", profile.owners)):
        if entries:
            lines.append(f"{key}:")
        for entry in entries:
            given = entry.model_dump(exclude_none=True, exclude_defaults=True)
            inner = ", ".join(f"{k}: {_quoted(v)}" for k, v in given.items())
            lines.append(f"  - {{{inner}}}")
    if profile.has_all_awards:
        lines.append("awards_are_complete: true")
    if profile.aid is not None:
        given = profile.aid.model_dump(mode="json", exclude_unset=True)
        lines.append("aid:" if given else "aid: {}")
        lines += [f"  {key}: {_nested(value)}" for key, value in given.items()]
    return lines


def _nested(value: Any) -> str:
    """Values within values on one line; dates and names as plain text stand in quotes."""
    if isinstance(value, dict) and set(value) == {"low", "high"}:  # a band
        return _nested([value["low"], value["high"]])
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(k)}: {_nested(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_nested(v) for v in value) + "]"
    return _quoted(value)


def profile_template(vocabulary: Vocabulary, lang: Lang, uncommented: bool = False) -> str:
    """An empty profile with every fact of the vocabulary, explained in the reader's language.

    Parameters
    ----------
    uncommented : write the examples as if they were filled in (to test that they can be read)
    """
    mark = "" if uncommented else "# "
    lines = [_HEAD.in_(lang)]
    examples = (("profile", '"Eksempel AS"' if lang == "nb" else '"Example Ltd"'),
                ("orgnr", '"974760673"'), ("date", "2026-11-24"))  # fmt: skip
    lines += [f"{mark}{key}: {text}   # {_PARTS[key].in_(lang)}" for key, text in examples]
    for subject in SUBJECTS:
        names = [t for t in vocabulary.terms.values()
                 if t.subject == subject and t.id.count(".") == 1]  # fmt: skip
        if names:
            lines += ["", f"{subject}:   # {_SUBJECT_WORDS[subject].in_(lang)}"]
            lines += [_line(term, lang, mark) for term in names]
    scheme = next((t.split(".")[2] for t in vocabulary.terms if t.startswith("company.received.")),
                  "")  # fmt: skip
    if scheme:
        lines += [
            "",
            f"{mark}awards:   # {_PARTS['awards'].in_(lang)}",
            f"{mark}  - {{scheme: {scheme}, year: 2024, is_running: false}}",
            f"{mark}awards_are_complete: false   # {_PARTS['awards_are_complete'].in_(lang)}",
        ]
    lines += [
        f"{mark}owners:   # {_PARTS['owners'].in_(lang)}",
        f"{mark}  - {{kind: public, share: 0.5}}",
        f"{mark}  - {{kind: enterprise, share: 0.5, is_foreign: true}}",
    ]
    return "\n".join(lines) + "\n"


def _line(term: Term, lang: Lang, mark: str) -> str:
    key = term.id.split(".")[1]
    unit = f" [{term.unit}]" if term.unit and term.unit != "1" else ""
    choices = f" [{', '.join(term.choices)}]" if term.choices else ""
    return f"  {mark}{key}: {_example(term)}   # {term.question.in_(lang)}{unit}{choices}"


def _example(term: Term) -> Any:
    match term.type:
        case "bool":
            return "true"
        case "choice":
            return next(iter(term.choices or {}))
        case "date":
            return "2021-05-01"
        case "text":
            return '"21.200"' if "." in (term.pattern or "") else '"0301"'
    low, high = term.range or (0.0, 1.0)
    whole = 2.0 if low <= 2.0 <= high else high
    return written(0.5 if high <= 2 and not term.is_whole else whole)
