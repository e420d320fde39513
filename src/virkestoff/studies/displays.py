"""Tables and figures that a study declares itself (``tables:`` and ``figures:`` in study.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.language import Text
from virkestoff.quantities import parse_unit

__all__ = [
    "Column",
    "DeclaredFigure",
    "DeclaredTable",
    "Group",
    "Sort",
    "Statistic",
    "check_displays",
]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Statistic = Literal["median", "mean"]
Scale = Literal["linear", "log"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Frozen):
    """A column of a table: an outcome, and the title if it is not the outcome's short name."""

    outcome: str
    title: Text | None = None
    statistic: Statistic | None = None


class Group(_Frozen):
    """A column of a table: a group of parts that the study recorded with ``ledger.part``.

    ``unit`` is that of the parts; it may be left out where the group is an outcome.
    """

    group: str
    title: Text | None = None
    unit: str | None = None


class Sort(_Frozen):
    """Rows in the order of a column: an outcome or a group of the table."""

    by: str
    order: Literal["descending", "ascending"] = "descending"


class DeclaredTable(_Frozen):
    """A table of outcomes over runs (``columns``), or of the parts of one run (``groups``).

    Attributes
    ----------
    caption, note : text; numbers in it come by reference
    columns : outcomes, a row a run
    groups : groups of parts, a row a part
    rows : runs in order (default: all alternatives); with ``groups`` the one run (default: the
        baseline)
    statistic : what stands before the range: the median (default) or the mean
    shows_noise : two standard errors of the mean in place of the range, for runs on few draws
    sort : order of the rows; without it the order of ``rows``, or the study's order of the parts
    """

    caption: Text
    columns: tuple[str | Column, ...] = ()
    groups: tuple[str | Group, ...] = ()
    rows: tuple[str, ...] = ()
    statistic: Statistic = "median"
    shows_noise: bool = False
    sort: Sort | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if bool(self.columns) == bool(self.groups):
            raise ValueError("needs either columns (outcomes) or groups (parts)")
        if self.groups and len(self.rows) > 1:
            raise ValueError("a table of parts shows one run")
        if self.shows_noise and self.statistic != "mean":
            raise ValueError("shows_noise is of the mean: write statistic: mean")
        keys = [c.outcome for c in self.outcomes] + [g.group for g in self.part_groups]
        if self.sort and self.sort.by not in keys:
            raise ValueError(f"is sorted by '{self.sort.by}', which is no column of it")
        return self

    @property
    def outcomes(self) -> tuple[Column, ...]:
        """The columns, each as a :class:`Column`."""
        return tuple(Column(outcome=c) if isinstance(c, str) else c for c in self.columns)

    @property
    def part_groups(self) -> tuple[Group, ...]:
        """The groups, each as a :class:`Group`."""
        return tuple(Group(group=g) if isinstance(g, str) else g for g in self.groups)


class DeclaredFigure(_Frozen):
    """A figure of outcomes over runs.

    Attributes
    ----------
    kind : ``intervals`` (P10 to P90 with the middle marked), ``bars`` (from zero, with P10 to
        P90), ``parts`` (stacked bars of ``group``) or ``frontier`` (points at ``x`` and ``y``)
    title : says what the figure shows; numbers in it come by reference
    outcomes : for intervals and bars, all of one unit
    group, unit : for parts; the unit may be left out where the group is an outcome
    x, y : outcomes, for frontier
    runs : runs in order (default: all alternatives)
    frontier : runs that a line joins, in order
    axis, x_axis, y_axis : ``linear`` or ``log``; ``axis`` for intervals, the others for frontier
    statistic : the middle: the median (default) or the mean; parts are always means
    """

    kind: Literal["intervals", "bars", "parts", "frontier"]
    title: Text
    outcomes: tuple[str, ...] = ()
    group: str | None = None
    unit: str | None = None
    x: str | None = None
    y: str | None = None
    runs: tuple[str, ...] = ()
    frontier: tuple[str, ...] = ()
    axis: Scale = "linear"
    x_axis: Scale = "linear"
    y_axis: Scale = "linear"
    statistic: Statistic = "median"

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        needs = {"intervals": ("outcomes",), "bars": ("outcomes",), "parts": ("group",),
                 "frontier": ("x", "y")}  # fmt: skip
        may = {"intervals": ("axis",), "bars": (), "parts": ("unit",),
               "frontier": ("frontier", "x_axis", "y_axis")}  # fmt: skip
        own = {*needs[self.kind], *may[self.kind], "kind", "title", "runs", "statistic"}
        for name in needs[self.kind]:
            if not getattr(self, name):
                raise ValueError(f"a figure of kind {self.kind} needs {name}")
        for name in sorted(self.model_fields_set - own):
            raise ValueError(f"a figure of kind {self.kind} has no {name}")
        return self

    @property
    def all_outcomes(self) -> tuple[str, ...]:
        """Every outcome that it draws."""
        return (*self.outcomes, *(o for o in (self.x, self.y) if o))


class _Study(Protocol):
    """What the check asks of a definition."""

    @property
    def tables(self) -> dict[str, DeclaredTable]: ...
    @property
    def figures(self) -> dict[str, DeclaredFigure]: ...


def check_displays(
    study: _Study,
    runs: Collection[str],
    outcomes: Collection[str],
    units: dict[str, str],
    file: str,
    faults: FaultCollector,
) -> None:
    """Faults of declared tables and figures: unknown runs and outcomes, units that clash.

    Parameters
    ----------
    runs : alternatives and probes
    outcomes : those of the study and those of the engine
    units : unit of each outcome
    file : for messages
    """
    for where, kind, name, known in _names(study, file, runs, outcomes):
        if name not in known:
            faults.add(where, f"'{name}' is not {kind}", next_step=suggest(name, known))
    for name in sorted(study.tables.keys() & study.figures.keys()):
        faults.add(f"{file}: figures.{name}", "has the name of a table")
    for name, table in study.tables.items():
        for group in table.part_groups:
            _check_unit(f"{file}: tables.{name}.groups.{group.group}", group.group, group.unit,
                        units, faults)  # fmt: skip
    for name, figure in study.figures.items():
        where = f"{file}: figures.{name}"
        if figure.group:
            _check_unit(f"{where}.unit", figure.group, figure.unit, units, faults)
        found = {units[o] for o in figure.outcomes if o in units}
        if len(found) > 1:
            faults.add(
                f"{where}.outcomes",
                f"have several units: {', '.join(sorted(found))}",
                why="one axis has one unit",
                next_step="Draw a figure for each unit",
            )
        for run in figure.frontier:
            if figure.runs and run not in figure.runs:
                faults.add(f"{where}.frontier", f"'{run}' is not among the runs of the figure")


def _names(
    study: _Study, file: str, runs: Collection[str], outcomes: Collection[str]
) -> Iterator[tuple[str, str, str, Collection[str]]]:
    """Every name that a table or figure uses: place, what it must be, name, the known ones."""
    a_run, an_outcome = "an alternative or a probe", "an outcome"
    for key, table in study.tables.items():
        where = f"{file}: tables.{key}"
        yield from ((f"{where}.rows", a_run, run, runs) for run in table.rows)
        yield from ((f"{where}.columns", an_outcome, c.outcome, outcomes) for c in table.outcomes)
    for key, figure in study.figures.items():
        where = f"{file}: figures.{key}"
        yield from ((f"{where}.runs", a_run, run, runs) for run in figure.runs)
        yield from ((f"{where}.frontier", a_run, run, runs) for run in figure.frontier)
        yield from ((where, an_outcome, o, outcomes) for o in figure.all_outcomes)


def _check_unit(
    where: str, group: str, unit: str | None, units: dict[str, str], faults: FaultCollector
) -> None:
    if unit is None:
        if group not in units:
            faults.add(where, "has no unit", next_step="Write unit: with the unit of the parts")
        return
    try:
        parse_unit(unit)
    except InputError as problem:
        faults.add(where, str(problem))
        return
    if units.get(group, unit) != unit:
        faults.add(where, f"has the unit '{unit}', and the outcome '{units[group]}'")
