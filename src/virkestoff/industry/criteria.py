"""The definition of the health industry, the branch of a product, and the share of a company.

Source 004, section 1.2.2: a company belongs if it meets at least two of three criteria: its main
activity is treatment or diagnostics; what it makes is under public health regulation; what it
makes is meant for people. Hence a maker of regulated medicines for fish belongs (first and
second), and so does a maker of medical devices for people that need no approval (first and third).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.industry.organisations import Branch
from virkestoff.industry.rules import CriterionId, Rules

__all__ = ["CRITERIA", "Answer", "HealthShare", "ProductBranch", "Verdict", "assess",
           "branch_of_product", "counted_amount"]  # fmt: skip

CRITERIA: tuple[CriterionId, ...] = get_args(CriterionId)
Answer = Literal["yes", "no", "unknown"]
Verdict = Literal["in", "out", "undecided"]
ShareOrigin = Literal["survey", "website", "news", "decision", "unknown"]


def assess(answers: Mapping[str, Answer], rules: Rules) -> Verdict:
    """Whether a company with these answers is health industry.

    *in* if at least ``needed`` criteria are met; *out* if so many are not met that the rest cannot
    reach ``needed``; else *undecided*: unknown is neither yes nor no.

    Parameters
    ----------
    answers : criterion -> yes, no or unknown; one that is not there is unknown
    rules : hold how many are needed (2 of 3)

    Raises
    ------
    InputError
        if a criterion or an answer is not known; all faults at once.
    """
    faults = FaultCollector()
    for key, answer in answers.items():
        if key not in CRITERIA:
            faults.add(f"criterion '{key}'", "is not one of the definition",
                       next_step=suggest(key, CRITERIA))  # fmt: skip
        if answer not in get_args(Answer):
            faults.add(f"criterion '{key}'", f"'{answer}' is no answer",
                       next_step="Answer yes, no or unknown")  # fmt: skip
    faults.raise_if_any()
    given = [answers.get(key, "unknown") for key in CRITERIA]
    needed = rules.definition.needed
    if given.count("yes") >= needed:
        return "in"
    return "out" if len(CRITERIA) - given.count("no") < needed else "undecided"


@dataclass(frozen=True)
class ProductBranch:
    """The branch of a product, and whether it is in vitro diagnostics within medical devices."""

    branch: Branch
    is_in_vitro: bool


def branch_of_product(product: str, rules: Rules) -> ProductBranch:
    """The branch, by what the product is and not by its technology (source 004, section 1.2.1).

    In vitro diagnostics and software as a medical device belong to medical devices, in vivo
    diagnostics and active ingredients to pharmaceuticals.

    Raises
    ------
    InputError
        if the product is not among the rules' products.
    """
    if product not in rules.products:
        step = suggest(product, rules.products) or f"Known: {', '.join(rules.products)}"
        raise InputError(Fault(f"product '{product}'", "is not known", next_step=step))
    found = rules.products[product]
    return ProductBranch(found.branch, found.is_in_vitro)


@dataclass(frozen=True)
class HealthShare:
    """How much of a company counts as health industry, and who says so.

    ``value`` is a fraction in [0, 1], or ``None`` with the origin ``unknown``: source 004 took the
    share from the company's answer in the survey, else from websites and news. Unknown is not one.
    """

    value: float | None = None
    origin: ShareOrigin = "unknown"

    def __post_init__(self) -> None:
        """Refuse a share out of range, and a share without origin."""
        faults = FaultCollector()
        if self.origin not in get_args(ShareOrigin):
            faults.add("health share", f"the origin '{self.origin}' is not known",
                       next_step=f"Known: {', '.join(get_args(ShareOrigin))}")  # fmt: skip
        if (self.value is None) != (self.origin == "unknown"):
            faults.add("health share", "has a value if and only if its origin is known")
        if self.value is not None and not 0 <= self.value <= 1:
            faults.add("health share", f"{self.value} lies outside 0 to 1",
                       next_step="Write a fraction: 0.4 for 40 per cent")  # fmt: skip
        faults.raise_if_any()


def counted_amount(amount: float | None, share: HealthShare) -> float | None:
    """The part of a company's amount that counts: amount x share; ``None`` if either is unknown."""
    if amount is None or share.value is None:
        return None
    return amount * share.value
