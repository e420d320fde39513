"""Size of an enterprise for state aid: headcount, money, owners, two years in a row.

Class of a year: ``max(class of headcount, min(class of turnover, class of balance sheet total))``,
of the enterprise with 100 percent of linked enterprises and the share of partner enterprises
(Annex I of the block exemption). Bands and unknowns give every class that is possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal, TypeAlias, get_args

from virkestoff.errors import Fault, InputError, MissingFact, suggest
from virkestoff.evidence import Fact, Library
from virkestoff.instruments.aid import Size
from virkestoff.instruments.aid_index import facts_under
from virkestoff.instruments.aid_quantities import Range, ends, in_euro, total, year_rate
from virkestoff.instruments.sme_group import Accounts, Group, Side, Structure
from virkestoff.language import Text, format_number

__all__ = [
    "CLASSES",
    "Relation",
    "SingleUndertaking",
    "SizeClass",
    "SmeStatus",
    "YearClass",
    "rule",
    "single_undertaking",
    "sme_status",
]

SizeClass: TypeAlias = Literal["micro", "small", "medium", "large"]
CLASSES: tuple[SizeClass, ...] = get_args(SizeClass)
_SIZE: dict[SizeClass, Size] = {
    "micro": "small", "small": "small", "medium": "medium", "large": "large",
}  # fmt: skip
_ANY = frozenset(CLASSES)
_PREFIX = "instruments.sme."


@dataclass(frozen=True)
class Relation:
    """An enterprise whose data count, with the least and largest share that counts."""

    enterprise: str
    kind: Literal["self", "linked", "partner"]
    share: Range


@dataclass(frozen=True)
class YearClass:
    """The figures of a year with linked and partner enterprises, in euro, and what they give.

    ``classes`` is what the figures of the year give; ``status`` is the class held after the rule of
    two years in a row.
    """

    year: int
    employees: Range
    turnover: Range
    balance_total: Range
    nok_per_eur: float | None
    classes: frozenset[SizeClass]
    status: frozenset[SizeClass]


@dataclass(frozen=True)
class SmeStatus:
    """The classes that an enterprise may be in on a date.

    Attributes
    ----------
    sizes : small, medium, large: the sizes that aid articles know (micro counts as small)
    years : oldest first
    public_share : held by public bodies, directly and through those they control
    reasons : why, in words
    facts : ids of the rules used
    unverified : those of them that were not read
    missing : what was not known and would settle it
    """

    on: date
    classes: frozenset[SizeClass]
    sizes: frozenset[Size]
    years: tuple[YearClass, ...]
    relations: tuple[Relation, ...]
    public_share: Range
    reasons: tuple[Text, ...]
    facts: tuple[str, ...]
    unverified: tuple[str, ...]
    missing: tuple[Text, ...]


@dataclass(frozen=True)
class SingleUndertaking:
    """The enterprises that are one undertaking for de minimis aid: surely, and possibly."""

    certain: frozenset[str]
    possible: frozenset[str]


def rule(library: Library, prefix: str, on: date) -> Fact:
    """The one rule with this beginning that holds on a date.

    Raises
    ------
    MissingFact
        ``rule not known``: none holds on the date. An older rule is never used.
    """
    candidates = facts_under(library, prefix)
    holding = [f for f in candidates if f.valid.period.holds_on(on)]
    if len(holding) == 1:
        return holding[0]
    if holding:
        raise InputError(Fault(prefix, f"has {len(holding)} rules on {on}",
                               next_step="End the older one where the newer begins"))  # fmt: skip
    known = "; ".join(f"{f.id}: {f.valid.period}" for f in candidates)
    raise MissingFact(
        Fault(prefix, f"rule not known on {on}", why=f"known rules: {known or 'none'}",
              next_step="Add the rule of that date with its source")
    )  # fmt: skip


class _Rules:
    def __init__(self, library: Library, on: date) -> None:
        self.library, self.on = library, on
        self.used: dict[str, Fact] = {}

    def value(self, name: str) -> float:
        found = rule(self.library, _PREFIX + name, self.on)
        self.used[found.id] = found
        return found.central


def _known(group: Group, enterprise: str) -> None:
    if enterprise not in group.enterprises:
        raise InputError(
            Fault(f"enterprise '{enterprise}'", "is not in the group",
                  next_step=suggest(enterprise, group.enterprises))
        )  # fmt: skip


def single_undertaking(group: Group, enterprise: str) -> SingleUndertaking:
    """Enterprises with one of four links: majority of votes, of the board, contract, agreement.

    Also through other enterprises, but not through natural persons or public bodies.

    Raises
    ------
    InputError
        if the enterprise is not in the group.
    """
    _known(group, enterprise)
    majority = 0.5  # constant: what a majority is
    sides: tuple[Side, Side] = ("least", "most")
    sets = [
        Structure.of(group, side, majority, with_persons=False).component[enterprise]
        for side in sides
    ]
    kept = [
        frozenset(n for n in names if group.enterprises[n].kind != "natural_person")
        for names in sets
    ]
    return SingleUndertaking(kept[0], kept[1] | kept[0])


def sme_status(
    library: Library,
    group: Group,
    enterprise: str,
    on: date,
    *,
    has_ownership_changed: bool = False,
) -> SmeStatus:
    """The classes that the enterprise may be in on a date, with the reasons.

    Accounts of years before that of ``on`` count. The oldest year is taken as the class held then;
    after that a class changes only when its limits were passed, or undercut, two years in a row.

    Parameters
    ----------
    has_ownership_changed : the rule of two years is then left out, and the last year decides

    Raises
    ------
    MissingFact
        ``rule not known``: the definition is not known on the date.
    InputError
        if the enterprise is not in the group.
    """
    _known(group, enterprise)
    rules = _Rules(library, on)
    majority = rules.value("linked_share")
    least = Structure.of(group, "least", majority, with_persons=True)
    most = Structure.of(group, "most", majority, with_persons=True)
    relations = _relations(rules, (least, most), enterprise)
    public = _public_share(group, enterprise, (least, most), majority)
    years = sorted(
        {a.year for a in group.enterprises[enterprise].accounts if a.year < on.year}
    )
    missing: list[Text] = []
    sums = [_year(rules, group, relations, year, missing) for year in years]
    held = _held([y.classes for y in sums], int(rules.value("years_to_change")))
    if has_ownership_changed and sums:
        held[-1] = sums[-1].classes
    kept = tuple(
        YearClass(y.year, y.employees, y.turnover, y.balance_total, y.nok_per_eur, y.classes, h)
        for y, h in zip(sums, held, strict=True)
    )
    classes = kept[-1].status if kept else _ANY
    if not kept:
        missing.append(Text(nb=f"Regnskap for {enterprise} for et år før {on.year}",
                            en=f"Accounts of {enterprise} of a year before {on.year}"))  # fmt: skip
    limit = rules.value("public_share")
    if public.low >= limit:
        classes = frozenset({"large"})
    elif public.high >= limit:
        classes = classes | {"large"}
        missing.append(Text(nb="Andelen til offentlige eiere", en="The share of public owners"))
    reasons = _reasons(kept, public, limit, relations, has_ownership_changed)
    return SmeStatus(
        on, classes, frozenset(_SIZE[c] for c in classes), kept, relations, public, reasons,
        tuple(rules.used), tuple(f.id for f in rules.used.values() if f.confidence != "read"),
        tuple({(t.nb, t.en): t for t in missing}.values()) if len(classes) > 1 else (),
    )  # fmt: skip


def _relations(
    rules: _Rules, sides: tuple[Structure, Structure], of: str
) -> tuple[Relation, ...]:
    """Every enterprise that counts, with its share at either end."""
    partner, exempt = rules.value("partner_share"), rules.value("exempt_share")
    shares: list[dict[str, float]] = []
    for structure in sides:
        found = dict.fromkeys(structure.component[of], 1.0)
        for names, share in structure.partners(of, partner, exempt).items():
            found.update(dict.fromkeys(names, share))
        shares.append(found)
    low, high = shares
    kinds = sides[0].group.enterprises
    relations = []
    for name in sorted(low.keys() | high.keys(), key=lambda n: (n != of, n)):
        if kinds[name].kind in ("natural_person", "public_body"):
            continue
        at = Range(low.get(name, 0.0), max(high.get(name, 0.0), low.get(name, 0.0)))
        kind: Literal["self", "linked", "partner"] = "linked" if at.low == 1 else "partner"
        if at.high == 1 and name in sides[1].component[of]:
            kind = "linked"
        relations.append(Relation(name, "self" if name == of else kind, at))
    return tuple(relations)


def _public_share(
    group: Group, of: str, sides: tuple[Structure, Structure], majority: float
) -> Range:
    """The largest share that public bodies hold in the enterprise or in one that controls it."""
    found = []
    for structure in sides:
        public = frozenset(n for n, e in group.enterprises.items() if e.kind == "public_body")
        grown = True
        while grown:  # what they hold a majority of is controlled by them
            more = frozenset(
                n for n in group.enterprises
                if n not in public and structure.joint(public, n, votes_only=True) > majority
            )  # fmt: skip
            grown = bool(more)
            public |= more
        above = structure.owners_above(of)
        found.append(max(structure.joint(public - {n}, n) for n in above))
    return Range(found[0], max(found))


def _year(
    rules: _Rules,
    group: Group,
    relations: tuple[Relation, ...],
    year: int,
    missing: list[Text],
) -> YearClass:
    rate = year_rate(rules.library, year)
    own = {
        r.enterprise: next(
            (a for a in group.enterprises[r.enterprise].accounts if a.year == year), None
        )
        for r in relations
    }
    included = {n for a in own.values() if a for n in a.includes}
    parts: dict[str, list[Range]] = {"employees": [], "turnover": [], "balance_total": []}
    for r in relations:
        if r.enterprise in included:
            continue
        accounts = own[r.enterprise] or Accounts(year)
        for name, kept in parts.items():
            kept.append(_counted(name, accounts, rate, r, missing))
    employees, turnover, balance = (total(parts[name]) for name in parts)
    classes = _classes(rules, employees, turnover, balance)
    return YearClass(year, employees, turnover, balance, rate, classes, classes)


def _counted(
    name: str, accounts: Accounts, rate: float | None, r: Relation, missing: list[Text]
) -> Range:
    value = getattr(accounts, name)
    if name != "employees":
        if accounts.currency == "NOK" and rate is None:
            missing.append(Text(nb=f"Middelkurs for euro i {accounts.year}",
                                en=f"Mean euro rate of {accounts.year}"))  # fmt: skip
        value = in_euro(value, accounts.currency, rate)
    found = ends(value, f"{r.enterprise} {accounts.year}, {name}")
    if not found.is_exact:
        words = {"employees": ("ansatte", "employees"), "turnover": ("omsetning", "turnover"),
                 "balance_total": ("balansesum", "balance sheet total")}[name]  # fmt: skip
        missing.append(Text(nb=f"{r.enterprise}: {words[0]} i {accounts.year}",
                            en=f"{r.enterprise}: {words[1]} in {accounts.year}"))  # fmt: skip
    if not r.share.is_exact:
        missing.append(Text(nb=f"Eierandel som gjelder {r.enterprise}",
                            en=f"The share that concerns {r.enterprise}"))  # fmt: skip
    return Range(found.low * r.share.low, found.high * r.share.high if r.share.high else 0.0)


def _classes(
    rules: _Rules, employees: Range, turnover: Range, balance: Range
) -> frozenset[SizeClass]:
    """Every class that a point of the ranges gives."""
    names: tuple[SizeClass, ...] = CLASSES[:-1]

    def reached(name: str, found: Range, is_strict: bool) -> set[int]:
        limits = [rules.value(f"{c}_{name}") for c in names]

        def at(exact: float) -> int:
            x = round(exact, 2 if name != "headcount" else 6)  # cents; dust of a division goes
            return sum(x >= limit if is_strict else x > limit for limit in limits)

        return set(range(at(found.low), at(found.high) + 1))

    heads = reached("headcount", employees, True)
    sales = reached("turnover", turnover, False)
    sheets = reached("balance_total", balance, False)
    return frozenset(CLASSES[max(h, min(t, b))] for h, t, b in product(heads, sales, sheets))


def _held(raw: list[frozenset[SizeClass]], in_a_row: int) -> list[frozenset[SizeClass]]:
    """The class held after each year, for every choice within the sets.

    A class is left upwards to the least of the last ``in_a_row`` years if all lie above it, and
    downwards to the largest if all lie below.
    """
    states: set[tuple[int, tuple[int, ...]]] = set()
    result = []
    for place, classes in enumerate(raw):
        ranks = {CLASSES.index(c) for c in classes}
        if not place:
            states = {(rank, (rank,)) for rank in ranks}
        else:
            states = {_next(held, last, rank, in_a_row) for held, last in states for rank in ranks}
        result.append(frozenset(CLASSES[held] for held, _ in states))
    return result


def _next(
    held: int, last: tuple[int, ...], rank: int, in_a_row: int
) -> tuple[int, tuple[int, ...]]:
    window = (*last, rank)[-in_a_row:]
    if len(window) == in_a_row and min(window) > held:
        held = min(window)
    elif len(window) == in_a_row and max(window) < held:
        held = max(window)
    return held, window


def _reasons(
    years: tuple[YearClass, ...],
    public: Range,
    limit: float,
    relations: Iterable[Relation],
    has_ownership_changed: bool,
) -> tuple[Text, ...]:
    words = {"linked": ("tilknyttet", "linked"), "partner": ("partner", "partner")}
    found = []
    for r in relations:
        if r.kind != "self":
            nb, en = words[r.kind]
            share_nb, share_en = _share_words(r.share, "nb"), _share_words(r.share, "en")
            found.append(Text(nb=f"{r.enterprise}: {nb}, teller med {share_nb}",
                              en=f"{r.enterprise}: {en}, counts with {share_en}"))  # fmt: skip
    if public.high > 0:
        bound = Range(limit, limit)
        nb, en = _share_words(public, "nb"), _share_words(public, "en")
        found.append(
            Text(nb=f"Offentlige eiere: {nb} (grense {_share_words(bound, 'nb')})",
                 en=f"Public owners: {en} (limit {_share_words(bound, 'en')})")
        )  # fmt: skip
    if has_ownership_changed:
        found.append(Text(nb="Eierskifte: siste års tall avgjør alene",
                          en="Change of owner: the last year decides alone"))  # fmt: skip
    elif any(y.status != y.classes for y in years):
        found.append(Text(nb="Klassen endres først etter to regnskapsår på rad",
                          en="The class changes only after two accounting years in a row")
        )  # fmt: skip
    return tuple(found)


def _share_words(share: Range, lang: Literal["nb", "en"]) -> str:
    low, high = (format_number(100 * x, lang, 4) for x in (share.low, share.high))
    return f"{low} %" if low == high else f"{low}–{high} %"
