"""Which share of its output each node gives in each month.

A node is up for an exponential time with mean ``12 / failures_per_year`` months and then down for
a lognormal, fixed or exponential time; it begins in its long-run state. The share of a month that
it is down is exact, not rounded to whole months. Output is the least of its own availability and
of each input that arrives or lies in stock.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from virkestoff.compiled import compiled
from virkestoff.supply.network import Amount, Input, Network, Node, Noise, Outage

__all__ = ["node_outputs", "own_availability"]

Array = npt.NDArray[np.float64]
CHUNK = 16
"""How many failures are drawn at a time; the numbers of a draw do not depend on other draws."""


def row(amount: Amount) -> Array:
    """An amount with draws last: shape (n_draws,) or (1,)."""
    array = np.asarray(amount, dtype=np.float64)
    return array.reshape(-1)


def by_draw(amounts: Sequence[Amount], n_draws: int) -> Array:
    """Amounts as rows with one number per draw, shape (n_amounts, n_draws)."""
    rows = np.empty((len(amounts), n_draws))
    for k, amount in enumerate(amounts):
        rows[k] = row(amount)
    return rows


def _duration(node: Node, uniform: Array) -> Array:
    """Durations in months of uniforms, shape of ``uniform`` (draws first)."""
    mean = row(node.mean_months)[:, None]
    if node.log_spread is None:
        return -mean * np.log(uniform)
    spread = row(node.log_spread)[:, None]
    return mean * np.exp(spread * ndtri(uniform) - spread * spread / 2.0)


def _first_down(node: Node, drawn: Array) -> Array:
    """Months that the node is still down at the start, shape (n_draws,).

    In the long run it is down with probability mean down / (mean up + mean down). The failure
    under way is then length-biased: for lognormal durations the logarithm is shifted by the
    square of its spread, and a uniform share of it remains; an exponential one has no memory.
    """
    rate, mean = row(node.failures_per_year) / 12.0, row(node.mean_months)
    is_down = drawn[:, 0] < rate * mean / (1.0 + rate * mean)
    length = _duration(node, drawn[:, 1:2])[:, 0]
    if node.log_spread is not None:
        spread = row(node.log_spread)
        length = length * np.exp(spread * spread) * drawn[:, 2]
    return np.where(is_down, length, 0.0)


def downtime(node: Node, noise: Noise, n_draws: int, n_months: int) -> Array:
    """Share of each month that the node is down by its own failures, shape (n_months, n_draws)."""
    flat = np.zeros(n_draws * (n_months + 2))
    rate = row(node.failures_per_year) / 12.0
    if not (rate > 0.0).any():
        return np.zeros((n_months, n_draws))
    first = np.arange(n_draws) * (n_months + 2)
    clock = _first_down(node, noise(f"supply.node.{node.name}.start", 3))
    _mark(flat, first, np.zeros((n_draws, 1)), 1.0, n_months)
    _mark(flat, first, clock[:, None], -1.0, n_months)
    up_mean = np.divide(1.0, rate, out=np.full_like(rate, np.inf), where=rate > 0.0)[:, None]
    chunk = 0
    while (clock < n_months).any():
        drawn = noise(f"supply.node.{node.name}.{chunk}", CHUNK, 2)
        up, down = -up_mean * np.log(drawn[:, :, 0]), _duration(node, drawn[:, :, 1])
        begins = clock[:, None] + np.cumsum(up, axis=1)
        begins[:, 1:] += np.cumsum(down, axis=1)[:, :-1]
        ends = begins + down
        _mark(flat, first, begins, 1.0, n_months)
        _mark(flat, first, ends, -1.0, n_months)
        clock = ends[:, -1]
        chunk += 1
    share = np.cumsum(flat.reshape(n_draws, -1), axis=1)[:, :n_months]
    return np.ascontiguousarray(np.clip(share, 0.0, 1.0).T)


def _mark(flat: Array, first: npt.NDArray[np.int64], at: Array, sign: float, n_months: int) -> None:
    """Add the change of slope at times ``at``: from there each month is down by ``sign`` more."""
    month = np.minimum(np.floor(at), n_months)
    part = np.minimum(at - month, 1.0)
    place = (first[:, None] + month.astype(np.int64)).ravel()
    np.add.at(flat, place, (sign * (1.0 - part)).ravel())
    np.add.at(flat, place + 1, (sign * part).ravel())


def overlap(first: Array, months: Array, n_months: int) -> Array:
    """Share of each month that lies in [first, first + months), shape (n_months, n_draws)."""
    start = np.arange(n_months)[:, None]
    inside = np.minimum(start + 1, first + months) - np.maximum(start, first)
    return np.asarray(np.clip(inside, 0.0, 1.0))


def own_availability(
    node: Node, outages: tuple[Outage, ...], noise: Noise, n_draws: int, n_months: int
) -> Array:
    """Output share that the node's own failures and outages leave, shape (n_months, n_draws)."""
    share = 1.0 - row(node.lost_share) * downtime(node, noise, n_draws, n_months)
    for outage in outages:
        if outage.node == node.name:
            lost = overlap(row(outage.first_month), row(outage.months), n_months)
            share = share * (1.0 - row(outage.lost_share) * lost)
    return share


def node_outputs(network: Network, noise: Noise, n_draws: int, n_months: int) -> dict[str, Array]:
    """Output share of each node in each month, shape (n_months, n_draws), upstream first.

    Per input: what arrives is ``min(1, sum of share x output)`` of its nodes. Output of the month
    is the least of own availability and, per input, what arrives plus what lies in stock. The
    stock then takes up what is left over, at most ``refill_per_month``, up to its target.

    Noise: ``supply.node.<name>.start`` and ``supply.node.<name>.<chunk>``.
    """
    by_name = {node.name: node for node in network.nodes}
    done: dict[str, Array] = {}

    def finish(name: str) -> Array:
        if name not in done:
            node = by_name[name]
            own = own_availability(node, network.outages, noise, n_draws, n_months)
            arriving = [
                _arriving(entry, {other: finish(other) for other in entry.nodes})
                for entry in node.inputs
            ]
            done[name] = _with_inputs(own, node.inputs, arriving) if node.inputs else own
        return done[name]

    for name in by_name:
        finish(name)
    return {name: done[name] for name in by_name}


def _arriving(entry: Input, outputs: dict[str, Array]) -> Array:
    """Output that the nodes of an input allow, before the cap at full need."""
    total = np.zeros(())
    for name, share in entry.nodes.items():
        total = total + row(share) * outputs[name]
    return total


def _with_inputs(own: Array, inputs: tuple[Input, ...], arriving: list[Array]) -> Array:
    output = own.copy()
    n_draws = own.shape[1]
    full = by_draw([entry.stock_months for entry in inputs], n_draws)
    refill = by_draw([entry.refill_per_month for entry in inputs], n_draws)
    arrives = np.stack(np.broadcast_arrays(*arriving, np.zeros((own.shape[0], 1)))[:-1])
    _limit(output, full, refill, arrives, full.copy())
    return output


@compiled
def _limit(
    output: Array, targets: Array, refill: Array, arriving: Array, stocks: Array
) -> None:
    """Lower a node's output to what its inputs allow, month by month; see ``node_outputs``.

    Parameters
    ----------
    output : own availability, shape (n_months, D draws); changed in place
    targets, refill : shape (n_inputs, D)
    arriving : shape (n_inputs, n_months, D or 1)
    stocks : full at the start, shape (n_inputs, D); changed in place
    """
    n_inputs = targets.shape[0]
    for t in range(output.shape[0]):
        for d in range(output.shape[1]):
            made = output[t, d]
            for k in range(n_inputs):
                arrives = arriving[k, t, d if arriving.shape[2] > 1 else 0]
                made = min(made, min(arrives, 1.0) + stocks[k, d])
            for k in range(n_inputs):
                arrives = arriving[k, t, d if arriving.shape[2] > 1 else 0]
                extra = refill[k, d]
                drawn = max(made - min(arrives, 1.0), 0.0)
                room = targets[k, d] - stocks[k, d] + drawn
                # What the supplier has left over, with the extra it makes for refilling.
                left = max(arrives * (1.0 + extra) - made, 0.0)
                stocks[k, d] = stocks[k, d] - drawn + min(min(left, extra), room)
            output[t, d] = made
