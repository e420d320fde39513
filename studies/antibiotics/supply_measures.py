"""What each alternative adds to the chain: stock, contract, several winners, a plant at home."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virkestoff.errors import Fault, InputError
from virkestoff.evidence import Parameters
from virkestoff.studies import Case
from virkestoff.supply import BulkStock, Node, Outage, Source, StockLayer, need

from .chain import OURS, PENICILLIN, Chain, form_shares, mean_months

__all__ = ["Supplier", "adapt", "cut_off"]

Array = np.ndarray
MONTHS = 12.0  # constant: months in a year
NEVER = 1e6  # constant: a month far beyond every study, for a plant without a saleable pack
CRISIS_START = 6.0  # constant: month of the scenario in which imports fail
ABROAD = (
    "precursor", "packaging", "six_apa", "substance_main", "substance_other",
    "finishing_main", "finishing_other", "amoxicillin_makers",
)  # fmt: skip


@dataclass(frozen=True)
class Supplier:
    """A plant in Norway as the chain sees it.

    Attributes
    ----------
    start_month : first month with saleable packs, ``NEVER`` where there is none, shape (n_draws, 1)
    share : of Norwegian orders in ordinary years, shape (n_draws, 1)
    makes_substance : whether the substance is made at home
    market : whose need it is built for
    scale : size of that market against today's
    is_standby : kept ready with little production, and at full rate only after a while
    own_from : year, counted from the first, from which a plant that began with bought substance
        makes its own, (n_draws, 1); the number of years where it never does; ``None``: no such step
    later_substance : whether its own substance was added to a plant for finished forms
    full_rate_cost : what a standby suite costs more a year at full rate, NOK/year, (n_draws,)
    """

    start_month: Array
    share: Array
    makes_substance: bool
    market: str
    scale: float
    is_standby: bool = False
    own_from: Array | None = None
    later_substance: bool = False
    full_rate_cost: Array | None = None


def adapt(
    case: Case, p: Parameters, chain: Chain, supplier: Supplier | None, is_running: bool
) -> None:
    """Add what the alternative changes.

    Parameters
    ----------
    is_running : everything is built and full from the first month, as in the crisis scenario
    """
    stock(case.number("buffer"), "extra", case, p, chain, is_running)
    bulk_stock(case, p, chain, is_running)
    if two_winners(case):
        # Security criteria: winners share the market and have substance from sites of their own.
        chain.spread_over_two()
        held = p("evidence.procurement.se_buffer_stock", "month")
        stock(held, "winners", case, p, chain, is_running)
    offtake = case.number("offtake")
    if case.choice("contract") == "yes":
        contract(offtake, case, p, chain)
    if supplier is not None:
        plant(supplier, case, p, chain, is_running)


def two_winners(case: Case) -> bool:
    """Whether a tender has its two winners; the chain has two brands and can spread over no more.

    Raises
    ------
    InputError
        for another number of winners than none and two.
    """
    winners = case.number("winners")
    if winners not in (0.0, 2.0):
        raise InputError(
            Fault(
                f"alternative '{case.alternative}': levers.winners",
                f"is {winners:g}, and the chain of supply knows none or two",
                why="two brands sell in Norway; the sites of more are not known",
                next_step="Set it to 0 or 2",
            )
        )
    return winners > 0


def stock(
    months: Array | float, name: str, case: Case, p: Parameters, chain: Chain, is_running: bool
) -> None:
    """A stock of finished packs beside the duty, filled slowly."""
    if not np.any(months):
        return
    build_up = 0.0 if is_running else p("supply.stock.build_up_time", "month")
    months = months * p("supply.rule.stock_present_share", "1")
    chain.layers.append(
        StockLayer(
            name, "norway", months, build_up_months=build_up,
            refill_months=p("supply.stock.build_up_time", "month"),
            presentations=OURS, is_extra=True,
        )
    )  # fmt: skip


def bulk_stock(case: Case, p: Parameters, chain: Chain, is_running: bool) -> None:
    """Substance in stock, and a contract to make packs of it."""
    if not case.number("bulk"):
        return
    months = case.number("bulk") * p("supply.rule.stock_present_share", "1")
    chain.nodes.append(
        chain.site("contract_finisher", "finishing", chain.stocked("input", packaging=1.0))
    )
    chain.bulk.append(
        BulkStock(
            "substance", "norway", OURS, months, "substance_main", "contract_finisher",
            p("supply.contract.finishing_lead_time", "month"),
            p("supply.contract.finishing_rate", "1"),
            trigger=case.nominal("supply.rule.shortage_threshold"),
            build_up_months=0.0 if is_running else p("supply.stock.build_up_time", "month"),
            refill_months=p("supply.stock.build_up_time", "month"),
        )
    )  # fmt: skip


def contract(offtake: float, case: Case, p: Parameters, chain: Chain) -> None:
    """A European maker of substance and packs with capacity for the whole Norwegian need."""
    chain.nodes += [
        chain.site("contract_substance", "substance", chain.stocked("input", precursor=1.0)),
        chain.site(
            "contract_maker", "finishing",
            chain.stocked("substance", contract_substance=1.0),
            chain.stocked("input", packaging=1.0),
        ),
    ]  # fmt: skip
    chain.sources.append(
        Source(
            "contract", "contract_maker", "others", capacity(case, p, "norway", 1.0),
            presentations=OURS, serves=("norway",), claims={"norway": 1.0}, is_entrant=True,
        )
    )  # fmt: skip
    chain.entrants["contract"] = offtake


def plant(supplier: Supplier, case: Case, p: Parameters, chain: Chain, is_running: bool) -> None:
    """A plant at home: its own failures, its inputs from abroad with the stock that it holds."""
    inputs = [chain.stocked("input", packaging=1.0)]
    if supplier.makes_substance:
        inputs.append(chain.stocked("input", precursor=1.0))
    else:
        inputs.append(chain.stocked("substance", substance_main=0.5, substance_other=0.5))
    early = p("supply.site.new_domestic.early_years", "year") / case.years.size
    often = early * p("supply.site.new_domestic.failures_per_year", "1/year")
    often = often + (1.0 - early) * p("supply.site.substance.failures_per_year", "1/year")
    # One site that stops delivers nothing, and it fails as much oftener as all others do.
    chain.nodes.append(
        Node(
            "plant_at_home", often * chain.often, mean_months(p, "new_domestic"),
            p("supply.site.duration_log_spread", "1"), 1.0, tuple(inputs),
        )
    )  # fmt: skip
    whole = capacity(case, p, supplier.market, supplier.scale)
    at_once = np.ones((1, 1))
    if supplier.is_standby:
        at_once = np.maximum(supplier.share, p("supply.surge.share", "1"))
    chain.sources.append(
        Source(
            "plant",
            "plant_at_home",
            "norway",
            {form: amount * at_once for form, amount in whole.items()},
            surge=(1.0 - at_once) / at_once,
            surge_after_months=p("supply.surge.lead_time", "month"),
            start_month=np.where(supplier.start_month < NEVER, 0.0, NEVER)
            if is_running
            else supplier.start_month,
            presentations=OURS,
            claims={"norway": 1.0},
            is_entrant=True,
        )
    )
    chain.entrants["plant"] = supplier.share


def capacity(case: Case, p: Parameters, market: str, scale: float) -> dict[str, Array]:
    """DDD a month of each form: the largest year's need of the market that it is built for."""
    whole = need(market, [PENICILLIN], case.years, p).ddd[PENICILLIN]
    monthly = whole.max(axis=1, keepdims=True) / MONTHS * scale
    return {form: monthly * share for form, share in form_shares(p).items()}


def cut_off(case: Case, p: Parameters, chain: Chain) -> None:
    """The scenario: imports fall to a small share for some months.

    Contracts in Europe hold unless their governments ban exports.
    """
    months = p("supply.crisis.months", "month")
    lost = 1.0 - p("supply.crisis.supply_left_share", "1")
    banned = case.uniforms("crisis.ban_in_europe", 1) < p("supply.crisis.export_ban_europe", "1")
    known = {node.name for node in chain.nodes}
    for node in ABROAD:
        chain.outages.append(Outage(node, CRISIS_START, months, lost))
    for node in ("contract_substance", "contract_maker", "contract_finisher"):
        if node in known:
            chain.outages.append(Outage(node, CRISIS_START, months, lost * banned))
