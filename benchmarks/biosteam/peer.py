"""The peer: the process of reduced_penv.yaml as a BioSTEAM flowsheet with a cash flow analysis.

Runs in its own environment (requirements.txt here), never in the product's:

    python peer.py --out FOLDER [--samples 200] [--repeats 7]

Writes ``peer.csv`` (the sampled parameters and what BioSTEAM computes for them) and ``peer.json``
(versions, timings, and the properties and prices that its base case uses).
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import statistics
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

BEGAN = time.perf_counter()

import biosteam as bst  # noqa: E402
import numpy as np  # noqa: E402
import thermosteam as tmo  # noqa: E402
import yaml  # noqa: E402
from chaospy import Uniform  # noqa: E402

IMPORT_S = time.perf_counter() - BEGAN
WARM_K, COLD_K = 298.15, 278.15
SAMPLED = ("titre_kg_m3", "batch_h", "recovery_share", "glucose_usd_kg")
COMPUTED = (
    "price_usd_kg",
    "tci_usd",
    "fermenters",
    "fermenter_m3",
    "purchased_usd",
    "installed_usd",
    "materials_usd_year",
    "utilities_usd_year",
    "penicillin_kg_h",
)
NAMES = {
    "penicillin": "PenicillinV",
    "biomass": "Biomass",
    "glucose": "Glucose",
    "precursor": "Precursor",
    "nutrients": "Nutrients",
    "water": "Water",
    "solvent": "ButylAcetate",
}


def by_chemical(shares: dict[str, float]) -> dict[str, float]:
    """Splits under the names that the flowsheet uses."""
    return {NAMES[name]: value for name, value in shares.items()}


def set_chemicals(data: dict) -> None:
    """Water, butyl acetate and CO2 from the databank; the rest by given density and heat."""
    properties = data["properties"]
    defined = [
        bst.Chemical(
            NAMES[name],
            search_db=False,
            default=True,
            phase="s" if name in ("penicillin", "biomass") else "l",
            rho=properties["density_kg_m3"][name],
            Cp=heat,
            MW=properties["molar_mass_g_mol"][name],
        )
        for name, heat in properties["heat_capacity_kj_kg_k"].items()
    ]
    bst.settings.set_thermo(
        [
            bst.Chemical("Water"),
            bst.Chemical("ButylAcetate", search_ID="123-86-4"),
            bst.Chemical("CO2", phase="g"),
            *defined,
        ]
    )
    bst.settings.CEPCI = data["costs"]["index"]
    bst.settings.electricity_price = data["prices"]["electricity_usd_kwh"]


class Fermenter(bst.units.NRELBatchBioreactor):
    """Batch fermentation by fixed yields, sized and costed by the inherited correlations.

    The heat is a fixed amount per kg of glucose, since enthalpies of formation of penicillin and
    mycelium are not given; this is the one equation that replaces BioSTEAM's own.
    """

    _N_ins = 1

    def _init(self, reactions, heat_kj_kg, tau, V, T):
        super()._init(tau=tau, V=V, T=T)
        self.reactions = reactions
        self.heat_kj_kg = heat_kj_kg

    def _run(self):
        vent, effluent = self.outs
        effluent.copy_like(self.ins[0])
        effluent.T = self.T
        self.reactions.force_reaction(effluent)
        vent.empty()
        vent.imol["CO2"] = effluent.imol["CO2"]
        effluent.imol["CO2"] = 0.0

    @property
    def Hnet(self):
        """kJ/h, negative since heat is removed."""
        used = self.ins[0].imass["Glucose"] - self.outs[1].imass["Glucose"]
        return -self.heat_kj_kg * used


class Plant(bst.TEA):
    """Cash flow of the plant; factors as in reduced_penv.yaml."""

    factors: dict = {}

    def _DPI(self, installed_equipment_cost):
        return self.factors["direct_over_installed"] * installed_equipment_cost

    def _TDC(self, DPI):
        return self.factors["depreciable_over_direct"] * DPI

    def _FCI(self, TDC):
        return self.factors["fixed_capital_over_depreciable"] * TDC

    def _FOC(self, FCI):
        return self.factors["labour_usd_year"] + self.factors["upkeep_share_year"] * FCI

    def _fill_tax_and_incentives(self, incentives, taxable, nontaxable, tax, depreciation):
        tax[:] = self.income_tax * taxable


def fermentation_reactions(operation: dict) -> tmo.ParallelReaction:
    """Mass yields: glucose to product, mycelium and CO2; precursor and nutrients taken up.

    A little glucose stays: where rounding of a full conversion leaves a negative amount of it,
    ``force_reaction`` of thermosteam 0.52.11 also clears the water.
    """
    charged = operation["precursor_kg_kg"] * operation["precursor_conversion_share"]
    to_product = operation["glucose_yield_kg_kg"] * (1.0 - charged)
    growth = operation["biomass_yield_kg_kg"]
    left = operation["glucose_residual_share"]
    yields = (
        ("Glucose -> PenicillinV", "Glucose", to_product),
        ("Glucose -> Biomass", "Glucose", growth),
        ("Glucose -> CO2", "Glucose", 1.0 - to_product - growth - left),
        ("Precursor -> PenicillinV", "Precursor", operation["precursor_conversion_share"]),
        ("Nutrients -> Biomass", "Nutrients", operation["nutrient_conversion_share"]),
    )
    reactions = [tmo.Reaction(text, start, share, basis="wt") for text, start, share in yields]
    return tmo.ParallelReaction(reactions)


def build(data: dict) -> tuple[bst.System, Plant, dict]:
    """The flowsheet: fermenter, filter, mix tank, extraction, crystalliser, centrifuge, dryer."""
    operation, splits, vessels = data["operation"], data["splits"], data["vessels"]
    prices = data["prices"]
    broth = operation["broth_m3_h"]
    feed = bst.Stream("feed", T=WARM_K)
    wash = bst.Stream("wash", T=WARM_K, price=prices["water_usd_kg"])
    solvent = bst.Stream("solvent", T=WARM_K, price=prices["solvent_usd_kg"])
    state = {name: entry["base"] for name, entry in data["parameters"].items()}

    given = vessels["fermenter"]
    fermenter = Fermenter(
        "fermenter",
        ins=(feed,),
        outs=("vent", "broth"),
        reactions=fermentation_reactions(operation),
        heat_kj_kg=data["costs"]["fermentation_heat_kj_kg"],
        tau=state["batch_h"],
        V=given["volume_m3"],
        T=WARM_K,
    )
    fermenter.tau_0, fermenter.V_wf = given["turnaround_h"], given["working_share"]

    @fermenter.add_specification(run=True)
    def charge():
        titre = state["titre_kg_m3"]
        glucose = broth * titre / operation["glucose_yield_kg_kg"]
        precursor = broth * titre * operation["precursor_kg_kg"]
        nutrients = broth * operation["nutrients_kg_m3"]
        water = broth * operation["water_kg_m3"]
        feed.imass["Glucose", "Precursor", "Nutrients", "Water"] = (
            glucose,
            precursor,
            nutrients,
            water,
        )
        feed.price = (
            glucose * state["glucose_usd_kg"]
            + precursor * prices["precursor_usd_kg"]
            + nutrients * prices["nutrients_usd_kg"]
            + water * prices["water_usd_kg"]
        ) / feed.F_mass

    cake_filter = bst.units.RotaryVacuumFilter(
        "filter",
        ins=(fermenter - 1, wash),
        outs=("cake", "filtrate"),
        split=by_chemical(splits["filter"]),
        moisture_content=data["moisture_shares"]["filter"],
    )
    cake_filter.filter_rate = vessels["filter"]["rate_lb_day_ft2"]
    cake_filter.radius = vessels["filter"]["radius_m"]
    cake_filter.P_suction = vessels["vacuum"]["suction_pa"]

    @cake_filter.add_specification(run=True)
    def set_wash():
        wash.imass["Water"] = operation["wash_kg_kg"] * cake_filter.ins[0].F_mass

    tank = bst.units.MixTank(
        "mix_tank", ins=(cake_filter - 1, solvent), tau=vessels["mix_tank"]["residence_h"]
    )
    tank.V_wf = vessels["mix_tank"]["working_share"]

    @tank.add_specification(run=True)
    def set_solvent():
        solvent.imass["ButylAcetate"] = operation["solvent_kg_kg"] * tank.ins[0].F_mass

    share = by_chemical(splits["extraction"]) | {"PenicillinV": state["recovery_share"]}
    extraction = bst.units.LiquidsSplitCentrifuge(
        "extraction", ins=tank - 0, outs=("rich", "spent"), split=share
    )
    given = vessels["crystalliser"]
    crystalliser = bst.units.BatchCrystallizer(
        "crystalliser", ins=extraction - 0, tau=given["batch_h"], N=given["number"], T=COLD_K
    )
    crystalliser.tau_0, crystalliser.V_wf = given["turnaround_h"], given["working_share"]
    centrifuge = bst.units.SolidsCentrifuge(
        "centrifuge",
        ins=crystalliser - 0,
        outs=("crystals", "liquor"),
        split=by_chemical(splits["centrifuge"]),
        solids=("PenicillinV",),
        moisture_content=data["moisture_shares"]["centrifuge"],
        moisture_ID="ButylAcetate",
    )
    dryer = bst.units.Splitter(
        "dryer",
        ins=centrifuge - 0,
        outs=("product", "vapour"),
        split=by_chemical(splits["dryer"]),
    )
    system = bst.System.from_units(
        "process",
        [fermenter, cake_filter, tank, extraction, crystalliser, centrifuge, dryer],
    )
    parts = {
        "state": state,
        "fermenter": fermenter,
        "extraction": extraction,
        "product": dryer.outs[0],
    }
    return system, cash_flow(system, data), parts


def cash_flow(system: bst.System, data: dict) -> Plant:
    """The cash flow analysis; no loan, straight-line depreciation."""
    finance = data["finance"]
    Plant.factors = finance
    return Plant(
        system,
        IRR=finance["required_return"],
        duration=(0, finance["operating_years"]),
        depreciation=f"SL{finance['depreciation_years']}",
        income_tax=finance["income_tax"],
        operating_days=data["operation"]["hours_year"] / 24.0,
        lang_factor=None,
        construction_schedule=finance["construction_shares"],
        startup_months=finance["startup_months"],
        startup_FOCfrac=finance["startup_fixed_share"],
        startup_VOCfrac=finance["startup_variable_share"],
        startup_salesfrac=finance["startup_sales_share"],
        WC_over_FCI=finance["working_capital_share"],
        finance_interest=0.0,
        finance_years=0,
        finance_fraction=0.0,
    )


def make_model(data: dict, system: bst.System, plant: Plant, parts: dict) -> bst.Model:
    """Four parameters and what is compared."""
    model = bst.Model(system, exception_hook="raise")
    state, fermenter, extraction = parts["state"], parts["fermenter"], parts["extraction"]
    product = parts["product"]

    def set_titre(titre):
        state["titre_kg_m3"] = titre

    def set_batch_time(hours):
        fermenter.tau = hours

    def set_recovery(share):
        extraction.isplit["PenicillinV"] = share

    def set_glucose_price(price):
        state["glucose_usd_kg"] = price

    setters = (set_titre, set_batch_time, set_recovery, set_glucose_price)
    for name, setter in zip(SAMPLED, setters, strict=True):
        entry = data["parameters"][name]
        model.parameter(
            setter,
            element=fermenter,
            coupled=True,
            name=name,
            baseline=entry["base"],
            distribution=Uniform(entry["low"], entry["high"]),
        )
    # The price is solved once per sample; every other indicator only reads what was computed.
    getters = (
        lambda: plant.solve_price(product) * product.F_mass / product.imass["PenicillinV"],
        lambda: plant.TCI,
        lambda: fermenter.design_results["Number of reactors"],
        lambda: fermenter.design_results["Reactor volume"],
        lambda: system.purchase_cost,
        lambda: system.installed_equipment_cost,
        lambda: system.material_cost,
        lambda: system.utility_cost,
        lambda: product.imass["PenicillinV"],
    )
    for name, getter in zip(COMPUTED, getters, strict=True):
        model.indicator(getter, name=name, element="process")
    return model


def properties_used() -> dict:
    """Densities and heats of cooling as the property package gives them."""
    used: dict = {"density_kg_m3": {}, "density_cold_kg_m3": {}, "cooling_kj_kg": {}}
    for name, chemical in NAMES.items():
        warm = bst.Stream(None, **{chemical: 1.0}, units="kg/hr", T=WARM_K)
        cold = bst.Stream(None, **{chemical: 1.0}, units="kg/hr", T=COLD_K)
        used["density_kg_m3"][name] = warm.rho
        used["density_cold_kg_m3"][name] = cold.rho
        used["cooling_kj_kg"][name] = warm.H - cold.H
    return used


def time_evaluations(model: bst.Model, repeats: int) -> list[tuple[float, float]]:
    """Wall and processor seconds of each evaluation of all samples, after one not counted."""
    model.evaluate()
    seconds = []
    for _ in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        model.evaluate()
        seconds.append((time.perf_counter() - wall, time.process_time() - processor))
    return seconds


def main() -> None:
    """Sample, evaluate, time, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).resolve().parent
    parser.add_argument("--process", type=Path, default=here / "reduced_penv.yaml")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seed", type=int, default=20261101)
    asked = parser.parse_args()

    data = yaml.safe_load(asked.process.read_text("utf-8"))
    start = time.perf_counter()
    set_chemicals(data)
    system, plant, parts = build(data)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        system.simulate()
        plant.solve_price(parts["product"])
    first_s = time.perf_counter() - start
    model = make_model(data, system, plant, parts)
    np.random.seed(asked.seed)  # noqa: NPY002 - the sampler of chaospy reads the global state
    model.load_samples(model.sample(asked.samples, rule="L"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # so that printing them is not in the time
        seconds = time_evaluations(model, asked.repeats)

    asked.out.mkdir(parents=True, exist_ok=True)
    today = datetime.now(UTC).date().isoformat()
    with (asked.out / "peer.csv").open("w", newline="", encoding="utf-8") as file:
        versions = f"biosteam {bst.__version__}, thermosteam {tmo.__version__}"
        file.write(
            f"# {versions}, {today}, seed {asked.seed}; made by benchmarks/biosteam/peer.py\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*SAMPLED, *COMPUTED])
        writer.writerows([f"{x:.10g}" for x in row] for row in model.table.to_numpy(float))
    report = {
        "versions": {"biosteam": bst.__version__, "thermosteam": tmo.__version__},
        "python": platform.python_version(),
        "import_s": IMPORT_S,
        "first_s": first_s,
        "seconds": seconds,
        "wall_per_sample_s": statistics.median(wall for wall, _ in seconds) / asked.samples,
        "cpu_per_sample_s": statistics.median(cpu for _, cpu in seconds) / asked.samples,
        "samples": asked.samples,
        "seed": asked.seed,
        "warnings": [str(w.message) for w in caught if "out of bounds" in str(w.message)],
        "properties": properties_used(),
    }
    (asked.out / "peer.json").write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
