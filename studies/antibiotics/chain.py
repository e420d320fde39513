"""The chain that brings penicillin V to Norwegian patients, as a network for the monthly model.

Two brands sell in Norway. How much of their substance comes from one site is not known and is an
uncertain fact. Substitutes follow the published ranked advice; amoxicillin rests on 6-APA. The
countries are Norway and one or more others, the last of which holds the foreign makers. Vials of
benzylpenicillin for hospitals (``vials``) can stand beside it, with makers of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from virkestoff.evidence import Parameters
from virkestoff.supply import (
    Advice,
    BulkStock,
    Crisis,
    Demand,
    ExportBan,
    Input,
    Network,
    Node,
    Outage,
    Shock,
    Source,
    StockLayer,
    mean_duration,
)

__all__ = [
    "FORMS",
    "OURS",
    "Chain",
    "demand_of",
    "form_shares",
    "from_common_site",
    "last_resort",
    "mean_months",
]

Array = np.ndarray

PENICILLIN = "phenoxymethylpenicillin"
TABLET, MIXTURE, DROPS = (f"{PENICILLIN}_{form}" for form in ("tablet", "mixture", "drops"))
AMOXICILLIN = "amoxicillin"
OURS = (TABLET, MIXTURE, DROPS)
FORMS = (*OURS, AMOXICILLIN)
COUNTRIES = ("norway", "others")
WINTER = 9  # constant: seasons of infection begin in October, month 9 counted from January as 0
WINTERS = ("winter", "winter_children")  # the second adds to the first, in the same winters


def mean_months(p: Parameters, site: str) -> Array:
    """Mean duration of a failure of a kind of site, months, shape (n_draws, 1)."""
    median = p(f"supply.site.{site}.duration_median", "month")
    return mean_duration(median, p("supply.site.duration_log_spread", "1"))


@dataclass
class Chain:
    """The chain as it is today, to which an alternative adds what it changes.

    Parameters
    ----------
    often : multiplier on how often sites abroad fail, from the calibration, shape (n_draws, 1)
    common_share : share of Norwegian supply that rests on one substance site, shape (n_draws, 1)
    largest_share : share of the largest brand, shape (n_draws, 1)
    duty_months : the wholesalers' duty stock, months
    """

    p: Parameters
    often: Array
    common_share: Array
    largest_share: Array
    duty_months: Array
    countries: tuple[str, ...] = COUNTRIES
    nodes: list[Node] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    layers: list[StockLayer] = field(default_factory=list)
    bulk: list[BulkStock] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    entrants: dict[str, Array | float] = field(default_factory=dict)
    entrants_abroad: dict[str, dict[str, Array]] = field(default_factory=dict)
    more_forms: tuple[str, ...] = ()
    more_shares: dict[str, dict[str, Array]] = field(default_factory=dict)
    bans: list[ExportBan] = field(default_factory=list)
    crises: list[Crisis] = field(default_factory=list)
    home_share: Array | None = None
    is_split: bool = False

    def __post_init__(self) -> None:
        """The brands and stocks of today; sites abroad follow when the network is made."""
        self._brands()
        self._stocks()

    @property
    def foreign(self) -> str:
        """Where the foreign makers of packs lie; where they really do was not read."""
        return self.countries[-1]

    def spread_over_two(self) -> None:
        """Two winners share the Norwegian market evenly, each with substance from its own site."""
        self.home_share = np.full((1, 1), 0.5)  # constant: the half of two
        self.is_split = True

    def site(self, name: str, kind: str, *inputs: Input) -> Node:
        """A site abroad that fails as often as the calibration says."""
        p = self.p
        return Node(
            name,
            p(f"supply.site.{kind}.failures_per_year", "1/year") * self.often,
            mean_months(p, kind),
            p("supply.site.duration_log_spread", "1"),
            p("supply.site.lost_share", "1"),
            inputs,
        )

    def stocked(self, what: str, **nodes: Array | float) -> Input:
        """An input with the stock that makers hold of it."""
        return Input(nodes, self.p(f"supply.stock_held.{what}_months", "month"))

    def _abroad(self) -> list[Node]:
        p = self.p
        region = Node(
            "region",
            p("supply.site.region_events_per_year", "1/year") * self.often,
            p("supply.site.region_event_months", "month"),
        )
        first, second = from_common_site(self.common_share, self.largest_share)
        if self.is_split:
            first, second = np.ones((1, 1)), np.zeros((1, 1))
        at_region = Input({"region": 1.0})
        held = self.stocked("input", precursor=1.0)
        return [
            region,
            self.site("precursor", "precursor"),
            self.site("packaging", "packaging"),
            self.site("six_apa", "six_apa"),
            self.site("substance_main", "substance", held, at_region),
            self.site("substance_other", "substance", held, at_region),
            self.site(
                "finishing_main", "finishing",
                self.stocked("substance", substance_main=first, substance_other=1.0 - first),
                self.stocked("input", packaging=1.0),
            ),
            self.site(
                "finishing_other", "finishing",
                self.stocked("substance", substance_main=second, substance_other=1.0 - second),
                self.stocked("input", packaging=1.0),
            ),
            self.site(
                "amoxicillin_makers", "finishing",
                self.stocked("input", six_apa=1.0),
                self.stocked("input", packaging=1.0),
            ),
        ]  # fmt: skip

    def spare(self) -> dict[str, Array]:
        """What a maker abroad can do beyond its ordinary sales."""
        p = self.p
        return {
            "spare": p("supply.surge.standing_share", "1"),
            "surge": p("supply.surge.share", "1"),
            "surge_after_months": p("supply.surge.lead_time", "month"),
        }

    def _brands(self) -> None:
        spare = self.spare()
        self.sources += [
            Source("main", "finishing_main", self.foreign, presentations=OURS, **spare),
            Source("other", "finishing_other", self.foreign, presentations=OURS, **spare),
            Source(
                "amoxicillin", "amoxicillin_makers", self.foreign,
                presentations=(AMOXICILLIN,), **spare,
            ),
        ]  # fmt: skip

    def _stocks(self) -> None:
        p = self.p
        ordinary = (
            p("supply.stock_held.pharmacy_months", "month")
            + p("supply.stock_held.finished_months", "month")
            + p("supply.stock_duty.normal_stock", "month")
        )
        refill = p("supply.order.lead_time", "month")
        self.layers += [
            StockLayer("ordinary", "norway", ordinary, refill_months=refill),
            StockLayer("duty", "norway", self.duty_months, refill_months=refill,
                       presentations=(*OURS, AMOXICILLIN)),
            *(
                StockLayer(f"ordinary_{country}", country, ordinary, refill_months=refill)
                for country in self.countries[1:]
            ),
        ]  # fmt: skip

    def shares(self) -> dict[str, dict[str, dict[str, Array | float]]]:
        """Ordinary shares of orders; a new plant's share comes out of those of the others."""
        abroad = self._brand_shares(self.largest_share)
        norway = self._brand_shares(
            self.largest_share if self.home_share is None else self.home_share
        )
        for source in self.sources:
            if source.is_entrant:
                share = self.entrants[source.name]
                norway[source.name] = dict.fromkeys(source.presentations or OURS, share)
        found = {"norway": norway}
        for country in self.countries[1:]:
            won = self.entrants_abroad.get(country, {})
            found[country] = {
                **abroad, **{name: dict.fromkeys(OURS, share) for name, share in won.items()}
            }  # fmt: skip
        for by_source in found.values():
            by_source |= self.more_shares
        return found

    def _brand_shares(self, main: Array) -> dict[str, dict[str, Array | float]]:
        return {
            "main": dict.fromkeys(OURS, main),
            "other": dict.fromkeys(OURS, 1.0 - main),
            "amoxicillin": {AMOXICILLIN: 1.0},
        }

    def network(self) -> Network:
        """The whole chain, frozen."""
        return Network(
            (*FORMS, *self.more_forms),
            self.countries,
            (*self._abroad(), *self.nodes),
            tuple(self.sources),
            self.shares(),
            tuple(self.layers),
            tuple(self.bulk),
            self.advice(),
            bans=tuple(self.bans),
            crises=tuple(self.crises),
            outages=tuple(self.outages),
        )

    def advice(self) -> tuple[Advice, ...]:
        """The ranked advice as far as it rests on this chain; ``last_resort`` is what follows."""
        p = self.p
        accepted = {
            name: p(f"supply.substitution.{name}", "1")
            for name in ("drops", "crushed_tablet", "amoxicillin")
        }
        return (
            Advice(MIXTURE, DROPS, 1, accepted["drops"]),
            Advice(MIXTURE, TABLET, 2, accepted["crushed_tablet"]),
            Advice(MIXTURE, AMOXICILLIN, 3, accepted["amoxicillin"]),
            Advice(DROPS, MIXTURE, 1, accepted["drops"]),
            Advice(DROPS, AMOXICILLIN, 2, accepted["amoxicillin"]),
            Advice(TABLET, AMOXICILLIN, 1, accepted["amoxicillin"]),
        )


def from_common_site(common: Array, largest: Array) -> tuple[Array, Array]:
    """Share of each maker's substance from the common site: the largest takes from it first.

    Together the two have the share ``common`` from it; ``largest`` is that of the first of sales.
    """
    first = np.minimum(common / largest, 1.0)
    second = (common - largest) / np.maximum(1 - largest, 1e-9)
    return first, np.clip(second, 0.0, 1.0)


def last_resort(p: Parameters) -> Array:
    """Share of what is still missing for which cefalexin or another antibiotic will do.

    They rest on other sites and are not limited by this chain, so they come last and are not
    followed month by month. Shape (n_draws, 1).
    """
    accepted = (p(f"supply.substitution.{name}", "1") for name in ("cefalexin", "other"))
    left = np.ones((1, 1))
    for share in accepted:
        left = left * (1.0 - share)
    return 1.0 - left


def form_shares(p: Parameters) -> dict[str, Array]:
    """Share of each form in the DDD of penicillin V, shape (n_draws, 1)."""
    mixture = p("supply.split.phenoxymethylpenicillin_mixture", "1")
    drops = p("supply.presentation.penv_drops_share", "1")
    return {TABLET: 1.0 - mixture - drops, MIXTURE: mixture, DROPS: drops}


def demand_of(
    p: Parameters,
    penicillin: Mapping[str, Array],
    amoxicillin: Mapping[str, Array],
    season: tuple[float, ...],
    winter_months: int,
) -> Demand:
    """Demand by form, season and the winters in which more is used.

    Parameters
    ----------
    penicillin, amoxicillin : country -> DDD a year, shape (n_draws or 1, n_years)
    season : share of the year's use in each month
    winter_months : how long a winter with more infections lasts
    """
    form = form_shares(p)
    yearly = {
        country: {
            **{name: ddd * share for name, share in form.items()},
            AMOXICILLIN: amoxicillin[country],
        }
        for country, ddd in penicillin.items()
    }
    return Demand(yearly, dict.fromkeys(FORMS, season), shocks(p, winter_months))


def shocks(p: Parameters, months: int) -> tuple[Shock, ...]:
    """Winters with more infections: everybody uses more, and children more still."""
    size = p("supply.demand_shock.size", "1")
    children = (1.0 + p("supply.demand_shock.children_size", "1")) / (1.0 + size) - 1.0
    extra = np.maximum(children, 0.0)
    chance = p("supply.demand_shock.probability", "1")
    return (
        Shock(WINTERS[0], chance, size, size, WINTER, months),
        Shock(WINTERS[1], chance, extra, extra, WINTER, months, (MIXTURE, DROPS)),
    )
