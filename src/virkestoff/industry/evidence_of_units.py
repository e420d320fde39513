"""Which rules hit which units: the evidence that a verdict is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import polars as pl

from virkestoff.industry.organisations import BRANCHES
from virkestoff.industry.rules import CriterionId, Rules, WordRule, pattern_of

__all__ = ["EVIDENCE_SCHEMA", "Hits", "hits_of", "normalised"]

CRITERIA: tuple[str, ...] = get_args(CriterionId)
EVIDENCE_SCHEMA: dict[str, Any] = {
    "orgnr": pl.String, "rule": pl.String, "field": pl.String, "weight": pl.Int32,
    "is_counted": pl.Boolean, "branch": pl.String,
}  # fmt: skip
_COUNTED_FIRST = 10**6
"""Puts what is counted before all other hits, whose weights never sum to that much."""
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass
class _Hit:
    """One rule in one field: which units it hits, and for which of them it is counted."""

    rule: str
    field: str
    group: str
    weight: int
    product: str | None
    where: Bools
    counted: Bools


@dataclass(frozen=True)
class Hits:
    """All hits of a table of n units.

    Attributes
    ----------
    score : shape (n,)
    criteria : criteria that some product hit bears on, shape (n, 3)
    branch_points : product weights by branch: what is counted first, all hits where that ties,
        shape (n, n_branches)
    has_product : whether any product is named, shape (n,)
    is_in_vitro : shape (n,)
    """

    hits: tuple[_Hit, ...]
    score: Ints
    criteria: Bools
    branch_points: Ints
    is_in_vitro: Bools
    has_product: Bools
    rules: Rules

    def evidence(self, units: pl.DataFrame, is_kept: Bools) -> pl.DataFrame:
        """One row for each rule, field and kept unit that it hits; those counted sum to the score.

        Ordered by unit as in ``units``, then by rule and field.
        """
        by_name = sorted(self.hits, key=lambda hit: (hit.rule, hit.field))
        rows = [np.flatnonzero(hit.where & is_kept) for hit in by_name]
        hit_of = np.repeat(np.arange(len(by_name)), [r.size for r in rows])
        row = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        counted = [hit.counted[r] for hit, r in zip(by_name, rows, strict=True)]
        is_counted = np.concatenate(counted) if counted else np.zeros(0, dtype=bool)
        order = np.argsort(row, kind="stable")
        row, hit_of = row[order], hit_of[order]
        products = [self.rules.products[hit.product] if hit.product else None for hit in by_name]
        said: dict[str, list[Any]] = {
            "rule": [hit.rule for hit in by_name],
            "field": [hit.field for hit in by_name],
            "weight": [hit.weight for hit in by_name],
            "branch": [product.branch if product else None for product in products],
        }
        columns = {
            name: pl.Series(name, values, EVIDENCE_SCHEMA[name]).gather(hit_of)
            for name, values in said.items()
        }
        columns["orgnr"] = units["orgnr"].gather(row)
        columns["is_counted"] = pl.Series("is_counted", is_counted[order])
        return pl.DataFrame({name: columns[name] for name in EVIDENCE_SCHEMA})


def normalised(text: pl.Series) -> pl.Series:
    """Lower case, one space for all that is no letter or digit, a space at both ends.

    Words are then found as literal text: `` apotek `` is a whole word, `` legemid`` a beginning.
    Text of characters below U+0300 is composed already, which is faster to see than to do.
    """
    text = text.fill_null("")
    rows = text.str.contains(r"[^\x00-\x{2FF}]").arg_true()
    if rows.len():
        text = text.scatter(rows, text.gather(rows).str.normalize("NFC"))
    plain = text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars(" ")
    return " " + plain + " "


def hits_of(units: pl.DataFrame, rules: Rules) -> Hits:
    """Try every rule on every unit.

    Parameters
    ----------
    units : columns orgnr, name, text, form, and code0, standard0, code1 ... as far as there are
    """
    hits = [*_word_hits(units, rules), *_code_hits(units, rules), *_form_hits(units, rules)]
    n = units.height
    product = np.zeros(n, dtype=bool)
    for hit in hits:
        product |= hit.where if hit.product else False
    for hit in hits:
        hit.counted = hit.where & product if hit.group == "making" else hit.where.copy()
    _keep_strongest(hits)
    score = np.zeros(n, dtype=np.int64)
    criteria = np.zeros((n, len(CRITERIA)), dtype=bool)
    points = np.zeros((n, len(BRANCHES)), dtype=np.int64)
    in_vitro = np.zeros(n, dtype=bool)
    for hit in hits:
        score += hit.weight * hit.counted
        if hit.product:
            what = rules.products[hit.product]
            strength = _COUNTED_FIRST * hit.counted + hit.where
            points[:, BRANCHES.index(what.branch)] += hit.weight * strength
            in_vitro |= hit.where & what.is_in_vitro
            for name in what.criteria:
                criteria[:, CRITERIA.index(name)] |= hit.where
    return Hits(tuple(hits), score, criteria, points, in_vitro, product, rules)


def _keep_strongest(hits: list[_Hit]) -> None:
    """Of one group only the strongest hit counts; of products, the strongest in each field.

    A weaker hit says little new: ``legemiddel`` and ``farmasi`` in one text are one fact. Equal
    weights go to the rule that stands first.
    """
    groups: dict[tuple[str, str], list[_Hit]] = {}
    for hit in hits:
        key = (hit.group, hit.field if hit.group == "product" else "")
        groups.setdefault(key, []).append(hit)
    for members in groups.values():
        taken = np.zeros(members[0].where.size, dtype=bool)
        for hit in sorted(members, key=lambda h: -abs(h.weight)):
            hit.counted &= ~taken
            taken |= hit.counted


def _word_hits(units: pl.DataFrame, rules: Rules) -> list[_Hit]:
    found = _found({name: normalised(units[name]) for name in ("name", "text")}, rules)
    making = np.zeros(units.height, dtype=bool)
    for key, rule in rules.words.items():
        if rule.kind == "making":
            making |= found[key, "text"]
    hits = []
    for key, rule in rules.words.items():
        if rule.kind == "context":
            continue
        for name in ("name", "text"):
            where = found[key, name]
            if name == "text" and rule.unless == "making":
                where = where & ~making
            if rule.beside:
                where = where & (found[rule.beside, "name"] | found[rule.beside, "text"])
            hits.append(_word_hit(key, name, rule, where))
    return hits


def _found(texts: dict[str, pl.Series], rules: Rules) -> dict[tuple[str, str], Bools]:
    """Whether a word of a rule stands in the name or texts: one pass for all words of all rules."""
    keys = list(rules.words)
    rules_of: dict[str, list[int]] = {}
    for k, rule in enumerate(rules.words.values()):
        for word in rule.words:
            rules_of.setdefault(pattern_of(word), []).append(k)
    patterns = list(rules_of)
    named_by = np.zeros((max(map(len, rules_of.values()), default=0), len(patterns)), dtype=int)
    for at, several in enumerate(rules_of.values()):
        named_by[:, at] = several[0]
        named_by[: len(several), at] = several
    found: dict[tuple[str, str], Bools] = {}
    for name, text in texts.items():
        lists = text.str.extract_many(patterns, overlapping=True)
        n_found = lists.list.len().to_numpy()
        row = np.repeat(np.arange(text.len()), n_found)
        words = lists.filter(lists.list.len() > 0).explode()
        word_at = words.cast(pl.Enum(patterns)).to_physical().to_numpy()
        hit = np.zeros((len(keys), text.len()), dtype=bool)
        for rule_of_word in named_by:
            hit[rule_of_word[word_at], row] = True
        found |= {(key, name): hit[k] for k, key in enumerate(keys)}
    return found


def _word_hit(key: str, name: str, rule: WordRule, where: Bools) -> _Hit:
    weight = rule.in_name if name == "name" else rule.weight
    return _Hit(key, name, rule.group, weight, rule.product, where, where.copy())


def _code_hits(units: pl.DataFrame, rules: Rules) -> list[_Hit]:
    """A code counts in its own standard only."""
    columns = [c for c in units.columns if c.startswith("code")]
    hits = []
    for standard, codes in rules.codes.items():
        for code, rule in codes.items():
            where = np.zeros(units.height, dtype=bool)
            for column in columns:
                is_standard = units[column.replace("code", "standard")] == standard
                has_code = units[column].str.starts_with(code)
                where |= (has_code & is_standard).fill_null(value=False).to_numpy().astype(bool)
            hits.append(_Hit(f"{standard}:{code}", "code", rule.group, rule.weight, rule.product,
                             where, where.copy()))  # fmt: skip
    return hits


def _form_hits(units: pl.DataFrame, rules: Rules) -> list[_Hit]:
    hits = []
    for key, rule in rules.forms.items():
        where = units["form"].is_in(list(rule.codes)).fill_null(value=False)
        found = where.to_numpy().astype(bool)
        hits.append(_Hit(key, "form", rule.group, rule.weight, rule.product, found, found.copy()))
    return hits
