"""Mass balance of a process: what goes in equals product, by-products and losses.

For a step with molar yield y on its input, per mol of input charged,

    reagent charged r_i >= nu_i, product y, by-product j: y nu_j / nu_in,
    loss = (1 - y) M_in + sum_i (r_i - y nu_i / nu_in) M_i,

and for a step without reaction, loss = (1 - y) of the input. Product, by-products and losses are
computed apart from the inputs, so that the balance closes only if the chemistry is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from virkestoff.errors import Fault, InputError
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Array
from virkestoff.production.process import Process, Processes, Step, elements_of
from virkestoff.production.remembered import RememberedParameters

__all__ = ["Recipe", "StepBalance", "fermentation_carbon", "molar_masses", "recipe"]


@dataclass(frozen=True)
class StepBalance:
    """One step, in kg per kg of the substance that leaves the process (counted as its basis).

    All arrays have shape (n_draws, 1).
    """

    step: str
    inputs: Mapping[str, Array]
    product: Array
    by_products: Mapping[str, Array]
    loss: Array

    @property
    def gap(self) -> Array:
        """In minus out, kg per kg, shape (n_draws, 1): zero but for rounding."""
        zero = np.zeros_like(self.loss)
        return (
            reduce(np.add, self.inputs.values(), zero)
            - self.product
            - reduce(np.add, self.by_products.values(), zero)
            - self.loss
        )


@dataclass(frozen=True)
class Recipe:
    """A process, in kg per kg of substance made (counted as its basis), shape (n_draws, 1).

    Attributes
    ----------
    feed_kg : of the feed's own basis per kg; for a fermentation: of substance in the broth
    sold_kg : of the salt or hydrate that leaves, per kg of basis
    materials_kg : purchased, solvents as make-up
    returned_kg : by-products sent back upstream, as kg of the material that they replace
    solvent_charge_kg : solvents in circulation, for the size of the recovery plant
    solvent_waste_kg : spent solvent to destruction
    """

    process: str
    steps: tuple[StepBalance, ...]
    feed_kg: Array
    sold_kg: Array
    materials_kg: Mapping[str, Array]
    returned_kg: Mapping[str, Array]
    solvent_charge_kg: Array
    solvent_waste_kg: Array


def molar_masses(processes: Processes, parameters: Parameters) -> dict[str, float]:
    """Molar mass of every compound in g/mol, from its formula and the standard atomic weights.

    Parameters
    ----------
    parameters : gives ``production.atomic_weight.<symbol>`` in g/mol
    """
    if isinstance(parameters, RememberedParameters):
        return parameters.once("masses", processes, lambda: _masses(processes, parameters))
    return _masses(processes, parameters)


def _masses(processes: Processes, parameters: Parameters) -> dict[str, float]:
    atoms = {name: elements_of(c.formula) for name, c in processes.compounds.items()}
    weights = {
        element: float(parameters(f"production.atomic_weight.{element.lower()}", "g/mol")[0, 0])
        for element in sorted({e for counts in atoms.values() for e in counts})
    }
    return {
        name: sum(count * weights[element] for element, count in counts.items())
        for name, counts in atoms.items()
    }


def recipe(
    process: Process,
    processes: Processes,
    parameters: Parameters,
    masses: Mapping[str, float] | None = None,
) -> Recipe:
    """Walk back from one kg of substance to what must be charged.

    Parameters
    ----------
    masses : what :func:`molar_masses` gave, to spare computing it for every process

    Raises
    ------
    InputError
        if a reagent is charged below what the yield consumes (matter would appear).
    """
    mass = masses or molar_masses(processes, parameters)
    sold = np.full((parameters.n_draws, 1), mass[process.sold_as] / mass[process.basis])
    amount = sold
    balances: list[StepBalance] = []
    materials: dict[str, Array] = {}
    returned: dict[str, Array] = {}
    charge, waste = np.zeros_like(sold), np.zeros_like(sold)
    for step in reversed(process.steps):
        balance = _step_balance(process, step, amount, mass, parameters)
        balances.append(balance)
        for name, kg in balance.inputs.items():
            if name != step.input:
                _add(materials, name, kg)
        for name, fact in step.aids.items():
            _add(materials, name, amount * parameters(fact, "kg/kg"))
        for name, solvent in step.solvents.items():
            charged = amount * parameters(solvent.charge, "kg/kg")
            make_up = charged * (1.0 - parameters(solvent.recovery, "1"))
            charge, waste = charge + charged, waste + make_up
            _add(materials, name, make_up)
        for name, back in step.returned.items():
            kg = balance.by_products[name] * (mass[back.replaces] / mass[name])
            _add(returned, back.replaces, kg * parameters(back.share, "1"))
        amount = balance.inputs[step.input]
    if process.feed is not None:
        source = processes.processes[process.feed]
        amount = amount * (mass[source.basis] / mass[source.sold_as])
    materials.pop("water", None)  # reaction water is process water, counted with the utilities
    return Recipe(
        process.process,
        tuple(reversed(balances)),
        amount,
        sold,
        materials,
        returned,
        charge,
        waste,
    )


def _add(total: dict[str, Array], name: str, kg: Array) -> None:
    total[name] = total[name] + kg if name in total else kg


def _step_balance(
    process: Process,
    step: Step,
    product_kg: Array,
    mass: Mapping[str, float],
    parameters: Parameters,
) -> StepBalance:
    share = parameters(step.yield_, "1")
    if np.any((share <= 0.0) | (share > 1.0)):
        what = f"a yield must lie above 0 and at most at 1, but is {share.min():g}-{share.max():g}"
        raise InputError(Fault(f"process {process.process}, step {step.step}", what))
    if step.reaction is None:
        charged = product_kg / share
        return StepBalance(
            step.step, {step.input: charged}, product_kg, {}, charged * (1.0 - share)
        )
    consumes, forms = step.reaction.consumes, step.reaction.forms
    per_input = 1.0 / consumes[step.input]
    input_kmol = product_kg / mass[step.output] / (share * forms[step.output] * per_input)
    turned = input_kmol * share * per_input  # turnovers of the reaction, kmol per kg
    inputs, loss = {step.input: input_kmol * mass[step.input]}, np.zeros_like(product_kg)
    loss = loss + (input_kmol - turned * consumes[step.input]) * mass[step.input]
    for name, coefficient in consumes.items():
        if name == step.input:
            continue
        fact = step.charged.get(name)
        ratio = parameters(fact, "mol/mol") if fact else coefficient * per_input
        reagent_kmol = input_kmol * ratio
        unused = reagent_kmol - turned * coefficient
        if np.any(unused < -1e-12):
            what = f"{name} is charged below what the reaction consumes"
            raise InputError(Fault(f"process {process.process}, step {step.step}", what))
        inputs[name] = reagent_kmol * mass[name]
        loss = loss + unused * mass[name]
    by_products = {
        name: turned * coefficient * mass[name]
        for name, coefficient in forms.items()
        if name != step.output
    }
    return StepBalance(step.step, inputs, product_kg, by_products, loss)


def fermentation_carbon(
    process: Process, processes: Processes, parameters: Parameters
) -> dict[str, Array]:
    """Carbon from glucose, kg per kg of substance in the broth, shape (n_draws, 1).

    The precursor brings its own carbon into the product; the rest of the product's carbon, the
    mycelium's and the carbon dioxide's come from glucose. Carbon dioxide is the difference.

    Returns
    -------
    ``glucose`` in; ``product``, ``mycelium``, ``carbon_dioxide`` out.

    Raises
    ------
    InputError
        if more carbon leaves than enters.
    """
    fermentation = process.fermentation
    assert fermentation is not None
    carbon = float(parameters("production.atomic_weight.c", "g/mol")[0, 0])

    masses = molar_masses(processes, parameters)

    def share(name: str, less: int = 0) -> float:
        atoms = elements_of(processes.compounds[name].formula)
        return (atoms["C"] - less) * carbon / masses[name]

    from_precursor = elements_of(processes.compounds[fermentation.precursor].formula)["C"]
    glucose = share("glucose") / parameters(fermentation.glucose_yield, "kg/kg")
    product = np.full_like(glucose, share(process.basis, from_precursor))
    titre = parameters(fermentation.titre, "kg/m^3")
    mycelium = (
        parameters("production.fermentation.mycelium_dry", "kg/m^3")
        * parameters("production.fermentation.mycelium_carbon", "1")
        / titre
    )
    gas = glucose - product - mycelium
    if np.any(gas < 0.0):
        raise InputError(
            Fault(
                f"process {process.process}",
                "more carbon leaves the fermenter than enters it",
                why="glucose use, titre and mycelium do not fit together",
            )
        )
    return {
        "glucose": glucose,
        "product": product,
        "mycelium": mycelium,
        "carbon_dioxide": gas,
    }
