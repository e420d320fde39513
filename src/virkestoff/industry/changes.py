"""Companies over time: what changed between snapshots of the register, and what the feed says.

A change is claimed only where the data show it. A number that is gone from the newer snapshot is
``gone``; it is ``deleted`` where a date of deletion, or the feed, says so. That a company was
merged into another is in none of the open files, so it is never claimed. A new municipality
number is no move where Klass says that the number itself was changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from virkestoff.errors import Fault, InputError
from virkestoff.evidence.snapshots import Held
from virkestoff.industry.standards import same_standard

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CHANGES", "TRACKED", "changes_between", "company_history", "joined_by_code"]

CHANGES = (
    "new",  # a number that the older snapshot does not have
    "gone",  # a number that the newer does not have; nothing says why
    "deleted",  # the same, or marked deleted, with a date of deletion or a Sletting in the feed
    "removed",  # taken out of the register without a trace (Fjernet in the feed)
    "name",
    "form",
    "code",  # main code, within one standard
    "standard_switched",  # the codes stand in another standard: no change of the company itself
    "code_unclear",  # the code differs and a standard is unknown: nobody can tell which it is
    "moved",
    "renumbered",  # the municipality number was changed by Klass
    "municipality_unclear",  # another number, and no table of Klass to tell a move by
    "bankrupt",
    "winding_up",
)
TRACKED = ("name", "form", "code_1", "standard", "municipality", "is_bankrupt", "is_winding_up")


def _order(older: Held, newer: Held) -> None:
    for one in (older, newer):
        if one.manifest.kind != "units":
            raise InputError(Fault(str(one.folder), "is no snapshot of units"))
    if older.manifest.as_of >= newer.manifest.as_of:
        raise InputError(
            Fault(
                str(newer.folder),
                f"is dated {newer.manifest.as_of}, not after {older.manifest.as_of}",
                "changes are counted from the older snapshot to the newer",
                "Name the older one first",
            )
        )


def changes_between(
    older: Held, newer: Held, updates: Held | None = None, municipalities: Held | None = None
) -> pl.DataFrame:
    """Every change of a unit from one snapshot to a newer one.

    Columns: organisation_number, change (see ``CHANGES``), old, new (text), on (date if known, else
    null: it happened somewhere between the two dates). Sorted by number and change.
    """
    import polars as pl

    _order(older, newer)
    a, b = (
        pl.read_parquet(h.table("units"), columns=["organisation_number", "deleted", *TRACKED])
        for h in (older, newer)
    )
    key = "organisation_number"
    both = a.join(b, on=key, how="inner", suffix="_new")
    found = [
        _rows(b.join(a, on=key, how="anti"), "new", new="name"),
        *_departures(a, b, older, newer, updates),
        *(
            _rows(both.filter(_differs(column)), column, column, f"{column}_new")
            for column in ("name", "form")
        ),
        *_code_changes(both),
        *_moves(both, older.manifest.as_of, newer.manifest.as_of, municipalities),
        *(_rows(both.filter(_became(f"is_{word}")), word) for word in ("bankrupt", "winding_up")),
    ]
    return pl.concat(found).sort(key, "change")


def _differs(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).ne_missing(pl.col(f"{column}_new"))


def _became(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(f"{column}_new").fill_null(False) & ~pl.col(column).fill_null(False)


def _rows(
    frame: pl.DataFrame, change: str, old: str | None = None, new: str | None = None,
    on: str | None = None,
) -> pl.DataFrame:  # fmt: skip
    import polars as pl

    def text(name: str | None) -> pl.Expr:
        return pl.col(name).cast(pl.String) if name else pl.lit(None, pl.String)

    return frame.select(
        "organisation_number",
        pl.lit(change).alias("change"),
        text(old).alias("old"),
        text(new).alias("new"),
        (pl.col(on) if on else pl.lit(None, pl.Date)).alias("on"),
    )


def _departures(
    a: pl.DataFrame, b: pl.DataFrame, older: Held, newer: Held, updates: Held | None
) -> list[pl.DataFrame]:
    """Numbers that are gone or marked deleted, with what the feed says of them."""
    import polars as pl

    key = "organisation_number"
    gone = a.join(b, on=key, how="anti").drop("deleted")
    feed = _feed(updates, older.manifest.as_of, newer.manifest.as_of)
    told = gone.join(feed, on=key, how="left")
    marked = b.filter(pl.col("deleted").is_not_null()).join(
        a.filter(pl.col("deleted").is_not_null()), on=key, how="anti"
    )
    return [
        _rows(told.filter(pl.col("feed") == "Sletting"), "deleted", "name", on="day"),
        _rows(told.filter(pl.col("feed") == "Fjernet"), "removed", "name", on="day"),
        _rows(told.filter(pl.col("feed").is_null()), "gone", "name"),
        _rows(marked, "deleted", "name", on="deleted"),
    ]


def _feed(updates: Held | None, start: date, end: date) -> pl.DataFrame:
    """The last Sletting or Fjernet of each number after ``start`` and not after ``end``."""
    import polars as pl

    if updates is None:
        return pl.DataFrame(
            schema={"organisation_number": pl.String, "feed": pl.String, "day": pl.Date}
        )
    return (
        pl.read_parquet(updates.table("updates"))
        .with_columns(day=pl.col("time").dt.date())
        .filter(
            pl.col("change").is_in(["Sletting", "Fjernet"]),
            pl.col("day") > start,
            pl.col("day") <= end,
        )
        .sort("update_id")
        .group_by("organisation_number", maintain_order=True)
        .last()
        .select("organisation_number", pl.col("change").alias("feed"), "day")
    )


def _code_changes(both: pl.DataFrame) -> list[pl.DataFrame]:
    """Main codes that differ, told apart by whether the two stand in one standard."""
    import polars as pl

    old, new = pl.col("standard"), pl.col("standard_new")
    known = old.is_not_null() & new.is_not_null()
    switched = both.filter(known & (old != new))
    shown = [
        pl.format("{} {}", pl.col(s), pl.col(c).fill_null("")).alias(c)
        for s, c in (("standard", "code_1"), ("standard_new", "code_1_new"))
    ]
    differs = both.filter(_differs("code_1"))
    # a first code, or none any more, is a change whatever the standard
    is_one = (known & (old == new)) | pl.col("code_1").is_null() | pl.col("code_1_new").is_null()
    is_switch = (known & (old != new)).fill_null(False)
    return [
        _rows(switched.with_columns(shown), "standard_switched", "code_1", "code_1_new"),
        _rows(differs.filter(is_one & ~is_switch), "code", "code_1", "code_1_new"),
        _rows(differs.filter(~is_one & ~is_switch), "code_unclear", "code_1", "code_1_new"),
    ]


def _moves(
    both: pl.DataFrame, start: date, end: date, municipalities: Held | None
) -> list[pl.DataFrame]:
    """Municipality numbers that differ: a move, a renumbering, or unclear without Klass."""
    import polars as pl

    differs = both.filter(_differs("municipality"))
    sides = ("municipality", "municipality_new")
    if municipalities is None or municipalities.manifest.as_of < end:
        # a table that ends before the newer snapshot cannot rule a renumbering out
        is_known = differs.filter(
            pl.col("municipality").is_null() | pl.col("municipality_new").is_null()
        )
        unclear = differs.filter(
            pl.col("municipality").is_not_null() & pl.col("municipality_new").is_not_null()
        )
        return [
            _rows(is_known, "moved", *sides),
            _rows(unclear, "municipality_unclear", *sides),
        ]
    table = pl.read_parquet(municipalities.table("municipalities")).filter(
        pl.col("changed") > start, pl.col("changed") <= end
    )
    reached = _reached(table)
    joined = differs.join(
        reached, left_on=list(sides), right_on=["old", "new"], how="left", maintain_order="left"
    )
    return [
        _rows(joined.filter(pl.col("changed").is_not_null()), "renumbered", *sides, on="changed"),
        _rows(joined.filter(pl.col("changed").is_null()), "moved", *sides),
    ]


def _reached(table: pl.DataFrame) -> pl.DataFrame:
    """Every number that an old number became in one step or several, with the last date."""
    import polars as pl

    steps: dict[str, list[tuple[str, date]]] = {}
    for old, new, changed in table.select("old", "new", "changed").iter_rows():
        steps.setdefault(old, []).append((new, changed))
    found: dict[tuple[str, str], date] = {}
    for start in steps:
        open_: list[tuple[str, date | None]] = [(start, None)]
        while open_:
            at, since = open_.pop()
            for new, changed in steps.get(at, []):
                is_later = since is None or changed >= since
                if is_later and new != start and (start, new) not in found:
                    found[start, new] = changed
                    open_.append((new, changed))
    rows = [(old, new, changed) for (old, new), changed in sorted(found.items())]
    schema = {"old": pl.String, "new": pl.String, "changed": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def company_history(snapshots: Sequence[Held]) -> pl.DataFrame:
    """Each unit's rows over time: one for every stretch in which nothing tracked changed.

    Columns: organisation_number, the tracked columns, valid_from, valid_to (dates of snapshots,
    both included; ``valid_to`` is null where it still holds in the last). A snapshot in which the
    number is missing ends a stretch. What lies between two snapshots is not known, and a stretch
    says only that both ends were seen.
    """
    import polars as pl

    ordered = sorted(snapshots, key=lambda h: h.manifest.as_of)
    dates = [h.manifest.as_of for h in ordered]
    if not ordered or len(set(dates)) < len(dates):
        raise InputError(Fault("snapshots", "must be one or more, each of another date"))
    key = "organisation_number"
    frames = [
        pl.read_parquet(h.table("units"), columns=[key, *TRACKED]).with_columns(
            step=pl.lit(k, pl.Int64)
        )
        for k, h in enumerate(ordered)
    ]
    seen = pl.concat(frames).sort(key, "step")
    same = pl.lit(True)
    for column in TRACKED:
        same = same & pl.col(column).eq_missing(pl.col(column).shift(1))
    starts = ~(
        (pl.col(key) == pl.col(key).shift(1))
        & (pl.col("step") == pl.col("step").shift(1) + 1)
        & same
    ).fill_null(False)
    days = pl.Series("days", dates, dtype=pl.Date)
    return (
        seen.with_columns(stretch=starts.cum_sum())
        .group_by("stretch", maintain_order=True)
        .agg(
            pl.col(key).first(),
            *(pl.col(column).first() for column in TRACKED),
            first=pl.col("step").first(),
            last=pl.col("step").last(),
        )
        .with_columns(
            valid_from=pl.lit(days).gather(pl.col("first")),
            valid_to=pl.when(pl.col("last") < len(dates) - 1).then(
                pl.lit(days).gather(pl.col("last"))
            ),
        )
        .drop("stretch", "first", "last")
    )


def joined_by_code(where: str, *tables: pl.DataFrame) -> pl.DataFrame:
    """Tables one below the other, for counting by code; two standards in them are a fault."""
    import polars as pl

    same_standard(where, *(table["standard"].unique().to_list() for table in tables))
    return pl.concat(tables)
