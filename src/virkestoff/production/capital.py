"""The investment: from purchased equipment to the whole, by part.

    direct      equipment + installation + rooms + HVAC and clean utilities + quality laboratory
                + effluent and waste + serialisation and IT + site
    location    what Norway adds: freight, site labour, building level
    engineering design x (direct + location) + (construction + contractor) x purchased
    validation  share x (direct + location)
    contingency share x (direct + location + engineering + validation)
    owner       (owner's cost + spares) x (all of the above)
    licence     strain and technology, where substance is fermented

Prices of equipment are those of the source's country, so Norwegian labour and building level are
added once, in ``location_norway``; the building shell is priced in Norway and gets no addition.
Working capital is left to the cash flow. Nothing is fitted to published investments. The estimate
is of AACE class 5 (range -50 % to +100 %).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from virkestoff.errors import Fault, InputError, suggest
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Area, Array, Duty
from virkestoff.production.equipment import Purchase, purchase
from virkestoff.production.remembered import RememberedParameters, remember
from virkestoff.production.rooms import (
    EFFLUENT,
    RoomCosts,
    Rooms,
    plan_rooms,
    room_costs,
    site_duties,
)

__all__ = ["AACE_CLASS", "DIRECT", "PARTS", "Investment", "Mode", "invest"]

AACE_CLASS = 5
Mode = Literal["greenfield", "brownfield", "standby"]
DIRECT = (
    "equipment",
    "installation",
    "rooms",
    "hvac_and_clean_utilities",
    "quality_laboratory",
    "effluent_and_waste",
    "serialisation_and_it",
    "site",
)
PARTS = (
    *DIRECT,
    "location_norway",
    "engineering",
    "validation",
    "contingency",
    "owners_cost",
    "licence",
)
_C = "production.capital."
_STERILE = ("fermenter", "seed_fermenter", "medium_steriliser")
_SERIALISATION = "serialisation_line"


@dataclass(frozen=True)
class Investment:
    """What a plant costs to build, NOK, each array of shape (n_draws, 1).

    Attributes
    ----------
    parts : by part in the order of ``PARTS``; they sum to `total`
    purchase, utilities : priced equipment of the suites, and of the site
    rooms : floor area, of which an existing site may lend a part
    decommissioning : when the plant is closed, not in `total`
    machine_life, building_life : years
    replacement_share : of machinery, renewed at the end of its life
    accuracy : low and high of the estimate class, as shares of the estimate; within them one factor
        is drawn for the whole estimate
    extrapolated : items priced outside what their sources cover
    """

    mode: Mode
    parts: Mapping[str, Array]
    purchase: Purchase
    utilities: Purchase
    rooms: Rooms
    decommissioning: Array
    machine_life: Array
    building_life: Array
    replacement_share: Array
    accuracy: tuple[Array, Array]
    extrapolated: tuple[str, ...]
    aace_class: int = AACE_CLASS

    @property
    def total(self) -> Array:
        """The whole investment."""
        return _sum(self.parts.values(), np.zeros_like(self.decommissioning))

    @property
    def direct(self) -> Array:
        """Installed cost before location, engineering and what follows."""
        return _sum((self.parts[part] for part in DIRECT), np.zeros_like(self.decommissioning))

    @property
    def buildings(self) -> Array:
        """Rooms and site with their share of what follows direct cost, the licence apart."""
        share = (self.parts["rooms"] + self.parts["site"]) / self.direct
        return (self.total - self.parts["licence"]) * share

    @property
    def machinery(self) -> Array:
        """All that is not building: with `buildings` it sums to `total`."""
        return self.total - self.buildings


def invest(
    duties: Iterable[Duty],
    areas_in_use: Collection[Area],
    mode: Mode,
    parameters: Parameters,
) -> Investment:
    """The investment of a plant.

    Parameters
    ----------
    duties : equipment list of the substance plant and the finished forms together
    areas_in_use : suites that are built
    mode : ``greenfield``; ``brownfield``, where an existing medicines site lends building,
        utilities, laboratory and systems; ``standby``, a suite with rooms, air and lines of its own
        beside such a site, which lends the rest

    Raises
    ------
    InputError
        for unknown items, suites or modes, and for equipment in a suite that is not in use.

    Warns
    -----
    RangeWarning
        once per item that is priced outside the sizes that its sources cover.
    """
    if mode not in get_args(Mode):
        step = suggest(str(mode), get_args(Mode))
        raise InputError(Fault(f"mode '{mode}'", "is not known", next_step=step))
    facts = _Facts(remember(parameters), mode)
    duties = tuple(duties)
    rooms = plan_rooms(duties, areas_in_use, facts.parameters)
    bought = purchase(duties, facts.parameters)
    site = purchase(site_duties(duties, rooms, facts.parameters), facts.parameters)
    fermented = _fermented(duties, facts.one)
    direct, location = _direct(bought, site, rooms, fermented, facts)
    indirect = _indirect(direct, location, bought.total + site.total, facts)
    # Items err together: the class's accuracy is one factor on the estimate. A licence is a price.
    accuracy = facts.parameters("production.estimate.accuracy", "1")
    parts = {name: part * accuracy for name, part in {**direct, **indirect}.items()}
    parts["licence"] = fermented * facts("licence", "NOK")
    installed = _sum(direct.values(), location)
    outside = (*bought.extrapolated, *site.extrapolated)
    return Investment(
        mode=mode,
        parts={name: parts[name] for name in PARTS},
        purchase=bought,
        utilities=site,
        rooms=rooms,
        decommissioning=installed * facts("decommissioning"),
        machine_life=facts("machine_life", "year"),
        building_life=facts("building_life", "year"),
        replacement_share=facts("replacement_share"),
        accuracy=(
            facts.parameters("production.estimate.class5_low", "1"),
            facts.parameters("production.estimate.class5_high", "1"),
        ),
        extrapolated=tuple(dict.fromkeys(outside)),
    )


class _Facts:
    """Facts of the capital estimate, and what an existing site leaves to be bought."""

    def __init__(self, parameters: RememberedParameters, mode: Mode) -> None:
        self.parameters, self.mode = parameters, mode
        self.one = np.ones((parameters.n_draws, 1))

    def __call__(self, name: str, unit: str = "1") -> Array:
        return self.parameters(_C + name, unit) * self.one

    def needed(self, what: str) -> Array:
        """Share of `what` that is still bought; all of it on a new site."""
        if self.mode == "greenfield":
            return self.one
        return np.minimum(self.parameters(f"production.brownfield.{what}", "1"), 1.0) * self.one


def _direct(
    bought: Purchase, site: Purchase, rooms: Rooms, fermented: Array, facts: _Facts
) -> tuple[dict[str, Array], Array]:
    """Direct parts, and what Norway adds to them."""
    lines = bought.without(_SERIALISATION)
    coding = bought.cost([_SERIALISATION]), bought.cost([_SERIALISATION], installed=True)
    clean, waste = site.without(EFFLUENT), site.cost([EFFLUENT], installed=True)
    costs = room_costs(rooms, facts.parameters)
    utilities, qc = facts.needed("utilities"), facts.needed("qc")
    effluent, systems = facts.needed("effluent"), facts.needed("systems")
    own_shell = facts.one if facts.mode == "standby" else facts.needed("building")
    fit_out = _sum(costs.fit_out.values(), np.zeros_like(facts.one))
    hvac = fit_out * facts("hvac_share")
    shell = costs.shell_production * own_shell + costs.shell_shared * facts.needed("building")
    treatment = facts("inactivation", "NOK") + fermented * facts("mycelium_kill", "NOK")
    services = lines.total * facts("other_services")
    work = lines.installed - lines.total + _integration(lines, facts)
    direct = {
        "equipment": lines.total,
        "installation": work,
        "rooms": fit_out - hvac + costs.plain + shell,
        "hvac_and_clean_utilities": hvac + (clean.installed + services) * utilities,
        "quality_laboratory": qc
        * (facts("qc_instruments", "NOK") + costs.laboratory + costs.shell_laboratory),
        "effluent_and_waste": (waste + treatment) * effluent,
        "serialisation_and_it": coding[1] + facts("site_systems", "NOK") * systems,
        "site": _site(lines, rooms, facts),
    }
    imported = lines.total + coding[0] + clean.total * utilities + site.cost([EFFLUENT]) * effluent
    labour = work + coding[1] - coding[0] + (clean.installed - clean.total) * utilities
    location = _location(imported, labour, costs, fit_out, qc, facts)
    return direct, location


def _integration(lines: Purchase, facts: _Facts) -> Array:
    """Pipes, instruments and electrical work around the machines.

    The installation factors set a machine in place. Process equipment then needs piping and
    control, sterile vessels more of it, packaged finishing lines little.
    """
    substance = lines.cost(area="substance")
    sterile_substance = lines.cost(["crystalliser_sterile", "filter_dryer"], area="aseptic")
    finishing = lines.total - substance - sterile_substance
    process = facts("instrumentation") + facts("piping") + facts("electrical")
    sterile = lines.cost(_STERILE) + sterile_substance
    return (
        (substance + sterile_substance) * process
        + sterile * facts("sterile_piping")
        + finishing * facts("line_integration")
    )


def _site(lines: Purchase, rooms: Rooms, facts: _Facts) -> Array:
    """Yard and connections as a share of equipment, and land; none is bought for a standby suite.

    Land is counted with a plot of `plot_ratio` times the floor area of a new site.
    """
    if facts.mode == "standby":
        return np.zeros_like(facts.one)
    land = rooms.total * facts("plot_ratio") * facts("land_price", "NOK/m^2")
    return (lines.total * facts("yard") + land) * facts.needed("building")


def _location(
    imported: Array, labour: Array, costs: RoomCosts, fit_out: Array, qc: Array, facts: _Facts
) -> Array:
    """Freight on machines, Norwegian labour in installation, building level on fit-out."""
    rooms = fit_out + costs.plain + costs.laboratory * qc
    return (
        imported * (facts("import") - 1.0)
        + labour * facts("labour_share") * (facts("local_labour") - 1.0)
        + rooms * (facts("over_germany") - 1.0)
    )


def _indirect(
    direct: Mapping[str, Array], location: Array, purchased: Array, facts: _Facts
) -> dict[str, Array]:
    installed = _sum(direct.values(), location)
    management = facts("construction") + facts("contractor_fee")
    engineering = installed * facts("design") + purchased * management
    validation = installed * facts("validation")
    base = installed + engineering + validation
    contingency = base * facts("contingency")
    return {
        "location_norway": location,
        "engineering": engineering,
        "validation": validation,
        "contingency": contingency,
        "owners_cost": (base + contingency) * (facts("owner") + facts("spares")),
    }


def _fermented(duties: tuple[Duty, ...], one: Array) -> Array:
    """1 in draws that have a fermenter, else 0."""
    found = np.zeros_like(one)
    for duty in duties:
        if duty.item == "fermenter":
            found = np.maximum(found, np.minimum(duty.count, 1.0))
    return found


def _sum(parts: Iterable[Array], start: Array) -> Array:
    total = start
    for part in parts:
        total = total + part
    return total
