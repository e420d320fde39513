"""The registers that can be imported, their limits, and how a file's kind is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from virkestoff.errors import Fault, InputError, suggest
from virkestoff.evidence import read_yaml, validation_faults
from virkestoff.evidence.library import kept_per_library, library_folder
from virkestoff.language import Lang, Text

__all__ = [
    "KINDS", "Licence", "Limits", "Register", "Rules", "Standard", "kind_of_keys", "register_rules",
]  # fmt: skip

Layout = Literal["json", "csv", "xlsx"]
_KEYS: dict[str, tuple[frozenset[str], ...]] = {  # any one set of keys, in small letters, suffices
    "subunits": (
        frozenset({"organisasjonsnummer", "beliggenhetsadresse"}),
        frozenset({"organisasjonsnummer", "beliggenhetsadresse.kommunenummer"}),
    ),
    "units": (
        frozenset({"organisasjonsnummer", "organisasjonsform"}),
        frozenset({"organisasjonsnummer", "organisasjonsform.kode"}),
    ),
    "updates": (frozenset({"oppdateringsid"}),),
    "accounts": (frozenset({"regnskapsperiode", "virksomhet"}),),
    "aid": (
        frozenset({"stoettetiltaksnummer", "tildeltbeloep"}),
        frozenset({"tildelingid", "stottemottakerorganisasjonsnummer"}),
    ),
    "research": (frozenset({"prosjektnummer", "prosjektfase", "tildelt_belop"}),),
    "skattefunn": (
        frozenset({"prosjektnummer", "organisasjonsnummer", "søknad godkjent"}),
        frozenset({"prosjektnummer", "org.nr", "godkjent?"}),
    ),
    "innovation": (frozenset({"org-nr", "innvilget beløp"}),),
    "municipalities": (frozenset({"oldcode", "newcode"}),),
}
KINDS = tuple(sorted(_KEYS))


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Licence(_Frozen):
    """On what terms a register is published, and how that is known; unknown has no name."""

    name: str | None = Field(default=None, min_length=1)
    how: Literal["read", "unverified", "unknown"]
    note: Text | None = None

    @model_validator(mode="after")
    def _has_name_if_known(self) -> Licence:
        if (self.name is None) != (self.how == "unknown"):
            raise ValueError("a licence has a name, or is unknown")
        return self

    def in_(self, lang: Lang) -> str:
        """The licence and how it is known, in words."""
        how = _LICENCE_HOW[self.how].in_(lang)
        if self.name is None:
            return how
        return f"{self.name} ({how}{f'; {self.note.in_(lang)}' if self.note else ''})"


_LICENCE_HOW = {
    "read": Text(nb="lest", en="read"),
    "unverified": Text(nb="ubekreftet", en="unverified"),
    "unknown": Text(nb="ukjent: spør eieren", en="unknown: ask the owner"),
}


class Register(_Frozen):
    """One kind of file: what it is, who publishes it and on what terms."""

    name: Text
    source: str
    licence: Licence
    file: str
    layouts: tuple[Layout, ...]


class Limits(_Frozen):
    """From where on a file or a field is refused."""

    expanded_bytes: int = Field(gt=0)
    expansion: int = Field(gt=0)
    small_bytes: int = Field(gt=0)
    name_characters: int = Field(gt=0)
    text_characters: int = Field(gt=0)
    faulty_share: float = Field(gt=0, le=1)
    balance_gap_share: float = Field(gt=0, lt=1)
    memory: str = Field(pattern=r"^\d+(MB|GB)$")
    oldest_year: int


class Standard(_Frozen):
    """A standard of industry codes, and the four-digit groups that only it has."""

    name: Text
    from_: date = Field(alias="from")
    how: Literal["read", "recalled"]
    only: tuple[str, ...]


class Rules(_Frozen):
    """All of ``library/industry/register.yaml`` but its sources."""

    registers: Mapping[str, Register]
    person_forms: tuple[str, ...]
    limits: Limits
    standards: Mapping[str, Standard]


@kept_per_library
def register_rules() -> Rules:
    """The rules of the library in use; all faults of the file at once."""
    from pydantic import ValidationError

    path = library_folder() / "industry" / "register.yaml"
    data: dict[str, Any] = {k: v for k, v in read_yaml(path).items() if k != "sources"}
    try:
        return Rules.model_validate(data)
    except ValidationError as problem:
        raise InputError(validation_faults(path, "industry/register.yaml", (), problem)) from None


def kind_of_keys(keys: frozenset[str]) -> str | None:
    """The kind of file whose records have these keys or columns (small letters), if any."""
    for kind, sets in _KEYS.items():
        if any(wanted <= keys for wanted in sets):
            return kind
    return None


def known_kind(kind: str) -> str:
    """``kind`` if there is such a register, else a fault that names those there are."""
    if kind in KINDS:
        return kind
    raise InputError(
        Fault(
            "--kind",
            f"'{kind}' is not a register that can be imported",
            f"there are {', '.join(KINDS)}",
            suggest(kind, KINDS),
        )
    )
