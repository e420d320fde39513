"""Sites that the sources name, and which form each could make, by stated rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence.library import Library, validation_faults
from virkestoff.evidence.yaml_reader import read_yaml
from virkestoff.language import Text

__all__ = ["FORMS", "Judgement", "Site", "SiteRule", "load_sites"]

FORMS = ("tablets", "mixture", "vials", "substance")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteRule(_Frozen):
    """Why a site can or cannot make a form: a rule with its source."""

    text: Text
    source: str
    place: str
    how: Literal["read", "read_secondary", "recalled", "assumption"]


class Judgement(_Frozen):
    """Whether a site could make a form; a judgement from rules, never the site's own word."""

    answer: Literal["yes", "no", "unknown"]
    confidence: Literal["read", "unverified", "assumption"]
    rules: tuple[str, ...]
    why: Text


class _Mention(_Frozen):
    source: str
    place: str


class Site(_Frozen):
    """A place where medicines are made or developed, as the sources describe it."""

    id: str
    name: str
    place: str | None = None
    owner: Text | None = None
    activities_nb: str
    activities_en: str
    sources: tuple[_Mention, ...]
    could_make: dict[str, Judgement]
    note: Text | None = None


def load_sites(
    library: Library, path: Path | None = None
) -> tuple[tuple[Site, ...], dict[str, SiteRule]]:
    """The sites and the rules that judge them.

    Parameters
    ----------
    path : default ``evidence/sites.yaml`` of the library

    Raises
    ------
    InputError
        lists every fault: unknown keys, forms, rules or sources.
    """
    file = path or library.root / "evidence" / "sites.yaml"
    data: dict[str, Any] = read_yaml(file, "evidence/sites.yaml")
    faults = FaultCollector()
    rules: dict[str, SiteRule] = {}
    sites: list[Site] = []
    for key, record in (data.get("site_rules") or {}).items():
        try:
            rules[key] = SiteRule.model_validate(record)
        except ValidationError as problem:
            found = validation_faults(file, file.name, ("site_rules", key), problem)
            faults.extend(InputError(found))
    for i, record in enumerate(data.get("sites") or []):
        try:
            sites.append(Site.model_validate(record))
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(file, file.name, ("sites", i), problem)))
    for site in sites:
        _check(site, rules, library, faults)
    faults.raise_if_any()
    return tuple(sites), rules


def _check(
    site: Site, rules: dict[str, SiteRule], library: Library, faults: FaultCollector
) -> None:
    where = f"evidence/sites.yaml: {site.id}"
    for mention in site.sources:
        if mention.source not in library.sources:
            step = suggest(mention.source, library.sources)
            faults.add(where, f"names source '{mention.source}'", "it is unknown", step)
    for form, judgement in site.could_make.items():
        if form not in FORMS:
            faults.add(where, f"judges the form '{form}'", next_step=suggest(form, FORMS))
        for rule in judgement.rules:
            if rule not in rules:
                faults.add(where, f"names rule '{rule}'", next_step=suggest(rule, rules))
    for form in FORMS:
        if form not in site.could_make:
            faults.add(where, f"does not judge the form '{form}'")
