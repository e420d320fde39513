"""Rules of classification: literal words, codes and forms, each with weight and reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence.library import Library, validation_faults
from virkestoff.evidence.yaml_reader import line_of, read_yaml
from virkestoff.industry.organisations import Branch
from virkestoff.language import Text

__all__ = ["STANDARDS", "CodeRule", "FormRule", "Product", "Rules", "Standard", "WordRule",
           "coarse_parts", "load_rules", "pattern_of"]  # fmt: skip

Standard = Literal["SN2007", "SN2025"]
STANDARDS: tuple[Standard, ...] = ("SN2007", "SN2025")
CounterKind = Literal[
    "trade", "treatment", "public_body", "finance", "association", "education", "advice",
    "property",
]  # fmt: skip
RuleKind = Literal["making", "context"] | CounterKind
CriterionId = Literal["treatment_or_diagnostics", "regulated", "humans"]

_WORD = re.compile(r"-?[0-9a-zæøåäöéüß]+(?: [0-9a-zæøåäöéüß]+)*-?")
SHORTEST_WORD = 3  # constant: two letters stand in too many words
Weight = Annotated[int, Field(strict=True, ge=-10, le=10)]


def _literal_word(value: object) -> object:
    """Only small letters, digits and single spaces, with a hyphen where the word is open."""
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise ValueError(
            f"'{value}' is no literal word: small letters, digits and single spaces, "
            "and a hyphen at an end that is open"
        )
    if len(value.strip("-")) < SHORTEST_WORD:
        raise ValueError(f"'{value}' is too short to tell anything")
    return value


Word = Annotated[str, BeforeValidator(_literal_word)]


def pattern_of(word: str) -> str:
    """The word as it stands in a text with one space between words and at both ends.

    Examples
    --------
    >>> pattern_of("legemid-"), pattern_of("-medisin"), pattern_of("apotek"), pattern_of("-ph-")
    (' legemid', 'medisin ', ' apotek ', 'ph')
    """
    start = "" if word.startswith("-") else " "
    return start + word.strip("-") + ("" if word.endswith("-") else " ")


def coarse_parts(word: str) -> tuple[str, str]:
    """The two longest parts without a space: both stand in every text in which the word stands.

    The second is empty if there is none of as many letters as tell anything.

    Examples
    --------
    >>> coarse_parts("medisinsk programvare"), coarse_parts("in vitro"), coarse_parts("legemid-")
    (('programvare', 'medisinsk'), ('vitro', ''), ('legemid', ''))
    """
    longest, *rest = sorted(word.strip("-").split(), key=len, reverse=True)
    return longest, rest[0] if rest and len(rest[0]) > SHORTEST_WORD else ""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Product(_Frozen):
    """What a product is: its branch, and the criteria that it bears on."""

    branch: Branch
    is_in_vitro: bool = False
    criteria: tuple[CriterionId, ...] = Field(min_length=1)


class _Rule(_Frozen):
    """Either for a product, or of a kind that counts for or against whatever the product is."""

    product: str | None = None
    kind: RuleKind | None = None

    @property
    def group(self) -> str:
        """Rules of one group do not add up: the strongest counts."""
        return self.kind or "product"


class WordRule(_Rule):
    """A group of words with one weight in texts and one in the name.

    ``unless: making`` means that the rule does not count in texts where making is named too: a
    producer that also sells is no shop. In the name it always counts. ``beside`` names a rule of
    kind ``context`` that must hit the unit too; such a rule has no weight and is no evidence.
    """

    words: tuple[Word, ...] = Field(min_length=1)
    weight: Weight
    in_name: Weight
    unless: Literal["making"] | None = None
    beside: str | None = None
    reason: Text


class CodeRule(_Rule):
    """An industry code or the beginning of one, in one standard."""

    weight: Weight
    title: str = Field(min_length=1)
    source: str
    confidence: Literal["read", "unverified"]


class FormRule(_Rule):
    """Forms of organisation."""

    codes: tuple[str, ...] = Field(min_length=1)
    weight: Weight
    reason: Text
    source: str
    confidence: Literal["read", "unverified"]


class Definition(_Frozen):
    """The definition as the source states it, in our words."""

    source: str
    place: str
    needed: Annotated[int, Field(strict=True, ge=1, le=3)]
    criteria: dict[CriterionId, Text]
    consequences: dict[str, Text]
    share: Text
    branches_place: str


class Scoring(_Frozen):
    """From which score a company is in, and up to which it is out."""

    in_at: Weight
    out_at: Weight
    note: Text


class Rules(_Frozen):
    """All rules of ``library/industry/classification.yaml``."""

    definition: Definition
    products: dict[str, Product]
    scoring: Scoring
    codes: dict[Standard, dict[Annotated[str, Field(pattern=r"^\d{2}(\.\d{1,3})?$")], CodeRule]]
    forms: dict[str, FormRule]
    words: dict[str, WordRule]

    def branch_of(self, rule: _Rule) -> Branch | None:
        """The branch of the rule's product."""
        return self.products[rule.product].branch if rule.product else None

    def reason(self, rule_id: str, lang: Literal["nb", "en"]) -> str:
        """What a rule means, in words; a code is known by ``standard:code``."""
        if rule_id in self.words:
            return self.words[rule_id].reason.in_(lang)
        if rule_id in self.forms:
            return self.forms[rule_id].reason.in_(lang)
        standard, _, code = rule_id.partition(":")
        rule = self.codes["SN2007" if standard == "SN2007" else "SN2025"][code]
        mark = {"nb": " (ubekreftet kode)", "en": " (unverified code)"}[lang]
        return f"{standard} {code} {rule.title}" + (mark if rule.confidence != "read" else "")


def _sections(rules: Rules) -> Iterable[tuple[tuple[str, ...], _Rule]]:
    for key, word in rules.words.items():
        yield ("words", key), word
    for key, form in rules.forms.items():
        yield ("forms", key), form
    for standard, codes in rules.codes.items():
        for key, code in codes.items():
            yield ("codes", standard, key), code


def load_rules(library: Library, path: Path | None = None) -> Rules:
    """Read and check the rules.

    Raises
    ------
    InputError
        lists every fault: unknown keys, products, branches and sources, a weight out of range, a
        word that is not literal, a word that stands in two rules of one group, thresholds that
        cross.
    """
    file = path or library.root / "industry" / "classification.yaml"
    name = f"{file.parent.name}/{file.name}"
    data: dict[str, Any] = read_yaml(file, name)
    data.pop("sources", None)
    try:
        rules = Rules.model_validate(data)
    except ValidationError as problem:
        raise InputError(validation_faults(file, name, (), problem)) from None
    faults = FaultCollector()

    def at(keys: tuple[str, ...]) -> str:
        return f"{name}:{line_of(file, keys)}: {'.'.join(keys)}"

    if rules.scoring.out_at >= rules.scoring.in_at:
        faults.add(at(("scoring", "out_at")), "must be below in_at",
                   why="a score would be in and out at once")  # fmt: skip
    for keys, rule in _sections(rules):
        _check_rule(at(keys), rule, rules.products, library.sources, faults)
    _check_twice(rules, at, faults)
    if rules.definition.source not in library.sources:
        faults.add(at(("definition", "source")), f"'{rules.definition.source}' is no source")
    faults.raise_if_any()
    return rules


def _check_rule(
    where: str,
    rule: _Rule,
    products: Mapping[str, Product],
    sources: Mapping[str, Any],
    faults: FaultCollector,
) -> None:
    if (rule.product is None) == (rule.kind is None):
        faults.add(where, "must have either a product or a kind")
    if rule.product is not None and rule.product not in products:
        faults.add(where, f"'{rule.product}' is not among the products",
                   next_step=suggest(rule.product, products))  # fmt: skip
    weights = [getattr(rule, "weight", 0), getattr(rule, "in_name", getattr(rule, "weight", 0))]
    is_for = rule.product is not None or rule.kind == "making"
    is_context = rule.kind == "context"
    if any(w != 0 if is_context else w == 0 or (w > 0) != is_for for w in weights):
        faults.add(where, f"has the weights {weights}",
                   why="a product or making counts for, a context has 0, every other kind counts "
                   "against")  # fmt: skip
    source = getattr(rule, "source", None)
    if source is not None and source not in sources:
        faults.add(where, f"'{source}' is not a source that the library holds",
                   next_step=suggest(source, sources))  # fmt: skip


def _check_twice(rules: Rules, at: Any, faults: FaultCollector) -> None:
    first: dict[tuple[str, str], str] = {}
    for key, rule in rules.words.items():
        if rule.beside and getattr(rules.words.get(rule.beside), "kind", None) != "context":
            faults.add(at(("words", key, "beside")), f"'{rule.beside}' is no rule of kind context",
                       next_step=suggest(rule.beside, rules.words))  # fmt: skip
        for word in rule.words:
            place = (rule.group, word)
            if place in first:
                other = first[place]
                faults.add(at(("words", key)), f"'{word}' stands twice (first in '{other}')",
                           next_step="Remove one")  # fmt: skip
            first.setdefault(place, key)
