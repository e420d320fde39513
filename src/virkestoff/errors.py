"""Faults that tell a person what is wrong, where, why, and what to do next (convention 7).

VirkestoffError
└── InputError      something that came from outside is wrong; the command line exits with 2
    └── MissingFact a fact, rule or period that was asked for does not exist
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = [
    "Fault",
    "FaultCollector",
    "InputError",
    "MissingFact",
    "RangeWarning",
    "VirkestoffError",
    "suggest",
]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes
    ----------
    where : file, key or column, as precise as is known
    what : what is wrong there
    why : why it matters, or the rule that it breaks
    next_step : what the person can do now
    """

    where: str
    what: str
    why: str = ""
    next_step: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}"
        if self.why:
            text += f" ({self.why})"
        if self.next_step:
            text += f". {self.next_step}"
        return text


class VirkestoffError(Exception):
    """The root of all faults that the engine reports on purpose."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (
            (faults,) if isinstance(faults, Fault) else tuple(faults)
        )
        super().__init__(self._message())

    def _message(self) -> str:
        if len(self.faults) == 1:
            return str(self.faults[0])
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        return f"{len(self.faults)} faults:\n{lines}"


class InputError(VirkestoffError):
    """Something that came from outside (file, option, study) is wrong."""


class MissingFact(InputError):
    """A fact, rule or period that was asked for does not exist in the library."""


class RangeWarning(UserWarning):
    """A value is used outside the range that its source covers (convention 1)."""


@dataclass
class FaultCollector:
    """Gathers all faults of one input so that they are reported at once.

    Examples
    --------
    >>> faults = FaultCollector()
    >>> faults.add("study.yaml: years", "is missing")
    >>> len(faults.faults)
    1
    """

    faults: list[Fault] = field(default_factory=list)

    def add(self, where: str, what: str, why: str = "", next_step: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(where, what, why, next_step))

    def extend(self, error: VirkestoffError) -> None:
        """Take over the faults of an error that was caught."""
        self.faults.extend(error.faults)

    def raise_if_any(self, kind: type[VirkestoffError] = InputError) -> None:
        """Raise one error that lists every fault; do nothing if there is none."""
        if self.faults:
            raise kind(self.faults)


def suggest(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the closest known names, or an empty string.

    Examples
    --------
    >>> suggest("titer", ["titre", "price"])
    "Did you mean 'titre'?"
    """
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
    if not close:
        return ""
    return "Did you mean " + " or ".join(f"'{c}'" for c in close) + "?"
