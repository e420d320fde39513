"""A person's decisions on companies: kept outside the repository, never overwritten, they win.

The file is a log: one line for each act, in order; an ``undo`` takes back the decision that stands.
What stands for a company is its last decision that was not undone. Nothing is ever removed.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.industry.organisations import Branch
from virkestoff.industry.orgnr import is_valid, normalise

__all__ = ["Conflict", "Decision", "Decisions", "decide", "decisions_file", "read_decisions",
           "undo"]  # fmt: skip

FILE = "decisions.csv"
COLUMNS = ("date", "act", "orgnr", "verdict", "branch", "health_share", "reason", "who")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _valid_orgnr(value: object) -> object:
    number = normalise(value)
    if not is_valid(number):
        raise ValueError(f"'{value}' is no organisation number: nine digits, the last checks")
    return number


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Decision(BaseModel):
    """One act of a person on one company.

    Attributes
    ----------
    verdict, branch, health_share : what is decided; all ``None`` for an undo. The branch is stated
        if and only if the company is in; the share is a fraction, ``None`` if unknown
    reason : in words, always
    who : role or initials; no full name, the file may be shared
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: date
    act: Literal["decide", "undo"]
    orgnr: Annotated[str, BeforeValidator(_valid_orgnr)]
    verdict: Annotated[Literal["in", "out"] | None, BeforeValidator(_empty_is_none)] = None
    branch: Annotated[Branch | None, BeforeValidator(_empty_is_none)] = None
    health_share: Annotated[Share | None, BeforeValidator(_empty_is_none)] = None
    reason: str = Field(min_length=3, max_length=500)
    who: str = Field(min_length=1, max_length=40)

    @model_validator(mode="after")
    def _agree(self) -> Decision:
        if self.act == "undo":
            if (self.verdict, self.branch, self.health_share) != (None, None, None):
                raise ValueError("an undo states no verdict, branch or share")
            return self
        if self.verdict is None:
            raise ValueError("a decision states a verdict: in or out")
        if (self.verdict == "in") != (self.branch is not None):
            raise ValueError("a branch is stated if and only if the company is in")
        if self.verdict == "out" and self.health_share is not None:
            raise ValueError("a company that is out has no health share")
        for text in (self.reason, self.who):
            if any(ord(c) < ord(" ") for c in text) or text.startswith(_FORMULA):
                raise ValueError("a text holds a line break or begins like a formula")
        return self


@dataclass(frozen=True)
class Conflict:
    """Two people decided differently on one company, and neither took it back."""

    orgnr: str
    earlier: Decision
    later: Decision


@dataclass(frozen=True)
class Decisions:
    """The whole log, in its order."""

    log: tuple[Decision, ...]

    def _open(self) -> dict[str, list[Decision]]:
        """Decisions that were not undone, by company."""
        kept: dict[str, list[Decision]] = {}
        for act in self.log:
            if act.act == "decide":
                kept.setdefault(act.orgnr, []).append(act)
            elif kept.get(act.orgnr):
                kept[act.orgnr].pop()
        return kept

    def standing(self) -> dict[str, Decision]:
        """What counts: the last decision of each company that was not undone."""
        return {key: acts[-1] for key, acts in self._open().items() if acts}

    def history(self, orgnr: str) -> tuple[Decision, ...]:
        """Every act on a company, the undone too."""
        return tuple(act for act in self.log if act.orgnr == orgnr)

    def conflicts(self) -> tuple[Conflict, ...]:
        """The last two standing decisions of a company that differ and come from two people.

        The later one counts; whoever reads the result is told.
        """
        found = []
        for key, acts in sorted(self._open().items()):
            last = acts[-1] if acts else None
            for earlier in reversed(acts[:-1]):
                if last and earlier.who != last.who and _content(earlier) != _content(last):
                    found.append(Conflict(key, earlier, last))
                    break
        return tuple(found)


def _content(d: Decision) -> tuple[object, ...]:
    return (d.verdict, d.branch, d.health_share)


def decisions_file(folder: Path) -> Path:
    """Where the decisions of a data folder are kept."""
    return folder / "industry" / FILE


def read_decisions(path: Path) -> Decisions:
    """Read and check the log; no file is an empty log.

    Raises
    ------
    InputError
        lists every faulty line: wrong columns, an organisation number that fails its check, an
        unknown verdict or branch, a share outside 0 to 1, an undo of nothing, dates that go back.
    """
    if not path.exists():
        return Decisions(())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(Fault(str(path), "cannot be read", why=str(problem))) from None
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise InputError(Fault(f"{path}:1", "has other columns than the log of decisions",
                               next_step=f"Expected: {','.join(COLUMNS)}"))  # fmt: skip
    faults = FaultCollector()
    log: list[Decision] = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS):
            faults.add(f"{path}:{number}", f"has {len(row)} fields, not {len(COLUMNS)}")
            continue
        act = _checked(dict(zip(COLUMNS, row, strict=True)), f"{path}:{number}", faults)
        if act is not None:
            log.append(act)
            _check_order(log, f"{path}:{number}", faults)
    faults.raise_if_any()
    return Decisions(tuple(log))


def _checked(row: dict[str, object], where: str, faults: FaultCollector) -> Decision | None:
    try:
        return Decision.model_validate(row)
    except ValidationError as problem:
        for error in problem.errors():
            key = ".".join(str(part) for part in error["loc"])
            what = error["msg"].removeprefix("Value error, ")
            faults.add(f"{where}: {key}" if key else where, what)
        return None


def _check_order(log: list[Decision], where: str, faults: FaultCollector) -> None:
    *before, act = log
    if act.act == "undo" and act.orgnr not in Decisions(tuple(before)).standing():
        faults.add(where, f"takes back a decision on {act.orgnr}, and none stands",
                   next_step="Remove the line, or decide first")  # fmt: skip
    if before and act.date < before[-1].date:
        faults.add(where, f"is dated {act.date}, before the line above",
                   why="the order of the lines is the order of the acts")  # fmt: skip


def decide(path: Path, row: dict[str, object]) -> Decision:
    """Add a decision to the log, and return it.

    Parameters
    ----------
    row : date, orgnr, verdict, branch, health_share, reason, who

    Raises
    ------
    InputError
        if anything is wrong with it or with the log; nothing is then written.
    """
    return _append(path, {"act": "decide", **row})


def undo(path: Path, row: dict[str, object]) -> Decision:
    """Take back the decision that stands; the earlier one, if there is one, stands again."""
    return _append(path, {"act": "undo", **row})


def _append(path: Path, row: dict[str, object]) -> Decision:
    log = list(read_decisions(path).log)
    faults = FaultCollector()
    act = _checked(row, "decision", faults)
    if act is None:
        raise InputError(faults.faults)
    log.append(act)
    _check_order(log, "decision", faults)
    faults.raise_if_any()
    _write(path, log)
    return act


def _write(path: Path, log: Iterable[Decision]) -> None:
    """The whole log anew beside its place, then moved there: never half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".decisions-", suffix=".csv")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            for act in log:
                values = act.model_dump(mode="json")
                writer.writerow(["" if values[c] is None else values[c] for c in COLUMNS])
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
