"""The same rules and data in OpenFisca, with unknown written out, in its own environment.

    python peer.py FOLDER [--repeats N] [--shared]

OpenFisca has no unknown value: an input that is absent is nought or false. So each input has a twin
that says whether it is known, and each condition two variables: surely true, and possibly true.
Each scheme has its own, as schemes that are written file by file have. A scheme is eligible if all
its conditions are surely true, and not eligible if one is not even possibly true. Prints one line
of JSON. Setting the inputs of the population is not timed.
"""

import argparse
import gc
import json
import resource
import statistics
import time
from pathlib import Path

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2026"
COST = "project.eligible_costs"


def plain(name):
    """A name that a variable may have."""
    return name.replace(".", "_")


def is_met(values, operator, level):
    """A condition over the values of known inputs."""
    if operator == "<=":
        return values <= level
    if operator == ">=":
        return values >= level
    if operator == "in":
        return values <= 1  # the first two of the choices
    return values == level


def variable(system, entity, name, kind, formula=None):
    """Add one variable to the system."""
    fields = {"value_type": kind, "entity": entity, "definition_period": DateUnit.YEAR,
              "label": name}
    if formula is not None:
        fields["formula"] = formula
    system.add_variable(type(name, (Variable,), fields))


def amount_of(number, share, cap):
    """The amount of an eligible row whose cost is known, else nought."""

    def formula(entity, period):
        cost = entity(plain(COST), period)
        is_known = entity(plain(COST) + "__known", period)
        is_given = entity(f"scheme_{number}__surely", period) & is_known
        return np.where(is_given, np.minimum(share * cost, cap), 0)

    return formula


def build(rules, kinds, is_shared):
    """The system of variables; returns it and the variables of conditions."""
    company = Entity("company", "companies", "A company", "")
    system = TaxBenefitSystem([company])
    for name, kind in kinds.items():
        variable(system, company, plain(name), kind)
        variable(system, company, plain(name) + "__known", bool)
    numbers = {}

    def condition(number, fact, operator, level):
        key = json.dumps([fact, operator, level, None if is_shared else number])
        if key in numbers:
            return numbers[key]
        name = numbers[key] = f"condition_{len(numbers)}"
        source = plain(fact)

        def surely(entity, period):
            return entity(source + "__known", period) & is_met(
                entity(source, period), operator, level)

        def possibly(entity, period):
            return ~entity(source + "__known", period) | is_met(
                entity(source, period), operator, level)

        variable(system, company, name + "__surely", bool, surely)
        variable(system, company, name + "__possibly", bool, possibly)
        return name

    for number, rule in enumerate(rules):
        names = [condition(number, *c) for c in rule["conditions"]]

        def joined(suffix, names=tuple(names)):
            def formula(entity, period):
                result = entity(names[0] + suffix, period)
                for name in names[1:]:
                    result = result & entity(name + suffix, period)
                return result

            return formula

        variable(system, company, f"scheme_{number}__surely", bool, joined("__surely"))
        variable(system, company, f"scheme_{number}__possibly", bool, joined("__possibly"))
        variable(system, company, f"scheme_{number}__amount", float,
                 amount_of(number, rule["share"], rule["cap"]))
    return system, numbers


def count(truths):
    """How many are true; quicker than their sum."""
    return int(np.count_nonzero(truths))


def time_one(system, kinds, data, n_schemes):
    """Median time of one company with all schemes; setting its inputs is not timed."""
    times = []
    for row in range(5):
        simulation = SimulationBuilder().build_default_simulation(system, count=1)
        for name in kinds:
            simulation.set_input(plain(name), PERIOD, data[name][row : row + 1])
            simulation.set_input(plain(name) + "__known", PERIOD, data[name + "?"][row : row + 1])
        start = time.perf_counter()
        for number in range(n_schemes):
            for what in ("surely", "possibly", "amount"):
                simulation.calculate(f"scheme_{number}__{what}", PERIOD)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    """Compute, count, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--shared", action="store_true",
                        help="schemes share the variables of equal conditions, by hand")
    asked = parser.parse_args()
    rules = json.loads((asked.folder / "rules.json").read_text(encoding="utf-8"))
    with np.load(asked.folder / "data.npz") as stored:
        data = {name: stored[name] for name in stored.files}
    kinds = {n: {"b": bool, "i": int, "f": float}[a.dtype.kind] for n, a in data.items()
             if not n.endswith("?")}
    system, conditions = build(rules, kinds, asked.shared)
    n_rows = len(next(iter(data.values())))
    times, processor = [], []
    for _ in range(asked.repeats):
        simulation = SimulationBuilder().build_default_simulation(system, count=n_rows)
        for name in kinds:
            simulation.set_input(plain(name), PERIOD, data[name])
            simulation.set_input(plain(name) + "__known", PERIOD, data[name + "?"])
        start, before = time.perf_counter(), time.process_time()
        counts, amounts, met = {}, {}, {}
        for key, name in conditions.items():
            n_met = count(simulation.calculate(f"{name}__surely", PERIOD))
            n_possible = count(simulation.calculate(f"{name}__possibly", PERIOD))
            met[key] = [n_met, n_possible - n_met]
        for number in range(len(rules)):
            surely = simulation.calculate(f"scheme_{number}__surely", PERIOD)
            possibly = simulation.calculate(f"scheme_{number}__possibly", PERIOD)
            amount = simulation.calculate(f"scheme_{number}__amount", PERIOD)
            n_eligible, n_possible = count(surely), count(possibly)
            counts[f"scheme_{number}"] = [
                n_eligible, n_rows - n_possible, n_possible - n_eligible]
            amounts[f"scheme_{number}"] = float(amount.sum(dtype=np.float64))
        times.append(time.perf_counter() - start)
        processor.append(time.process_time() - before)
        del simulation, surely, possibly, amount
        gc.collect()  # so that the peak is that of one run
    print(json.dumps({
        "population_s": min(times), "population_median_s": statistics.median(times),
        "processor_s": min(processor), "conditions": list(met.values()),
        "profile_s": time_one(system, kinds, data, len(rules)),
        "counts": counts, "amounts": amounts,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))


if __name__ == "__main__":
    main()
