"""What the guide may suggest to change, and how a register's words become facts.

The rules stand in ``library/instruments/guide.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import FaultCollector
from virkestoff.evidence import library_folder, read_yaml, validation_faults
from virkestoff.instruments.vocabulary import Vocabulary
from virkestoff.language import Text

__all__ = ["GuideRules", "Way", "load_guide_rules"]

Way = Literal["up", "down", "either", "yes"]


class Withheld(BaseModel):
    """The headcounts that a register does not show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: int
    high: int
    source: str
    place: str


class GuideRules(BaseModel):
    """The rules of the guide.

    Attributes
    ----------
    can_change : facts that an applicant can change, and which way
    phrases : how a change is said; ``{value}`` stands for what the fact would have to be
    legal_forms : codes of the register -> choices of ``company.legal_form``
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    can_change: dict[str, Way]
    phrases: dict[str, Text] = {}
    legal_forms: dict[str, str]
    withheld_headcount: Withheld

    def way(self, fact: str) -> Way | None:
        """Which way a fact can be changed; ``None`` if it stays as it is.

        Support that was not had before can be had: ``company.received.<scheme>`` can become true.
        """
        return "yes" if fact.startswith("company.received.") else self.can_change.get(fact)


def load_guide_rules(vocabulary: Vocabulary, folder: Path | None = None) -> GuideRules:
    """Read and check ``guide.yaml``.

    Raises
    ------
    InputError
        lists every fault: unknown keys, and facts and choices that the vocabulary does not have.
    """
    path = (folder or library_folder() / "instruments") / "guide.yaml"
    rules = _read(path, path.stat().st_mtime_ns if path.is_file() else 0)
    faults = FaultCollector()
    for fact in rules.can_change:
        if fact not in vocabulary.terms:
            faults.add(f"guide.yaml: can_change.{fact}", "is not a fact of the vocabulary",
                       next_step=vocabulary.suggestion(fact))  # fmt: skip
    for fact in rules.phrases.keys() - rules.can_change.keys():
        faults.add(f"guide.yaml: phrases.{fact}", "is no fact of can_change",
                   next_step="Name a fact that can change")  # fmt: skip
    forms = vocabulary.terms.get("company.legal_form")
    for code, form in rules.legal_forms.items():
        if forms is not None and form not in (forms.choices or {}):
            faults.add(f"guide.yaml: legal_forms.{code}", f"'{form}' is no legal form")
    faults.raise_if_any()
    return rules


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int) -> GuideRules:
    data: Mapping[str, Any] = read_yaml(path)
    faults = FaultCollector()
    for key in data.keys() - {"guide"}:
        faults.add(f"{path.name}: {key}", "is not a known key")
    try:
        rules = GuideRules.model_validate(data.get("guide"))
    except ValidationError as problem:
        faults.faults.extend(validation_faults(path, path.name, ("guide",), problem))
        faults.raise_if_any()
        raise
    faults.raise_if_any()
    return rules
