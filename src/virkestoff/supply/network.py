"""The supply chain as frozen values: nodes, sources, stocks, advice, bans and scenarios.

An *amount* is a number or an array of shape (n_draws, 1). Months count from 0, the first month of
the first year. Quantities are defined daily doses (DDD). ``network_faults`` in
``supply.network_checks`` lists what is wrong with a network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = [
    "Advice",
    "Amount",
    "BulkStock",
    "Crisis",
    "ExportBan",
    "Input",
    "Network",
    "Node",
    "Noise",
    "Outage",
    "Source",
    "StockLayer",
]

Array = npt.NDArray[np.float64]
Amount = float | Array
Noise = Callable[..., Array]
"""``noise(purpose, *shape)`` gives uniforms of shape (n_draws, *shape), keyed by the purpose."""


@dataclass(frozen=True)
class Input:
    """One thing that a node needs.

    Attributes
    ----------
    nodes : node -> the share of the whole need that it can cover; a sum over 1 is a reserve
    stock_months : stock of this input, in months of full output; full at the start
    refill_per_month : most that can be put back into that stock in a month, in months of output
    """

    nodes: Mapping[str, Amount]
    stock_months: Amount = 0.0
    refill_per_month: Amount = 1.0


@dataclass(frozen=True)
class Node:
    """A site or a tier of the chain.

    Attributes
    ----------
    failures_per_year : per year of operation, so that the mean time in operation is
        12 / failures_per_year months
    mean_months : mean duration of a failure
    log_spread : standard deviation of the logarithm of the duration (lognormal; 0 is a fixed
        duration); None is an exponential duration
    lost_share : share of the output that is lost while the node is down
    inputs : what it needs from other nodes
    """

    name: str
    failures_per_year: Amount = 0.0
    mean_months: Amount = 1.0
    log_spread: Amount | None = None
    lost_share: Amount = 1.0
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True)
class Outage:
    """A prescribed loss of a node's output, from ``first_month`` for ``months``."""

    node: str
    first_month: Amount
    months: Amount
    lost_share: Amount = 1.0


@dataclass(frozen=True)
class Source:
    """Who delivers presentations to countries.

    Attributes
    ----------
    node : the node whose output share limits the capacity
    country : where it lies (a country of the network or any other place)
    capacity : presentation -> DDD a month in full operation; where a presentation is not named,
        the capacity is ``(1 + spare) x ordinary orders`` of the month, season included
    spare : capacity over ordinary orders, as a share
    surge : further share that is available after ``surge_after_months`` months in a row in which
        orders for the presentation went unmet
    start_month, ramp_months : output rises linearly from 0 over ``ramp_months``
    end_month : first month in which it delivers no more
    presentations : what it makes; None is all
    serves : countries that it may deliver to beyond its ordinary shares; None is all
    claims : country -> share of the capacity that the country gets first, by contract
    is_entrant : takes its ordinary shares out of the shares of the others as it opens
    """

    name: str
    node: str
    country: str
    capacity: Mapping[str, Amount] = field(default_factory=dict)
    spare: Amount = 0.0
    surge: Amount = 0.0
    surge_after_months: Amount = 0.0
    start_month: Amount = 0.0
    ramp_months: Amount = 0.0
    end_month: Amount = float("inf")
    presentations: tuple[str, ...] | None = None
    serves: tuple[str, ...] | None = None
    claims: Mapping[str, Amount] = field(default_factory=dict)
    is_entrant: bool = False


@dataclass(frozen=True)
class StockLayer:
    """Finished goods held in a country; the layers of a country are used in the order listed.

    Attributes
    ----------
    months : target in months of mean demand: a number, (n_draws, 1) or (n_draws, n_months)
    first_month, build_up_months : the target rises linearly from 0 over ``build_up_months``;
        with ``build_up_months`` 0 and ``first_month`` 0 the layer is full at the start
    refill_months : at most ``target / refill_months`` is ordered for the layer in a month
    loss_per_month : share of the stock that grows too old in a month, beyond rotation
    presentations : what it holds; None is all
    is_extra : its filling is what ``SupplyResult.taken`` measures
    """

    name: str
    country: str
    months: Amount
    first_month: Amount = 0.0
    build_up_months: Amount = 0.0
    refill_months: Amount = 1.0
    loss_per_month: Amount = 0.0
    presentations: tuple[str, ...] | None = None
    is_extra: bool = False


@dataclass(frozen=True)
class BulkStock:
    """Active substance held in bulk for a country, made into packs by a finishing contract.

    Attributes
    ----------
    months : target in months of mean demand for ``presentations`` together
    supplier : node that fills the stock
    finisher : node that makes the packs
    lead_months : from order to packs, rounded to whole months
    rate : most that is finished in a month, in months of mean demand
    trigger : finishing starts in months in which more than this share of the orders went unmet
    first_month, build_up_months, refill_months, loss_per_month : as in ``StockLayer``
    """

    name: str
    country: str
    presentations: tuple[str, ...]
    months: Amount
    supplier: str
    finisher: str
    lead_months: Amount
    rate: Amount
    trigger: Amount = 0.0
    first_month: Amount = 0.0
    build_up_months: Amount = 0.0
    refill_months: Amount = 1.0
    loss_per_month: Amount = 0.0


@dataclass(frozen=True)
class Advice:
    """One line of the ranked advice: who lacks ``wanted`` may use ``instead``.

    Attributes
    ----------
    rank : lower ranks come first; equal ranks in the order listed
    acceptable : share of what is missing of ``wanted`` that may be replaced in this way
    needs : DDD of ``instead`` for each DDD of ``wanted``
    """

    wanted: str
    instead: str
    rank: int
    acceptable: Amount
    needs: Amount = 1.0


@dataclass(frozen=True)
class ExportBan:
    """A country keeps its sources for itself.

    An event begins when a crisis begins there, or when more than ``trigger`` of the country's
    demand for a presentation was missing in the month before. With ``probability`` exports of the
    presentation then stop until the cause is gone: every source that lies in the country delivers
    to the country itself, to its ``area`` and, where the ban allows claims, to those who hold one.

    Attributes
    ----------
    trigger : 1 where only a crisis gives cause, for more than all cannot be missing
    area : other countries that the ban lets through, as within a customs union
    allows_claims : whether contracts with priority abroad hold; else they give way to the ban
    """

    country: str
    probability: Amount
    trigger: Amount
    area: tuple[str, ...] = ()
    allows_claims: bool = True


@dataclass(frozen=True)
class Crisis:
    """A time in which the governments of ``countries`` may ban exports."""

    countries: tuple[str, ...]
    first_month: Amount
    months: Amount


@dataclass(frozen=True)
class Network:
    """The whole chain.

    Attributes
    ----------
    shares : country -> source -> ordinary share of the country's orders, an amount or one per
        presentation. Shares of the sources that are not entrants sum to 1 for each country and
        presentation; those of entrants sum to at most 1.
    advice : ranked advice on substitutes
    """

    presentations: tuple[str, ...]
    countries: tuple[str, ...]
    nodes: tuple[Node, ...]
    sources: tuple[Source, ...]
    shares: Mapping[str, Mapping[str, Amount | Mapping[str, Amount]]]
    layers: tuple[StockLayer, ...] = ()
    bulk: tuple[BulkStock, ...] = ()
    advice: tuple[Advice, ...] = ()
    bans: tuple[ExportBan, ...] = ()
    crises: tuple[Crisis, ...] = ()
    outages: tuple[Outage, ...] = ()

    def share(self, country: str, source: str, presentation: str) -> Amount:
        """The ordinary share, 0 where none is given."""
        given = self.shares.get(country, {}).get(source, 0.0)
        return given.get(presentation, 0.0) if isinstance(given, Mapping) else given
