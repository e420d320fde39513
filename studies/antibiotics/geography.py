"""Supply country by country, and what bans on export change in a crisis.

The chain of the other runs has Norway and the rest of the EEA. Here it has each Nordic country and
the rest, with vials beside the other forms. It runs on fewer draws and fewer years: everything is
in operation from the first month, only stocks are filled as they would be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.production import remember
from virkestoff.studies import Case
from virkestoff.supply import (
    Crisis,
    Demand,
    ExportBan,
    Markets,
    Outage,
    Rules,
    SupplyResult,
    load_markets,
    need,
    season_shares,
    simulate,
)

from .calibrated import how_often
from .chain import AMOXICILLIN, OURS, PENICILLIN, WINTERS, Chain, demand_of, last_resort
from .preparedness import joined_results
from .supply_measures import ABROAD, CRISIS_START, NEVER, Supplier, adapt
from .vials import PENICILLIN_G, VIAL, VIAL_SITES, add_vials

__all__ = ["BAN_OUTCOMES", "COUNTRY_OUTCOMES", "PLACES", "by_country"]

Array = np.ndarray
NORDIC = ("norway", "sweden", "denmark", "finland", "iceland")
PLACES = (*NORDIC, "rest")
NEIGHBOURS = NORDIC[1:]
DAYS = 365.25 / 12  # constant: days in a month
OPERATION = 20  # constant: years after the decision from which demand is taken
FILLING, FULL = 3, 10  # constant: years in which stocks are filled, and years that are counted
CRISIS_YEARS = 3  # constant: long enough for the longest crisis and for stocks to fill again
BY_CRISIS_ONLY = 1.0  # constant: more than all is never missing, so shortage alone bans nothing
COUNTRY_OUTCOMES = (
    *(f"days_{place}" for place in PLACES),
    *(f"missing_{place}" for place in PLACES),
    "taken_filling",
)
BAN_OUTCOMES = ("ban_norway_none", "ban_norway", "ban_norway_more", "ban_nordic_none", "ban_nordic",
                "ban_nordic_more")  # fmt: skip


def by_country(case: Case, ledger: Ledger, supplier: Supplier | None) -> None:
    """Measure shortage by country and bans, where the lever asks for it."""
    if case.choice("geography") == "ring":
        for outcome in (*COUNTRY_OUTCOMES, *BAN_OUTCOMES):
            ledger.measure(outcome, np.full(case.n_draws, np.nan))
        return
    world = World(case, remember(case.parameters), _at_work(supplier))
    years, none, ban = _simulated(world, supplier)
    _record_countries(world, ledger, years)
    _record_bans(world, ledger, none, ban)
    _record_vials(ledger, years, none, ban)


def _simulated(world: World, supplier: Supplier | None) -> tuple[SupplyResult, ...]:
    """Ordinary years, and a crisis without and with bans.

    Where a plant adds the substance later, the draws in which it does are those of a plant that
    makes it, and the others those of bought substance.
    """
    if supplier is None or supplier.own_from is None:
        return world.ordinary(), world.crisis(has_bans=False), world.crisis(has_bans=True)
    bought = replace(supplier, own_from=None)
    made = replace(bought, makes_substance=True, later_substance=True)
    first, second = (
        _simulated(replace(world, supplier=_at_work(one)), one) for one in (bought, made)
    )
    ever = supplier.own_from < world.case.years.size
    return tuple(
        joined_results(np.broadcast_to(ever, one.missing.shape[:2]), one, other)
        for one, other in zip(first, second, strict=True)
    )


def _at_work(supplier: Supplier | None) -> Supplier | None:
    """The plant in full operation from the first month; one that never opens is none."""
    if supplier is None or not (supplier.start_month < NEVER).any():
        return None
    start = np.where(supplier.start_month < NEVER, 0.0, NEVER)
    return replace(supplier, start_month=start)


@dataclass(frozen=True)
class World:
    """One alternative in the countries of the model."""

    case: Case
    p: Parameters
    supplier: Supplier | None

    @property
    def accepted(self) -> Array:
        """Share of what is missing that other antibiotics replace, shape (n_draws, 1)."""
        return last_resort(self.p)

    def chain(self, often: Array, is_running: bool, has_vials: bool = True) -> Chain:
        """Today's chain with what the alternative adds."""
        p, case = self.p, self.case
        duty = p(case.current("supply.stock_duty.wholesale_*.stock"), "month")
        chain = Chain(
            p, often, p("supply.source.penv_common_site_share", "1"),
            p("supply.source.penv_largest_share", "1"), duty, PLACES,
        )  # fmt: skip
        if has_vials:
            add_vials(chain)
        adapt(case, p, chain, self.supplier, is_running=is_running)
        if self.supplier is not None:
            self._sell_abroad(self.supplier, chain)
        return chain

    def _sell_abroad(self, supplier: Supplier, chain: Chain) -> None:
        """Orders from the countries that the plant is built for, at the share that it wins."""
        if supplier.market in ("nordic", "eea"):
            share = self.p("supply.market.share_won.nordic", "1")
            chain.entrants_abroad |= {place: {"plant": share} for place in NEIGHBOURS}
        if supplier.market == "eea":
            chain.entrants_abroad["rest"] = {"plant": self.p("supply.market.share_won.eea", "1")}

    def demand(self, n_years: int, has_shocks: bool, has_vials: bool = True) -> Demand:
        """Demand of every country by form, from the years of full operation."""
        years = [int(year) for year in self.case.years.array][OPERATION:][:n_years]
        months = round(self.case.nominal("supply.demand_shock.months"))
        key = ("demand by country", n_years, has_vials)
        level = self.case.once(key, lambda: need_by_place(self.p, years, has_vials))
        demand = demand_of(
            self.p, level[PENICILLIN], level[AMOXICILLIN], season_shares(self.p), months
        )
        yearly = {
            place: {**forms, **({VIAL: level[PENICILLIN_G][place]} if has_vials else {})}
            for place, forms in demand.yearly.items()
        }
        return Demand(yearly, demand.season, demand.shocks if has_shocks else ())

    def noise(self, prefix: str, purpose: str, *shape: int) -> Array:
        """The study's noise; both kinds of winter shock come in the same winters."""
        return self.case.uniforms(prefix + purpose.replace(WINTERS[1], WINTERS[0]), *shape)

    def rules(self) -> Rules:
        """As in the other runs; all countries are reported."""
        return Rules(
            self.case.nominal("supply.rule.shortage_threshold"),
            self.p("supply.allocation.movable_share", "1"),
            builder="norway",
        )

    def ordinary(self) -> SupplyResult:
        """Years in which stocks are filled, then years that count."""
        chain = self.chain(how_often(self.case), is_running=False)
        demand = self.demand(FILLING + FULL, has_shocks=True)
        noise = partial(self.noise, "")
        return simulate(chain.network(), demand, noise, self.case.n_draws, self.rules())

    def crisis(self, has_bans: bool) -> SupplyResult:
        """The scenario in which imports fail, with or without bans on what still is made."""
        n = self.case.n_draws
        chain = self.chain(np.zeros((n, 1)), is_running=True)
        months = self.p("supply.crisis.months", "month")
        lost = 1.0 - self.p("supply.crisis.supply_left_share", "1")
        for site in (*ABROAD, *VIAL_SITES):
            chain.outages.append(Outage(site, CRISIS_START, months, lost))
        if has_bans:
            self.ban(chain, months)
        demand, noise = self.demand(CRISIS_YEARS, has_shocks=False), partial(self.noise, "crisis.")
        rules = replace(self.rules(), builder=None)
        return simulate(chain.network(), demand, noise, n, rules)

    def ban(self, chain: Chain, months: Array) -> None:
        """Governments keep packs made at home, and Asia keeps substance and inputs.

        A ban on packs is one of the network: each country decides for itself, and contracts with
        priority give way. All who use substance or inputs from Asia lie outside Asia, so a ban
        there is the loss of the site. A finisher abroad of Norwegian substance may not deliver
        while its country bans exports.
        """
        europe = self.p("supply.crisis.export_ban_europe", "1")
        homes = sorted({source.country for source in chain.sources})
        chain.bans += [
            ExportBan(home, europe, BY_CRISIS_ONLY, allows_claims=False) for home in homes
        ]
        chain.crises.append(Crisis(tuple(homes), CRISIS_START, months))
        drawn = self.noise("crisis.", f"supply.export_ban.{chain.foreign}", CRISIS_YEARS)
        closed = {"contract_finisher": drawn[:, :1] < europe}  # the year in which the crisis begins
        asia = self.case.uniforms("crisis.ban_in_asia", 1)
        asia = asia < self.p("supply.crisis.export_ban_asia", "1")
        for sites in IN_ASIA:
            closed |= dict.fromkeys(sites, asia)
        chance = self.p("supply.source.outside_europe_chance", "1")
        for what, sites in UNKNOWN_PLACE.items():
            lies_there = self.case.uniforms(f"crisis.place.{what}", 1) < chance
            closed |= dict.fromkeys(sites, asia & lies_there)
        known = {node.name for node in chain.nodes} | set(ABROAD)
        chain.outages += [
            Outage(site, CRISIS_START, months, is_closed * 1.0)
            for site, is_closed in closed.items()
            if site in known
        ]


IN_ASIA = (("six_apa",), ("precursor_g",))  # from China: read, and unverified
UNKNOWN_PLACE = {  # no source that was read says where they lie
    "substance": ("substance_main", "substance_other", "substance_g_main", "substance_g_other"),
    "precursor": ("precursor",),
}


def need_by_place(p: Parameters, years: list[int], has_vials: bool) -> dict[str, dict[str, Array]]:
    """Substance -> place -> DDD a year, shape (n_draws, n_years); the rest is all others together.

    Countries that report no hospital use have none here; their supply of vials is not shown.
    """
    known = load_markets()
    others = tuple(c for c in known.markets["eea"] if c not in NORDIC)
    places = {place: (others if place == "rest" else (place,)) for place in PLACES}
    geography = Markets(
        base_year=known.base_year, markets=places, nordic=known.nordic,
        not_reported=known.not_reported,
    )  # fmt: skip
    products = [PENICILLIN, AMOXICILLIN, *([PENICILLIN_G] if has_vials else [])]
    found = {place: need(place, products, years, p, markets=geography).ddd for place in PLACES}
    return {
        product: {
            place: np.broadcast_to(found[place][product], (p.n_draws, len(years)))
            for place in PLACES
        }
        for product in products
    }


def _per_year(amount: Array) -> Array:
    """The mean of the years that count, shape (n_draws,)."""
    return amount[:, FILLING:].mean(axis=1)


def _record_countries(world: World, ledger: Ledger, found: SupplyResult) -> None:
    months = found.shortage_months_before[:, :, : len(OURS)]
    left = found.missing[:, :, : len(OURS)] * (1.0 - world.accepted)[:, :, None, None]
    for c, place in enumerate(PLACES):
        ledger.measure(f"days_{place}", _per_year(months[:, :, :, c].sum(axis=2)) * DAYS)
        ledger.measure(f"missing_{place}", _per_year(left[:, :, :, c].sum(axis=2)))
    taken = found.taken[:, :FILLING, : len(OURS), 1:]
    ledger.measure("taken_filling", taken.sum(axis=(1, 2, 3)))


def _record_bans(world: World, ledger: Ledger, none: SupplyResult, ban: SupplyResult) -> None:
    """DDD that nobody replaces in one crisis, when other antibiotics are short too."""
    left = world.p("supply.crisis.supply_left_share", "1")
    kept = 1.0 - world.accepted[:, 0] * left[:, 0]

    def lacking(result: SupplyResult, places: tuple[str, ...]) -> Array:
        at = [PLACES.index(place) for place in places]
        amount: Array = result.missing[:, :, : len(OURS)][:, :, :, at].sum(axis=(1, 2, 3)) * kept
        return amount

    for name, places in (("norway", ("norway",)), ("nordic", NEIGHBOURS)):
        without, with_bans = lacking(none, places), lacking(ban, places)
        ledger.measure(f"ban_{name}_none", without)
        ledger.measure(f"ban_{name}", with_bans)
        ledger.measure(f"ban_{name}_more", with_bans - without)


def _record_vials(
    ledger: Ledger, years: SupplyResult, none: SupplyResult, ban: SupplyResult
) -> None:
    """Vials by country that reports hospital use, each (n_draws,)."""
    v = years.demand.shape[2] - 1
    shown = [c for c, place in enumerate(PLACES) if years.demand[:, :, v, c].any()]
    groups = {
        "vials_need": lambda c: _per_year(years.demand[:, :, v, c]),
        "vials_days": lambda c: _per_year(years.shortage_months_before[:, :, v, c]) * DAYS,
        "vials_missing": lambda c: _per_year(years.missing[:, :, v, c]),
        "vials_crisis": lambda c: none.missing[:, :, v, c].sum(axis=1),
        "vials_crisis_ban": lambda c: ban.missing[:, :, v, c].sum(axis=1),
    }
    for group, of in groups.items():
        ledger.part(group, {PLACES[c]: of(c) for c in shown})
