"""Rounds of projections: frozen when they are made, so that a revision shows old, new and reason.

A round is a file that carries the hash of its own rows. Whoever changes a frozen row is found out;
whoever wants other numbers freezes a new round and says why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence import Library, read_yaml, validation_faults
from virkestoff.industry.projections import Scenario, rebuild

__all__ = ["Revision", "Round", "Row", "dump_round", "freeze", "load_rounds", "revisions"]

DIGITS = 9
"""Digits that a frozen number keeps."""


class Row(BaseModel):
    """A projected level: scenario, year, middle and the interval of rounding."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    measure: str
    branch: str
    unit: str
    year: int
    value: float = Field(allow_inf_nan=False)
    low: float = Field(allow_inf_nan=False)
    high: float = Field(allow_inf_nan=False)

    @property
    def key(self) -> tuple[str, int]:
        """What the same row of another round is found by."""
        return self.scenario, self.year


class Round(BaseModel):
    """A frozen set of projections.

    ``reasons`` say, per scenario, why its numbers differ from the round before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")
    made: date
    note: str = ""
    reasons: dict[str, str] = Field(default_factory=dict)
    rows: tuple[Row, ...]
    sha256: str

    @model_validator(mode="after")
    def _is_untouched(self) -> Self:
        if self.sha256 != digest(self.id, self.made, self.note, self.reasons, self.rows):
            raise ValueError(
                "the round was changed after it was frozen: its hash does not fit; "
                "restore the file, or freeze a new round"
            )
        return self


@dataclass(frozen=True)
class Revision:
    """A row of two rounds, old and new; one of them may lack it."""

    scenario: str
    measure: str
    year: int
    unit: str
    old: float | None
    new: float | None
    reason: str

    @property
    def change(self) -> float | None:
        """New minus old."""
        return None if self.old is None or self.new is None else self.new - self.old


def digest(
    name: str, made: date, note: str, reasons: Mapping[str, str], rows: Sequence[Row]
) -> str:
    """SHA-256 over everything that a round says."""
    said = [name, made.isoformat(), note, sorted(reasons.items()), [r.model_dump() for r in rows]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _rounded(x: float) -> float:
    return float(f"{x:.{DIGITS}g}")


def rows_of(library: Library, scenarios: Mapping[str, Scenario]) -> tuple[Row, ...]:
    """Every rebuilt path as rows, in order of scenario and year."""
    rows = []
    for name, scenario in sorted(scenarios.items()):
        path = rebuild(library, scenario)
        if path is None:
            continue
        for year in path.years:
            low, middle, high = (_rounded(x) for x in path.at(year))
            rows.append(
                Row(
                    scenario=name, measure=scenario.measure, branch=scenario.branch,
                    unit=path.unit, year=year, value=middle, low=low, high=high,
                )
            )  # fmt: skip
    return tuple(rows)


def freeze(
    library: Library,
    scenarios: Mapping[str, Scenario],
    name: str,
    made: date,
    earlier: Sequence[Round] = (),
    reasons: Mapping[str, str] | None = None,
    note: str = "",
) -> Round:
    """A round of the projections as they are now.

    Raises
    ------
    InputError
        if the name is taken, the date lies before the last round, or a scenario's numbers differ
        from the last round and no reason is given; all at once.
    """
    rows = rows_of(library, scenarios)
    given = dict(reasons or {})
    faults = FaultCollector()
    if name in {r.id for r in earlier}:
        faults.add(f"round '{name}'", "is there already", next_step="Choose another name")
    last = max(earlier, key=lambda r: (r.made, r.id), default=None)
    if last and made < last.made:
        faults.add(f"round '{name}'", f"is dated {made}, before round '{last.id}' of {last.made}")
    changed = {r.scenario for r in _differences(last, rows)} if last else set()
    for scenario in sorted(changed - set(given)):
        faults.add(
            f"scenario '{scenario}'",
            f"differs from round '{last.id if last else ''}'",
            next_step=f'Say why: --reason {scenario}="..."',
        )
    for scenario in sorted(set(given) - set(scenarios) - changed):
        faults.add(f"--reason {scenario}", "names no scenario")
    faults.raise_if_any()
    try:
        return Round(
            id=name, made=made, note=note, reasons=given, rows=rows,
            sha256=digest(name, made, note, given, rows),
        )  # fmt: skip
    except ValidationError as problem:
        raise InputError(
            Fault(f"round '{name}'", problem.errors()[0]["msg"], next_step="Use a-z, 0-9 and -")
        ) from None


def _differences(old: Round, new: Sequence[Row], reasons: Mapping[str, str] | None = None) -> list[
    Revision
]:
    before = {row.key: row for row in old.rows}
    after = {row.key: row for row in new}
    found = []
    for key in sorted(before.keys() | after.keys()):
        first, second = before.get(key), after.get(key)
        if first and second and (first.value, first.unit) == (second.value, second.unit):
            continue
        row = second or first
        assert row is not None
        found.append(
            Revision(
                row.scenario, row.measure, row.year, row.unit,
                first.value if first else None, second.value if second else None,
                (reasons or {}).get(row.scenario, ""),
            )
        )  # fmt: skip
    return found


def revisions(old: Round, new: Round) -> list[Revision]:
    """The rows that differ between two rounds: old, new, and the reason that ``new`` states."""
    return _differences(old, new.rows, new.reasons)


def dump_round(item: Round) -> bytes:
    """A round as YAML."""
    data = item.model_dump(mode="json")
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
    head = "# Frozen: a changed line is found by the hash. Freeze a new round instead.\n"
    return (head + text).encode()


def load_rounds(*folders: Path) -> list[Round]:
    """The rounds of the folders, oldest first.

    Raises
    ------
    InputError
        lists every file that is no round, was changed after freezing, or repeats a name.
    """
    faults = FaultCollector()
    found: dict[str, Round] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            try:
                item = Round.model_validate(read_yaml(path, path.name))
            except ValidationError as problem:
                faults.extend(InputError(validation_faults(path, path.name, (), problem)))
            except InputError as problem:
                faults.extend(problem)
            else:
                if item.id in found:
                    faults.add(path.name, f"round '{item.id}' is there twice")
                found[item.id] = item
    faults.raise_if_any()
    return sorted(found.values(), key=lambda r: (r.made, r.id))
