"""A profile: what is known of an enterprise and a project, in a file that people write.

Facts are those of the vocabulary. A fact that is left out, or written ``unknown``, is unknown; it
is never nought and never no. Owners and awards are turned into the facts that follow from them by
arithmetic alone. A profile asks for no secrets of a project: what it is about in words is nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import read_yaml
from virkestoff.evidence.yaml_reader import line_of
from virkestoff.instruments.intervals import Band, Value, may_be_equal
from virkestoff.instruments.profile_owners import Award, Owner, facts_of_awards, facts_of_owners
from virkestoff.instruments.vocabulary import SUBJECTS, Vocabulary
from virkestoff.instruments.written_values import Unreadable, is_unknown, read_written, shown
from virkestoff.language import Text

if TYPE_CHECKING:
    from virkestoff.instruments.aid_section import AidSection

__all__ = ["Profile", "profile_of", "read_profile", "with_implied"]

KEYS = ("profile", "orgnr", "date", *SUBJECTS, "awards", "awards_are_complete", "owners", "aid")
_MAY_BE_ABROAD = ("nuf", "none", "other")
_AT_HOME = Text(nb="følger av registrering i Norge", en="follows from registration in Norway")
_FAMILIES = ("received", "running_projects")
_LONGEST_NAME = 200  # constant: letters
Keys = tuple[str | int, ...]
Place = Callable[[Keys], str]


@dataclass(frozen=True)
class Profile:
    """What is known of an enterprise and a project.

    Attributes
    ----------
    facts : as rules read them; unknown facts are absent
    not_known : facts that somebody said are not known
    has_all_awards : nothing but the awards listed was had (``awards_are_complete`` in the file)
    origins : facts that nobody typed: where they come from
    notes : what the register says that no rule reads (a bankruptcy, a deletion)
    on : the date for which it asks, if it says one
    aid : what aid law asks for, if the file has it
    computed : facts that were computed from others for a date (`profile_derived`)
    """

    facts: Mapping[str, Value]
    name: str = ""
    organisation_number: str | None = None
    on: date | None = None
    not_known: frozenset[str] = frozenset()
    origins: Mapping[str, Text] = field(default_factory=dict)
    awards: tuple[Award, ...] = ()
    has_all_awards: bool = False
    owners: tuple[Owner, ...] = ()
    notes: tuple[Text, ...] = ()
    aid: AidSection | None = None
    computed: frozenset[str] = frozenset()

    def with_fact(self, fact: str, value: Value) -> Profile:
        """The profile with one fact given, or said to be unknown (``None``)."""
        facts = {k: v for k, v in self.facts.items() if k != fact}
        origins = {k: v for k, v in self.origins.items() if k != fact}
        not_known = self.not_known - {fact}
        if value is None:
            not_known |= {fact}
        else:
            facts[fact] = value
        return replace(self, facts=facts, origins=origins, not_known=not_known,
                       computed=self.computed - {fact})  # fmt: skip

    def without(self, fact: str) -> Profile:
        """The profile as if nobody had said anything of the fact."""
        cleared = self.with_fact(fact, None)
        return replace(cleared, not_known=cleared.not_known - {fact})

    def started_from(self, given: Mapping[str, Value], origin: Text, notes: Sequence[Text] = (),
                     name: str = "", number: str | None = None) -> Profile:  # fmt: skip
        """The profile with facts of a register below what somebody typed, which wins."""
        known = self.facts.keys() | self.not_known
        new = {k: v for k, v in given.items() if v is not None and k not in known}
        return replace(
            self, facts={**new, **self.facts},
            origins={**self.origins, **dict.fromkeys(new, origin)},
            name=self.name or name, organisation_number=self.organisation_number or number,
            notes=(*self.notes, *notes),
        )  # fmt: skip


def with_implied(profile: Profile, vocabulary: Vocabulary) -> Profile:
    """The profile with what follows from it by meaning alone: Norway is in the EEA.

    An enterprise that is registered in Norway and is no branch of a foreign one is established in
    an EEA country. What somebody typed, or said is not known, stands.
    """
    form = profile.facts.get("company.legal_form")
    is_at_home = isinstance(form, str) and form not in _MAY_BE_ABROAD
    fact = "company.is_in_eea_or_associated"
    if profile.facts.get("company.is_registered_in_norway") is not True or not is_at_home:
        return profile
    if fact not in vocabulary.terms:
        return profile
    return profile.started_from({fact: True}, _AT_HOME)


def read_profile(path: Path, vocabulary: Vocabulary) -> Profile:
    """Read and check a profile.

    Parameters
    ----------
    vocabulary : with the facts that every scheme adds

    Raises
    ------
    InputError
        lists every fault with file, line and key.
    """
    data = read_yaml(path)

    def place(keys: Keys) -> str:
        line = line_of(path, keys)
        at = f"{path.name}:{line}" if line else path.name
        return f"{at}: {_words(keys)}"

    return profile_of(data, vocabulary, place)


def profile_of(
    data: Mapping[str, Any], vocabulary: Vocabulary, place: Place | None = None
) -> Profile:
    """A profile from what a file or a form holds.

    Parameters
    ----------
    place : words for the place of keys, for messages

    Raises
    ------
    InputError
        lists every fault.
    """
    reader = _Reader(vocabulary, place or (lambda keys: f"profile: {_words(keys)}"))
    return reader.profile(data)


def _words(keys: Keys) -> str:
    return ".".join(str(k) for k in keys)


def _said(value: Value) -> str:
    """A value in a fault."""
    match value:
        case bool():
            return str(value).lower()
        case Band():
            return f"{_said(value.low)} to {_said(value.high)}"
        case float():
            return f"{value:.6g}"
    return str(value)


class _Reader:
    def __init__(self, vocabulary: Vocabulary, place: Place) -> None:
        self.vocabulary, self.place = vocabulary, place
        self.faults = FaultCollector()
        self.facts: dict[str, Value] = {}
        self.not_known: set[str] = set()

    def fault(self, keys: Keys, what: str, next_step: str = "") -> None:
        self.faults.add(self.place(keys), what, next_step=next_step)

    def profile(self, data: Mapping[str, Any]) -> Profile:
        for key in data:
            if key not in KEYS:
                self.fault((str(key),), "is not a known key of a profile",
                           suggest(str(key), KEYS) or f"The keys are {', '.join(KEYS)}")
        for subject in SUBJECTS:
            self.subject(subject, data.get(subject))
        awards = self.listed("awards", data.get("awards"), Award.read)
        owners = self.listed("owners", data.get("owners"), Owner.read)
        is_complete = data.get("awards_are_complete", False)
        if not isinstance(is_complete, bool):
            self.fault(("awards_are_complete",), f"'{shown(is_complete)}' is not true or false")
            is_complete = False
        for k, award in enumerate(awards):
            if f"company.received.{award.scheme}" not in self.vocabulary.terms:
                self.fault(("awards", k, "scheme"), f"'{award.scheme}' is no scheme",
                           self.suggested(award.scheme))  # fmt: skip
        problem = Owner.too_much(owners)
        if problem:
            self.fault(("owners",), problem)
        found = Profile(
            self.facts, self.name(data.get("profile")), self.number(data.get("orgnr")),
            self.date(data.get("date")), frozenset(self.not_known), {}, tuple(awards),
            is_complete, tuple(owners), aid=self.aid(data.get("aid")),
        )  # fmt: skip
        self.faults.raise_if_any()
        return self.with_derived(found)

    def with_derived(self, found: Profile) -> Profile:
        """The facts that follow from owners and awards; a fact that contradicts them is a fault."""
        for keys, given, origin in (
            ("owners", facts_of_owners(found.owners),
             Text(nb="fra eierne i profilen", en="from the owners in the profile")),
            ("awards", facts_of_awards(found.awards, found.has_all_awards, self.vocabulary),
             Text(nb="fra tildelingene i profilen", en="from the awards in the profile")),
        ):  # fmt: skip
            for fact, value in given.items():
                typed = self.facts.get(fact)
                if not may_be_equal(typed, value):
                    self.fault(
                        tuple(fact.split(".", 1)),
                        f"says {_said(typed)}, and the {keys} listed say {_said(value)}",
                        f"Correct one of them, or leave {fact} out: it follows from the {keys}",
                    )
            found = found.started_from(given, origin)
        self.faults.raise_if_any()
        return found

    def subject(self, subject: str, given: Any) -> None:
        if given is None:
            return
        if not isinstance(given, Mapping):
            self.fault((subject,), f"'{shown(given)}' does not hold facts")
            return
        for key, raw in given.items():
            if key in _FAMILIES and subject == "company" and isinstance(raw, Mapping):
                for scheme, inner in raw.items():
                    self.fact((subject, str(key), str(scheme)), inner)
            else:
                self.fact((subject, str(key)), raw)

    def fact(self, keys: Keys, raw: Any) -> None:
        name = _words(keys)
        term = self.vocabulary.terms.get(name)
        if term is None:
            step = self.vocabulary.suggestion(name)
            self.fault(keys, "is not a fact of the vocabulary",
                       step or "List them with: virkestoff instruments facts")  # fmt: skip
            return
        try:
            value = read_written(term, raw)
        except Unreadable as problem:
            self.fault(keys, str(problem))
            return
        if value is not None:
            self.facts[name] = value
        elif is_unknown(raw) or isinstance(raw, Mapping):
            self.not_known.add(name)

    def suggested(self, scheme: str) -> str:
        known = [t.removeprefix("company.received.") for t in self.vocabulary.terms
                 if t.startswith("company.received.")]  # fmt: skip
        return suggest(scheme, known) or "List them with: virkestoff instruments list"

    def listed(self, key: str, given: Any, read: Callable[[Any], Any]) -> list[Any]:
        if given is None:
            return []
        if not isinstance(given, list):
            self.fault((key,), f"'{shown(given)}' is not a list")
            return []
        found = []
        for k, raw in enumerate(given):
            try:
                found.append(read(raw))
            except InputError as problem:
                for fault in problem.faults:
                    at = self.place((key, k))
                    inner = f".{fault.where}" if fault.where else ""
                    self.faults.add(at + inner, fault.what, next_step=fault.next_step)
        return found

    def aid(self, given: Any) -> AidSection | None:
        if given is None:
            return None
        from virkestoff.instruments.aid_section import read_section  # few profiles have it

        return read_section(given, self.place, self.faults)

    def name(self, given: Any) -> str:
        if given is None:
            return ""
        if not isinstance(given, str) or len(given) > _LONGEST_NAME:
            self.fault(("profile",), f"is not a name of at most {_LONGEST_NAME} letters")
            return ""
        return given.strip()

    def number(self, given: Any) -> str | None:
        if given is None:
            return None
        plain = re.sub(r"[ \u00a0.]", "", str(given)).removeprefix("NO").removesuffix("MVA")
        if isinstance(given, bool) or not re.fullmatch(r"[0-9]{9}", plain):
            self.fault(("orgnr",), f"'{shown(given)}' is not nine digits")
            return None
        return plain

    def date(self, given: Any) -> date | None:
        if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
            return given
        self.fault(("date",), f"'{shown(given)}' is not a date", "Write it as 2026-11-24")
        return None
