"""The classification of one unit, written to be read: the oracle of the fast one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from virkestoff.industry.organisations import BRANCHES
from virkestoff.industry.rules import CodeRule, FormRule, Rules, WordRule

__all__ = ["One", "classify_one"]


@dataclass(frozen=True)
class One:
    """The outcome for one unit; score and criteria are ``None`` if nothing speaks for a product."""

    verdict: str
    branch: str | None
    score: int | None
    n_criteria: int | None


@dataclass(frozen=True)
class _Hit:
    rule: WordRule | CodeRule | FormRule
    field: str
    weight: int


def _tidy(text: str | None) -> str:
    """Lower case; letters and digits kept, all else one space; a space at both ends."""
    lower = unicodedata.normalize("NFC", text or "").lower()
    kept = "".join(c if c.isalnum() else " " for c in lower)
    return f" {' '.join(kept.split())} "


def _stands_in(word: str, text: str) -> bool:
    """Whether a word with open ends stands in a tidy text: looked at from place to place."""
    plain = word.strip("-")
    at = text.find(plain)
    while at >= 0:
        before, after = text[at - 1], text[at + len(plain)]
        if (word.startswith("-") or before == " ") and (word.endswith("-") or after == " "):
            return True
        at = text.find(plain, at + 1)
    return False


def _hits(rule: WordRule, text: str) -> bool:
    return any(_stands_in(word, text) for word in rule.words)


def _all_hits(unit: Mapping[str, str | None], rules: Rules) -> list[_Hit]:
    """Every rule that hits, in the order of the file, the name before the texts."""
    name, text = _tidy(unit["name"]), _tidy(unit["text"])
    is_made = any(r.kind == "making" and _hits(r, text) for r in rules.words.values())
    found = []
    for rule in rules.words.values():
        context = rules.words[rule.beside] if rule.beside else None
        has_context = context is None or _hits(context, name) or _hits(context, text)
        if rule.kind == "context" or not has_context:
            continue
        if _hits(rule, name):
            found.append(_Hit(rule, "name", rule.in_name))
        if _hits(rule, text) and not (rule.unless == "making" and is_made):
            found.append(_Hit(rule, "text", rule.weight))
    for standard, codes in rules.codes.items():
        for code, what in codes.items():
            if unit["standard"] == standard and (unit["code"] or "").startswith(code):
                found.append(_Hit(what, "code", what.weight))
    for form in rules.forms.values():
        if unit["form"] in form.codes:
            found.append(_Hit(form, "form", form.weight))
    return found


def classify_one(unit: Mapping[str, str | None], rules: Rules) -> One:
    """Classify one unit with the keys name, text, code, standard and form."""
    hits = _all_hits(unit, rules)
    products = [h for h in hits if h.rule.product]
    if not products:
        return One("out", None, None, None)
    strongest: dict[tuple[str, str], _Hit] = {}
    for hit in hits:
        group = (hit.rule.group, hit.field if hit.rule.product else "")
        if group not in strongest or abs(hit.weight) > abs(strongest[group].weight):
            strongest[group] = hit
    score = sum(hit.weight for hit in strongest.values())
    criteria = {c for h in products for c in rules.products[h.rule.product or ""].criteria}
    branch = _branch(products, list(strongest.values()), rules)
    if score >= rules.scoring.in_at and len(criteria) >= rules.definition.needed:
        verdict = "in"
    else:
        verdict = "out" if score <= rules.scoring.out_at else "undecided"
    return One(verdict, branch, score, len(criteria))


def _branch(products: list[_Hit], counted: list[_Hit], rules: Rules) -> str | None:
    """The branch with most counted points; if tied, with most points at all; if tied, none."""

    def points(hits: list[_Hit], branch: str) -> int:
        return sum(h.weight for h in hits if rules.branch_of(h.rule) == branch)

    ranked = sorted(((points(counted, b), points(products, b)), b) for b in BRANCHES)
    return None if ranked[-1][0] == ranked[-2][0] else ranked[-1][1]
