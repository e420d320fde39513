"""Publishing one table and several: what is hidden, what is refused, and why.

Oracles: by hand on small tables; all patterns of a small table, tried one by one.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import time

import pytest

from virkestoff.disclosure import (
    Contribution,
    Dimension,
    PublishedTable,
    Rules,
    audit,
    flat,
    frequency_table,
    magnitude_table,
    protect,
    publish,
    publish_linked,
    table_from_cells,
)
from virkestoff.errors import InputError
from virkestoff.randomness import stream

ROW = flat("row", ["r0", "r1", "r2"])
COLUMN = flat("column", ["c0", "c1", "c2"])


def _records(cells: dict[tuple[str, ...], list[float]]) -> list[Contribution]:
    return [
        Contribution("-".join([*key, str(n)]), key, x)
        for key, amounts in cells.items()
        for n, x in enumerate(amounts)
    ]


def _full(special: dict[tuple[str, ...], list[float]], *dims: Dimension) -> list[Contribution]:
    """Four companies of like size in each leaf, but for those named."""
    cells = {
        key: special.get(key, [10.0 + n + 2 * i for n in range(4)])
        for i, key in enumerate(itertools.product(*(sorted(d.leaves()) for d in dims)))
    }
    return _records(cells)


def _hidden(table: PublishedTable) -> set[tuple[str, ...]]:
    return {cell.key for cell in table.cells if cell.value is None}


@pytest.fixture
def one_giant():
    records = _full({("r0", "c0"): [500.0, 3.0, 2.0]}, ROW, COLUMN)
    return magnitude_table("turnover", [ROW, COLUMN], records)


def test_no_cheaper_pattern_passes_the_audit(rules: Rules) -> None:
    """Every set of at most four further cells that loses less fails: all are tried."""
    records = _full({("r0", "c0"): [40.0, 1.0, 1.0]}, ROW, COLUMN)
    table = magnitude_table("turnover", [ROW, COLUMN], records)
    rules = dataclasses.replace(rules, loss="cells")
    result = protect([table], rules)
    assert result.is_optimal and result.n_primary == 1
    extra = _hidden(result.public[0]) - {("r0", "c0")}
    others = [k for k in table.keys if k != ("r0", "c0")]
    for size in range(len(extra)):
        for chosen in itertools.combinations(others, size):
            assert not audit([table], [[("r0", "c0"), *chosen]], rules).passed
    assert audit([table], [[("r0", "c0"), *extra]], rules).passed


def test_primary_and_secondary_look_the_same(one_giant, rules: Rules) -> None:
    published = publish(one_giant, rules)
    assert len(_hidden(published)) >= 4
    assert {c.mark for c in published.cells if c.value is None} == {":"}
    names = {f.name for f in dataclasses.fields(published)}
    assert names == {"variable", "dimensions", "cells"}, "nothing else leaves the house"
    assert "500" not in repr(published) and "505" not in repr(published)


def test_the_audit_of_a_careless_pattern_says_who_sees_what(one_giant, rules: Rules) -> None:
    shown = audit([one_giant], [[]], rules)
    assert {f.kind for f in shown.findings} == {"shown"}
    alone = audit([one_giant], [[("r0", "c0")]], rules)
    assert {f.kind for f in alone.findings} == {"exact"}
    [target] = {f.target for f in alone.findings}
    assert target == "r0-c0-0"


def test_a_cell_that_is_out_already_is_never_hidden(one_giant, rules: Rules) -> None:
    before = _hidden(publish(one_giant, rules))
    out = sorted(k for k in before if k not in {("r0", "c0")})[0]
    fixed = dataclasses.replace(one_giant, fixed=frozenset({out, ("all", "all")}))
    after = protect([fixed], rules)
    assert out not in _hidden(after.public[0]) and after.audit.passed


def test_a_sensitive_cell_that_is_out_already_is_refused(one_giant, rules: Rules) -> None:
    fixed = dataclasses.replace(one_giant, fixed=frozenset({("r0", "c0")}))
    with pytest.raises(InputError, match="published already and would have to be hidden"):
        publish(fixed, rules)


def test_where_nothing_helps_the_error_says_what_to_do(one_giant, rules: Rules) -> None:
    others = frozenset(one_giant.keys) - {("r0", "c0")}
    with pytest.raises(InputError) as caught:
        publish(dataclasses.replace(one_giant, fixed=others), rules)
    [fault] = caught.value.faults[:1]
    assert "cannot be protected" in fault.what and "15 cells are published already" in fault.why
    assert "Merge" in fault.next_step
    assert "500" not in str(caught.value), "an error must not give the value away"


def test_companies_of_one_group_are_one_contributor(rules: Rules) -> None:
    cell = {("r0", "c0"): [100.0, 110.0, 120.0, 2.0]}
    records = _full(cell, ROW, COLUMN)
    apart = magnitude_table("turnover", [ROW, COLUMN], records)
    assert not _hidden(publish(apart, rules))
    groups = {f"r0-c0-{n}": "holding" for n in range(3)}
    together = magnitude_table("turnover", [ROW, COLUMN], records, groups=groups)
    assert ("r0", "c0") in _hidden(publish(together, rules))
    assert together.n_contributors(("r0", "c0")) == 2


def test_open_accounts_protect_nobody(rules: Rules) -> None:
    """By hand: 100 and 110 are known to all, so 2 companies are left of 4."""
    records = _full({("r0", "c0"): [100.0, 110.0, 40.0, 35.0]}, ROW, COLUMN)
    closed = magnitude_table("turnover", [ROW, COLUMN], records)
    assert not _hidden(publish(closed, rules))
    opened = magnitude_table(
        "turnover", [ROW, COLUMN], records, public=["r0-c0-0", "r0-c0-1"]
    )
    assert ("r0", "c0") in _hidden(publish(opened, rules))
    everybody = [r.contributor for r in records]
    assert not _hidden(
        publish(magnitude_table("t", [ROW, COLUMN], records, public=everybody), rules)
    )


def test_withheld_amounts_are_unknown_and_marked(rules: Rules) -> None:
    records = _full({}, ROW, COLUMN)
    records.append(Contribution("small", ("r0", "c0"), None))
    table = magnitude_table("staff", [ROW, COLUMN], records)
    published = publish(table, rules)
    assert published.cell(("r0", "c0")).mark == "i"
    assert published.cell(("r1", "c1")).mark == ""
    assert table.n_contributors(("r0", "c0")) == 4 and table.n_unknown(("r0", "c0")) == 1


def test_one_contributor_in_two_hidden_parts_is_seen_in_their_sum(rules: Rules) -> None:
    """Each of two cells is one company's alone; a row that hides just these two gives its sum."""
    records = [r for r in _full({}, ROW, COLUMN) if r.place not in {("r0", "c0"), ("r0", "c1")}]
    records += [Contribution("both", ("r0", c), 50.0) for c in ("c0", "c1")]
    table = magnitude_table("turnover", [ROW, COLUMN], records)
    pair = [("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1")]
    [finding] = {(f.kind, f.low, f.high) for f in audit([table], [pair], rules).findings}
    assert finding == ("exact", pytest.approx(100), pytest.approx(100))
    hidden = _hidden(publish(table, rules))
    assert ("r0", "c2") in hidden or ("r0", "all") in hidden


def test_negative_amounts(rules: Rules) -> None:
    records = _full({("r0", "c0"): [-300.0, 5.0, 4.0]}, ROW, COLUMN)
    table = magnitude_table("result", [ROW, COLUMN], records)
    assert ("r0", "c0") in _hidden(publish(table, rules))


def test_linked_tables_hide_a_shared_cell_in_both(rules: Rules) -> None:
    """Two tables of one variable share the margin of rows; alone, each hides less."""
    region = flat("region", ["n", "s"])
    cells = {}
    leaves = [sorted(d.leaves()) for d in (ROW, COLUMN, region)]
    for n, key in enumerate(itertools.product(*leaves)):
        cells[key] = [10.0 + n, 12.0, 14.0, 9.0]
    cells["r0", "c0", "n"] = [900.0]
    cells["r0", "c0", "s"] = []
    records = _records(cells)
    one = magnitude_table(
        "turnover", [ROW, COLUMN],
        [Contribution(r.contributor, r.place[:2], r.amount) for r in records],
    )  # fmt: skip
    two = magnitude_table(
        "turnover", [ROW, region],
        [Contribution(r.contributor, (r.place[0], r.place[2]), r.amount) for r in records],
    )  # fmt: skip
    first, second = publish_linked([one, two], rules)
    for code in ROW.codes():
        assert first.is_suppressed((code, "all")) == second.is_suppressed((code, "all"))
    assert audit([one, two], [_hidden(first), _hidden(second)], rules).passed


def test_linked_tables_that_disagree_are_refused(one_giant, rules: Rules) -> None:
    other = magnitude_table("turnover", [ROW], _records({("r0",): [1.0], ("r1",): [2.0]}))
    with pytest.raises(InputError, match="in one table and"):
        publish_linked([one_giant, other], rules)


def test_same_pattern_hides_the_twin(one_giant, rules: Rules) -> None:
    records = _full({}, ROW, COLUMN)
    twin = magnitude_table("value_creation", [ROW, COLUMN], records)
    apart = publish_linked([one_giant, twin], rules)
    assert not _hidden(apart[1])
    turnover, creation = publish_linked([one_giant, twin], rules, same_pattern=True)
    assert _hidden(turnover) == _hidden(creation) != set()


def test_empty_cells_are_shown_or_hidden_as_the_rules_say(rules: Rules) -> None:
    records = [r for r in _full({}, ROW, COLUMN) if r.place != ("r0", "c0")]
    table = frequency_table("companies", [ROW, COLUMN], records)
    assert publish(table, rules).cell(("r0", "c0")).value == 0.0
    strict = dataclasses.replace(rules, has_sensitive_zeros=True)
    assert publish(table, strict).cell(("r0", "c0")).value is None


def test_sliding_levels_widen_the_interval(rules: Rules) -> None:
    """By hand: level 5 on both sides is a width of 10; five levels are 25."""
    values = {(r, c): 100.0 for r in ("r0", "r1", "r2") for c in ("c0", "c1", "c2")}
    values |= {(r, "all"): 300.0 for r in ("r0", "r1", "r2")}
    values |= {("all", c): 300.0 for c in ("c0", "c1", "c2")} | {("all", "all"): 900.0}
    table = table_from_cells(
        "value", [ROW, COLUMN], values, kind="magnitude", primary={("r0", "c0"): 5.0}
    )
    wide = protect([table], dataclasses.replace(rules, sliding=5.0))
    assert wide.audit.passed and wide.n_secondary == 3


# ---------------------------------------------------------------- bad input


def test_all_faults_of_a_table_of_cells_are_named() -> None:
    values = {("all",): 9.0, ("r0",): math.nan, ("r1",): -2.0, ("r2",): 2.5, ("r9",): 1.0}
    with pytest.raises(InputError) as caught:
        table_from_cells("companies", [ROW], values, primary={("r0",): 0.0}, fixed=[("x",)])
    text = str(caught.value)
    for words in ("is no cell", "not a number", "never negative", "whole number", "not above zero"):
        assert words in text


def test_margins_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InputError, match="is 11, its parts add up to 10"):
        table_from_cells("v", [ROW], {("all",): 11, ("r0",): 5, ("r1",): 5, ("r2",): 0})


def test_all_faults_of_the_contributions_are_named() -> None:
    records = [
        Contribution("a", ("r0",), 1.0), Contribution("b", ("all", "c0"), 1.0),
        Contribution("c", ("r7", "c0"), 1.0), Contribution("d", ("r0", "c0"), math.inf),
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        magnitude_table("turnover", [ROW, COLUMN], records)
    assert [f.where.split("(")[1][0] for f in caught.value.faults] == ["a", "b", "c", "d"]


def test_a_broken_classification_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Dimension("branch", "all", {"all": ("a", "a"), "b": ("c",), "d": ()})
    assert len(caught.value.faults) >= 3


def test_unknown_hidden_cells_and_kinds_are_refused(one_giant, rules: Rules) -> None:
    with pytest.raises(InputError, match="is no cell"):
        audit([one_giant], [[("r0", "nowhere")]], rules)
    counts = frequency_table("turnover", [ROW], [Contribution("a", ("r0",))])
    with pytest.raises(InputError, match="both a sum and a count"):
        protect([one_giant, counts], rules)


# ---------------------------------------------------------------- size


def test_three_hundred_cells_in_seconds(rules: Rules) -> None:
    """A skewed industry of 300 companies by branch, size class and region."""
    draws = stream(7, "disclosure", "test")
    dims = [flat("branch", [*"abcd"]), flat("size", [*"klmno"]), flat("region", [*"pqrst"])]
    leaves = [sorted(d.leaves()) for d in dims]
    picks = draws.exponential(1.0, (300, 3))
    amounts = draws.lognormal(2.0, 2.0, 300)
    records = [
        Contribution(
            f"k{n}",
            tuple(codes[min(int(p * 1.5), len(codes) - 1)]
                  for p, codes in zip(pick, leaves, strict=True)),
            float(round(1e6 * amount)),
        )
        for n, (pick, amount) in enumerate(zip(picks, amounts, strict=True))
    ]  # fmt: skip
    begin = time.perf_counter()
    result = protect([magnitude_table("turnover", dims, records)], rules)
    assert result.audit.passed
    assert time.perf_counter() - begin < 60
