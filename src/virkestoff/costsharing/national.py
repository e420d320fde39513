"""Who inside a country pays: five rules side by side, since the sources give no formula.

| rule | payment of payer i |
|---|---|
| beneficiary pays | ``C b_i / sum_j b_j`` |
| equal return | ``K b_i - o_i``, ``K = (C + sum_j o_j) / sum_j b_j`` |
| cost-reflective | ``sum_p C_p u_pi / sum_j u_pj`` |
| Shapley value | of the game ``c(S) = sum_p C_p (u_p(S) / u_p(N))^a_p`` |
| equal | ``C / n`` among those that have a benefit or a use, shown for comparison |

``C`` is the cost to be shared and ``C_p`` its parts (fermentation, tablets, sterile vials, stock),
``b_i`` the benefit of a payer, ``o_i`` what it pays in any case (equity, a dearer purchase),
``u_pi`` how much of part p it uses and ``a_p`` how the cost of a part grows with its use: one, in
proportion; zero, the part is needed whole by its first user. NOK, present value, real prices.

With equal return everybody has the same benefit for what it pays, ``b_i / (x_i + o_i) = 1 / K``.
Without payments in any case (``o = 0``) this is the rule that the beneficiary pays; the two differ
by what is already paid. Whoever already pays more than its part receives (a payment below zero).
The cost-reflective rule is the Shapley value with every ``a_p = 1``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.draws import Draws, countries_draws, one_draws, same_draws
from virkestoff.costsharing.game import Array, CostGame, check_players, membership
from virkestoff.costsharing.shapley import shapley
from virkestoff.errors import FaultCollector, suggest
from virkestoff.language import Text

__all__ = [
    "NATIONAL_RULES",
    "PAYERS",
    "CostPart",
    "NationalSplit",
    "national_split",
    "use_by_payer",
]

PAYERS: Mapping[str, Text] = MappingProxyType(
    {
        "state": Text(nb="Staten (bevilgning)", en="The state (appropriation)"),
        "health_authorities": Text(
            nb="Regionale helseforetak (sykehusene)", en="Regional health authorities (hospitals)"
        ),
        "municipalities": Text(nb="Kommunene", en="Municipalities"),
        "national_insurance": Text(nb="Folketrygden", en="National Insurance Scheme"),
        "patients": Text(nb="Pasientene", en="Patients"),
        "industry": Text(nb="Industrien", en="Industry"),
        "investors": Text(nb="Investorene", en="Investors"),
    }
)
NATIONAL_RULES: Mapping[str, Text] = MappingProxyType(
    {
        "beneficiary_pays": Text(nb="Den som har nytte, betaler", en="Beneficiary pays"),
        "equal_return": Text(nb="Lik avkastning", en="Equal return"),
        "cost_reflective": Text(nb="Den som utløser kostnaden, betaler", en="Cost-reflective"),
        "shapley": Text(nb="Shapley-verdi", en="Shapley value"),
        "equal": Text(nb="Likt", en="Equal"),
    }
)
_SUM = 1e-9
"""Shares that add up to one within rounding."""


@dataclass(frozen=True, eq=False)
class CostPart:
    """A part of the cost, and who uses how much of it.

    Attributes
    ----------
    name : such as ``substance``, ``tablets``, ``vials``
    cost : NOK, a number or shape (n_draws,), not negative
    use : payer -> volume, a number or shape (n_draws,), not negative; left out is no use
    scale : exponent ``a`` from zero to one, a number or shape (n_draws,)
    """

    name: str
    cost: npt.ArrayLike
    use: Mapping[str, npt.ArrayLike]
    scale: npt.ArrayLike = 1.0


@dataclass(frozen=True, eq=False)
class NationalSplit:
    """The rules side by side.

    Attributes
    ----------
    payers : in the order given
    total : NOK, shape (n_draws,)
    payment : rule -> payer -> NOK, shape (n_draws,); NaN in draws where a rule is not defined
    game : the game of the Shapley rule
    """

    payers: tuple[str, ...]
    total: Array
    payment: Mapping[str, Mapping[str, Array]]
    game: CostGame

    def mean(self, rule: str) -> dict[str, float]:
        """Expected payment of each payer, NOK; NaN if the rule is not defined in every draw."""
        return {payer: float(amount.mean()) for payer, amount in self.payment[rule].items()}

    def share(self, rule: str) -> dict[str, float]:
        """Expected payment over expected cost."""
        total = float(self.total.mean())
        return {
            payer: amount / total if total else float("nan")
            for payer, amount in self.mean(rule).items()
        }

    def spread(self) -> dict[str, tuple[float, float]]:
        """Least and largest expected payment of each payer over the rules, NOK.

        Rules that are not defined, and the equal split, which is for comparison, are left out; NaN
        if no rule is left.
        """
        means = [self.mean(rule) for rule in self.payment if rule != "equal"]
        found = {}
        for payer in self.payers:
            amounts = [mean[payer] for mean in means if np.isfinite(mean[payer])]
            nan = float("nan")
            found[payer] = (min(amounts), max(amounts)) if amounts else (nan, nan)
        return found


def use_by_payer(
    volume: Mapping[str, npt.ArrayLike],
    pays: Mapping[str, Mapping[str, npt.ArrayLike]],
) -> dict[str, Array]:
    """Name the buyer: how much of what is used in each setting each payer pays for.

    ``u_i = sum over settings s of volume_s share_si``

    Parameters
    ----------
    volume : setting (prescriptions, nursing homes, hospitals) -> volume, a number or shape
        (n_draws,)
    pays : setting -> payer -> share of the volume, adding up to one

    Raises
    ------
    InputError
        with all faults at once: a setting without a payer, shares outside zero to one or that do
        not add up to one, draws that differ in number.

    Examples
    --------
    Synthetic:

    >>> use = use_by_payer(
    ...     {"prescriptions": 80.0, "hospitals": 20.0},
    ...     {
    ...         "prescriptions": {"patients": 0.9, "national_insurance": 0.1},
    ...         "hospitals": {"health_authorities": 1.0},
    ...     },
    ... )
    >>> {payer: round(float(v[0]), 6) for payer, v in use.items()}
    {'patients': 72.0, 'national_insurance': 8.0, 'health_authorities': 20.0}
    """
    faults, given = FaultCollector(), Draws()
    for setting in [s for s in pays if s not in volume]:
        faults.add(f"pays: '{setting}'", "is no setting", next_step=suggest(setting, volume))
    parts: list[tuple[str, Array, Array]] = []
    for setting, amount in volume.items():
        used = one_draws(f"volume of {setting}", amount, given, faults)
        shares = pays.get(setting, {})
        if not shares:
            faults.add(f"setting '{setting}'", "has no payer", next_step="Name who pays for it")
            continue
        read = {
            payer: one_draws(f"share of {payer} in {setting}", share, given, faults, at_most=1.0)
            for payer, share in shares.items()
        }
        if len({share.size for share in read.values()} - {1}) <= 1:
            off = np.abs(sum(read.values()) - np.ones(1)).max()
            if off > _SUM:
                faults.add(f"shares of {setting}", f"miss one by {off:g}")
        parts += [(payer, used, share) for payer, share in read.items()]
    same_draws(given, faults)
    faults.raise_if_any()
    use: dict[str, Array] = {}
    for payer, used, share in parts:
        use[payer] = np.asarray(use.get(payer, np.zeros(1)) + used * share)
    return use


def national_split(
    payers: Sequence[str],
    parts: Sequence[CostPart],
    benefit: Mapping[str, npt.ArrayLike],
    own: Mapping[str, npt.ArrayLike] | None = None,
) -> NationalSplit:
    """The cost of some parts, split between payers by every rule.

    Parameters
    ----------
    payers : names; those of ``PAYERS`` have names in both languages
    parts : the cost to be shared is their sum
    benefit : payer -> NOK of benefit, a number or shape (n_draws,); zero where left out. A benefit
        below zero has no meaning for the first two rules, which are then NaN in that draw.
    own : payer -> NOK that it pays in any case; zero where left out

    Raises
    ------
    InputError
        with all faults at once: names, parts, a part that costs and that nobody uses, negative
        amounts, exponents outside zero to one, draws that differ in number.

    Examples
    --------
    Synthetic: hospitals need vials, patients tablets, and both the substance.

    >>> found = national_split(
    ...     ["health_authorities", "patients"],
    ...     [
    ...         CostPart("substance", 100.0, {"health_authorities": 20.0, "patients": 80.0}, 0.0),
    ...         CostPart("vials", 60.0, {"health_authorities": 20.0}),
    ...     ],
    ...     benefit={"health_authorities": 150.0, "patients": 250.0},
    ... )
    >>> for rule in ("beneficiary_pays", "cost_reflective", "shapley"):
    ...     print(rule, [round(v, 6) for v in found.mean(rule).values()])
    beneficiary_pays [60.0, 100.0]
    cost_reflective [80.0, 80.0]
    shapley [110.0, 50.0]
    """
    names = tuple(payers)
    faults, given = FaultCollector(), Draws()
    check_players(payers, faults)
    faults.raise_if_any()
    benefits = countries_draws(
        "benefit", names, benefit, given, faults, is_signed=True, missing=0.0
    )
    paid = countries_draws("own", names, own or {}, given, faults, missing=0.0)
    read = [_read(part, names, given, faults) for part in parts]
    if not parts:
        faults.add("parts", "there is none", next_step="Give the cost that is to be shared")
    for name in sorted({p.name for p in parts if [q.name for q in parts].count(p.name) > 1}):
        faults.add("parts", f"'{name}' stands there twice")
    n_draws = same_draws(given, faults)
    faults.raise_if_any()
    for part, (cost, use, _) in zip(parts, read, strict=True):
        if np.any((cost > 0.0) & (_across(use) <= 0.0)):
            faults.add(f"part '{part.name}'", "costs something and nobody uses it in some draw")
    faults.raise_if_any()
    total = np.zeros(n_draws)
    for cost, _, _ in read:
        total = total + cost
    game = CostGame(names, _costs(read, len(names), n_draws))
    is_user = np.zeros((n_draws, len(names)), dtype=np.bool_)
    for _, use, _ in read:
        is_user |= use > 0.0
    is_party = is_user | (benefits != 0.0)
    tables = {
        "beneficiary_pays": _by_benefit(total, benefits, np.zeros((1, 1))),
        "equal_return": _by_benefit(total, benefits, paid),
        "cost_reflective": _by_use(read, len(names), n_draws),
        "shapley": np.where(is_user, shapley(game), 0.0),  # no rounding for those without use
        "equal": total[:, None] * is_party / np.maximum(is_party.sum(axis=1, keepdims=True), 1),
    }
    payment = {
        rule: MappingProxyType({p: np.ascontiguousarray(t[:, k]) for k, p in enumerate(names)})
        for rule, t in tables.items()
    }
    return NationalSplit(names, total, MappingProxyType(payment), game)


_Part = tuple[Array, Array, Array]
"""Cost, shape (n_draws or 1,); use, shape (n_draws or 1, n_payers); exponent, like cost."""


def _read(part: CostPart, names: tuple[str, ...], given: Draws, faults: FaultCollector) -> _Part:
    where = f"part '{part.name}'"
    return (
        one_draws(f"{where}, cost", part.cost, given, faults),
        countries_draws(f"{where}, use", names, part.use, given, faults, missing=0.0),
        one_draws(f"{where}, scale", part.scale, given, faults, at_most=1.0),
    )


def _across(columns: Array) -> Array:
    """The sum over payers, one after the other: the same bits in any block of draws."""
    total = np.zeros(columns.shape[0])
    for k in range(columns.shape[1]):
        total = total + columns[:, k]
    return total


def _by_benefit(total: Array, benefit: Array, own: Array) -> Array:
    """``K b_i - o_i``; NaN in draws where somebody's benefit is negative or nobody has one."""
    sums = _across(benefit)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = (total + _across(own)) / sums
    has_meaning = (benefit.min(axis=1) >= 0.0) & (sums > 0.0)
    shares = np.where(has_meaning, factor, np.nan)[:, None] * benefit - own
    return np.asarray(shares)


def _by_use(parts: Sequence[_Part], n: int, n_draws: int) -> Array:
    paid = np.zeros((n_draws, n))
    for cost, use, _ in parts:
        sums = _across(use)
        paid = paid + (cost / np.where(sums > 0.0, sums, 1.0))[:, None] * use
    return paid


def _costs(parts: Sequence[_Part], n: int, n_draws: int) -> Array:
    """The game of separable needs, shape (n_draws, 2^n)."""
    inside = membership(n)
    costs = np.zeros((n_draws, inside.shape[0]))
    for cost, use, scale in parts:
        together = np.zeros((use.shape[0], inside.shape[0]))
        for k in range(n):
            together += use[:, [k]] * inside[:, k]
        sums = np.where(together[:, -1] > 0.0, together[:, -1], 1.0)
        part = together / sums[:, None]
        with np.errstate(divide="ignore"):
            grown = np.where(part > 0.0, part ** scale[:, None], 0.0)
        costs = costs + cost[:, None] * grown
    return costs
