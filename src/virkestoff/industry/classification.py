"""Which companies of the register are health industry, in which branch, and why.

Two passes. A coarse one over all units: does any word or code that speaks for a product occur at
all, and for a word that counts only beside a context, the context too? One automaton each over
lower-cased text answers that. Then the rules, on what is left, so many units at a time:

    score = strongest product word in the name + strongest in the texts + strongest product code
            + making (beside a product only) + the strongest counter-evidence of each kind

A company is *in* from ``in_at`` points on with evidence for as many criteria as the definition
needs, *out* up to ``out_at`` points, else *undecided*. A person's decision wins over the rule.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from virkestoff.errors import Fault, InputError, suggest
from virkestoff.evidence.library import kept_per_library, library_folder
from virkestoff.industry.evidence_of_units import Hits, hits_of
from virkestoff.industry.organisations import BRANCHES, sources_alone
from virkestoff.industry.rules import Rules, WordRule, coarse_parts, load_rules

if TYPE_CHECKING:
    from virkestoff.industry.decisions import Decisions

__all__ = ["Classified", "UnitColumns", "classify", "default_rules"]

Units = pl.DataFrame | pl.LazyFrame | Path


@dataclass(frozen=True)
class UnitColumns:
    """The names of a table's columns; all but the first two may be missing from it.

    Attributes
    ----------
    texts : purpose and activity, text or list of text; null is unknown
    codes : pairs (column of an industry code such as ``21.200``, column of its standard); a code
        whose standard is null counts for nothing, since the standards differ
    n_employees, turnover : order the queue, and nothing else
    """

    orgnr: str = "organisation_number"
    name: str = "name"
    texts: tuple[str, ...] = ("purpose", "activity")
    codes: tuple[tuple[str, str], ...] = (
        ("code_1", "standard"), ("code_2", "standard"), ("code_3", "standard"),
    )  # fmt: skip
    form: str = "form"
    n_employees: str = "n_employees"
    turnover: str = "turnover"


AT_A_TIME = 1 << 16  # constant: units; bounds the memory, changes no result
VERDICTS = ("in", "out", "undecided")
VERDICT_SCHEMA: dict[str, Any] = {
    "orgnr": pl.String, "name": pl.String, "verdict": pl.String, "branch": pl.String,
    "is_in_vitro": pl.Boolean, "score": pl.Int32, "n_criteria": pl.UInt8, "basis": pl.String,
    "health_share": pl.Float64, "n_employees": pl.Int64, "turnover": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Classified:
    """The outcome for all units.

    Attributes
    ----------
    n_units : rows read
    n_without_sign : units that no word or code for a product touches and nobody decided on: out
    n_without_standard : units with a code whose standard is unknown, so that it counts for nothing
    absent : companies that somebody decided on and that are not in the table
    verdicts : one row for each other unit, by orgnr; columns of ``VERDICT_SCHEMA``. ``basis`` is
        ``rule`` or ``decision``; ``rule_verdict`` is what the rule says beside a decision
    evidence : orgnr, rule, field (name, text, code, form), weight, is_counted, branch. The weights
        that are counted add up to the score
    """

    n_units: int
    n_without_sign: int
    n_without_standard: int
    absent: tuple[str, ...]
    verdicts: pl.DataFrame
    evidence: pl.DataFrame
    rules: Rules = field(repr=False)

    def counts(self) -> dict[str, int]:
        """Units by verdict; those without a sign are out."""
        found = {v: self.verdicts.filter(pl.col("verdict") == v).height for v in VERDICTS}
        found["out"] += self.n_without_sign
        return found

    def queue(self, n: int | None = None) -> pl.DataFrame:
        """The undecided, and those that are in with no branch, largest expected influence first.

        Known turnover first, then known headcount, then the closest to the threshold; ties by
        organisation number.
        """
        middle = self.rules.scoring.in_at + self.rules.scoring.out_at
        is_open = (pl.col("verdict") == "undecided") | (
            (pl.col("verdict") == "in") & pl.col("branch").is_null()
        )
        ordered = (
            self.verdicts.filter(is_open)
            .with_columns((2 * pl.col("score") - middle).abs().alias("_away"))
            .sort(
                "turnover", "n_employees", "_away", "orgnr",
                descending=[True, True, False, False], nulls_last=True,
            )
            .drop("_away")
        )  # fmt: skip
        return ordered if n is None else ordered.head(n)

    def verdict_of(self, orgnr: str) -> dict[str, Any]:
        """The row of a unit.

        Raises
        ------
        InputError
            if no rule touches the unit, or if it is not in the table.
        """
        rows = self.verdicts.filter(pl.col("orgnr") == orgnr)
        if rows.is_empty():
            raise InputError(Fault(
                f"unit {orgnr}", "is not in the table, or no word or code speaks for a product",
                "such a unit is out without further evidence",
                "Decide on it with --decide if that is wrong",
            ))  # fmt: skip
        return rows.row(0, named=True)

    def evidence_of(self, orgnr: str) -> pl.DataFrame:
        """What speaks for and against a unit, what is counted first."""
        return self.evidence.filter(pl.col("orgnr") == orgnr).sort(
            ["is_counted", "weight", "rule", "field"], descending=[True, True, False, False]
        )


@kept_per_library
def default_rules() -> Rules:
    """The rules of the library in use."""
    return load_rules(sources_alone(library_folder()))


def classify(
    units: Units,
    rules: Rules | None = None,
    decisions: Decisions | None = None,
    columns: UnitColumns | None = None,
) -> Classified:
    """Classify every unit of a table.

    Parameters
    ----------
    units : a frame, or a Parquet file or folder of Parquet files
    rules : default those of the library
    decisions : a person's decisions, which win over the rules
    columns : how the table calls its columns

    Raises
    ------
    InputError
        if there is no such file, no column of numbers or names, or a number stands twice.
    """
    rules = rules or default_rules()
    table, n_units, n_without_standard = _canonical(units, columns or UnitColumns())
    decided = decisions.standing() if decisions is not None else {}
    touched = _coarse(table, rules, list(decided))
    _refuse_twins(table.select(pl.col("orgnr").drop_nulls()).collect())
    _refuse_twins(touched)
    parts = [
        _by_rules(touched.slice(at, AT_A_TIME), rules, list(decided))
        for at in range(0, max(touched.height, 1), AT_A_TIME)
    ]
    verdicts, evidence = pl.concat(v for v, _ in parts), pl.concat(e for _, e in parts)
    verdicts = verdicts.with_columns(pl.col("verdict").alias("rule_verdict"))
    if decided:
        verdicts = _with_decisions(verdicts, decided)
    absent = tuple(sorted(decided.keys() - set(touched["orgnr"].to_list())))
    return Classified(
        n_units, n_units - verdicts.height, n_without_standard, absent, verdicts.sort("orgnr"),
        evidence, rules,
    )  # fmt: skip


def _canonical(units: Units, c: UnitColumns) -> tuple[pl.LazyFrame, int, int]:
    """The table with our names, its rows, and how many have a code without a standard.

    Missing columns become null.
    """
    if isinstance(units, Path):
        if not units.exists():
            raise InputError(Fault(str(units), "does not exist",
                                   next_step="Import the register first"))  # fmt: skip
        lazy = pl.scan_parquet(units / "*.parquet" if units.is_dir() else units)
    else:
        lazy = units.lazy()
    schema = lazy.collect_schema()
    for name in (c.orgnr, c.name):
        if name not in schema:
            raise InputError(Fault(f"column '{name}'", "is not in the table",
                                   next_step=suggest(name, schema.names())))  # fmt: skip

    def text(name: str) -> pl.Expr:
        if name not in schema:
            return pl.lit(None, pl.String)
        column = pl.col(name)
        if isinstance(schema[name], pl.List):
            return column.list.join(" ", ignore_nulls=True)
        return column.cast(pl.String)

    def number(name: str, kind: Any) -> pl.Expr:
        return pl.col(name).cast(kind) if name in schema else pl.lit(None, kind)

    chosen = {
        "orgnr": text(c.orgnr),
        "name": text(c.name),
        "text": pl.concat_str([text(t) for t in c.texts] or [pl.lit("")], separator=" ",
                              ignore_nulls=True),
        "form": text(c.form),
        "n_employees": number(c.n_employees, pl.Int64),
        "turnover": number(c.turnover, pl.Float64),
    }  # fmt: skip
    for k, (code, standard) in enumerate(c.codes):
        chosen[f"code{k}"], chosen[f"standard{k}"] = text(code), text(standard)
    table = lazy.select(**chosen)
    is_bare = pl.lit(value=False)
    for k in range(len(c.codes)):
        is_bare |= pl.col(f"code{k}").is_not_null() & pl.col(f"standard{k}").is_null()
    n_units, n_bare = table.select(pl.len(), is_bare.sum().alias("bare")).collect().row(0)
    return table, n_units, n_bare


def _by_rules(
    units: pl.DataFrame, rules: Rules, decided: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Verdicts and evidence of units for which a product is named, or on which a person decided."""
    hits = hits_of(units, rules)
    is_kept = hits.has_product | units["orgnr"].is_in(decided).to_numpy().astype(bool)
    return _verdicts(units, hits, rules).filter(is_kept), hits.evidence(units, is_kept)


def _coarse(table: pl.LazyFrame, rules: Rules, decided: list[str]) -> pl.DataFrame:
    """Units in which something may speak for a product, or on which a person decided."""
    raw, test, other = pl.col("_raw"), pl.lit(value=False), pl.lit(value=False)
    for context in {rule.beside for rule in rules.words.values() if rule.product}:
        beside = [r for r in rules.words.values() if r.product and r.beside == context]
        named = _may_name(raw, beside)
        test |= named & _may_name(raw, [rules.words[context]]) if context else named
    names = table.collect_schema().names()
    for column in (n for n in names if n.startswith("code")):
        for standard, codes in rules.codes.items():
            for code, rule in codes.items():
                if rule.product:
                    has_code = pl.col(column).str.starts_with(code)
                    is_standard = pl.col(column.replace("code", "standard")) == standard
                    other = other | (has_code & is_standard).fill_null(value=False)
    other = other | pl.col("orgnr").is_in(decided) if decided else other
    lower = pl.concat_str(["name", "text"], separator=" ", ignore_nulls=True).str.to_lowercase()
    some = table.with_columns(_raw=lower).filter(raw.str.contains_any(_first_look(rules)) | other)
    found = some.collect(engine="streaming").filter(test | other).drop("_raw")
    return found.sort("orgnr")


def _first_look(rules: Rules) -> list[str]:
    """Few words, one of which stands in every text in which a word for a product counts.

    Of a word that counts only beside a context the context is looked for, since it is rarer; of two
    parts that must both stand, one, unless a word that is looked for anyway stands in either.
    """
    products = [rule for rule in rules.words.values() if rule.product]
    contexts = [rules.words[rule.beside] for rule in products if rule.beside]
    looked_for = [rule for rule in products if not rule.beside] + contexts
    parts = {coarse_parts(word) for rule in looked_for for word in rule.words}
    alone = {longest for longest, next_ in parts if not next_}
    return _both_ways(alone | {
        longest for longest, next_ in parts
        if next_ and not any(word in longest or word in next_ for word in alone)
    })  # fmt: skip


def _may_name(lower: pl.Expr, rules: list[WordRule]) -> pl.Expr:
    """True wherever a word of the rules stands, and at some other places.

    Of several words with one space between them the longest must stand somewhere, and the second
    longest of any of these, if none is too short to tell anything.
    """
    parts = [coarse_parts(w) for rule in rules for w in rule.words]
    alone = lower.str.contains_any(_both_ways({longest for longest, next_ in parts if not next_}))
    pairs = [pair for pair in parts if pair[1]]
    if not pairs:
        return alone
    first, second = (_both_ways(set(words)) for words in zip(*pairs, strict=True))
    return alone | (lower.str.contains_any(first) & lower.str.contains_any(second))


def _both_ways(words: set[str]) -> list[str]:
    """Both ways to write a letter with a mark: normalising a million texts would take longer."""
    return sorted(words | {unicodedata.normalize("NFD", w) for w in words})


def _refuse_twins(units: pl.DataFrame) -> None:
    twice = units["orgnr"].filter(units["orgnr"].is_duplicated()).unique().sort().to_list()
    if twice:
        raise InputError(Fault(
            f"unit {twice[0]}", f"stands more than once ({len(twice)} such numbers)",
            "a company would be counted twice", "Read one snapshot, or remove the doubles",
        ))  # fmt: skip


def _verdicts(touched: pl.DataFrame, hits: Hits, rules: Rules) -> pl.DataFrame:
    """Score, criteria, branch and verdict of each touched unit, arrays of shape (n_touched,)."""
    score = hits.score
    n_criteria = hits.criteria.sum(axis=1)
    points = hits.branch_points  # (n_touched, n_branches)
    best = points.max(axis=1, initial=0)
    is_single = (points == best[:, None]).sum(axis=1) == 1
    branch = np.where((best > 0) & is_single, points.argmax(axis=1), -1)
    is_in = (score >= rules.scoring.in_at) & (n_criteria >= rules.definition.needed)
    is_out = score <= rules.scoring.out_at
    verdict = np.where(is_in, "in", np.where(is_out, "out", "undecided"))
    names = np.array([*BRANCHES, None], dtype=object)  # -1 is the last: no branch
    device = BRANCHES.index("medical_devices")
    return pl.DataFrame(
        {
            "orgnr": touched["orgnr"],
            "name": touched["name"],
            "verdict": verdict.tolist(),
            "branch": names[branch].tolist(),
            "is_in_vitro": hits.is_in_vitro & (branch == device),
            "score": score,
            "n_criteria": n_criteria,
            "basis": ["rule"] * touched.height,
            "health_share": [None] * touched.height,
            "n_employees": touched["n_employees"],
            "turnover": touched["turnover"],
        },
        schema=VERDICT_SCHEMA,
    )


def _with_decisions(verdicts: pl.DataFrame, decided: dict[str, Any]) -> pl.DataFrame:
    """A standing decision replaces verdict, branch and share."""
    said = pl.DataFrame(
        {
            "orgnr": list(decided),
            "_verdict": [d.verdict for d in decided.values()],
            "_branch": [d.branch for d in decided.values()],
            "_share": [d.health_share for d in decided.values()],
        },
        schema={"orgnr": pl.String, "_verdict": pl.String, "_branch": pl.String,
                "_share": pl.Float64},
    )  # fmt: skip
    is_decided = pl.col("_verdict").is_not_null()
    return (
        verdicts.join(said, on="orgnr", how="left", maintain_order="left")
        .with_columns(
            verdict=pl.coalesce("_verdict", "verdict"),
            branch=pl.when(is_decided).then("_branch").otherwise("branch"),
            health_share=pl.col("_share"),
            is_in_vitro=pl.col("is_in_vitro")
            & (pl.when(is_decided).then("_branch").otherwise("branch") == "medical_devices")
            .fill_null(value=False),
            basis=pl.when(is_decided).then(pl.lit("decision")).otherwise("basis"),
        )
        .drop("_verdict", "_branch", "_share")
    )


