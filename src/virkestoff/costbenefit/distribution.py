"""Who gains and who pays: the distribution of society's net present value.

Distribution is described beside the net present value and not weighted into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from virkestoff.costbenefit.appraisal import Appraisal
from virkestoff.effects import RESOURCES
from virkestoff.language import Text

__all__ = ["DistributionRow", "distribution"]

Array = npt.NDArray[np.float64]
Kind = Literal["public", "private", "taxpayers", "society", "foreign", "resources"]

TAXPAYERS = Text(nb="Skattebetalerne (skattefinansieringskostnad)", en="Taxpayers (cost of taxes)")
SOCIETY = Text(nb="Samfunnet (bosatte i Norge)", en="Society (residents of Norway)")
OTHER_USES = Text(
    nb="Arbeid, varer og tjenester fra annen bruk", en="Labour, goods and services from other uses"
)


@dataclass(frozen=True)
class DistributionRow:
    """One line: whose, and the net present value in NOK, shape (n_draws,).

    Rows of kind public, private and taxpayers add up to the row of kind society; foreign and
    resources stand outside it.
    """

    name: Text
    kind: Kind
    net_present_value: Array

    @property
    def mean(self) -> float:
        """The expected value, NOK."""
        return float(self.net_present_value.mean())

    def quantiles(self, *shares: float) -> tuple[float, ...]:
        """Quantiles over draws, NOK."""
        return tuple(float(q) for q in np.quantile(self.net_present_value, shares))


def distribution(
    appraisal: Appraisal, names: Mapping[str, Text] | None = None
) -> tuple[DistributionRow, ...]:
    """The distribution table: residents, taxpayers, society, then those outside.

    Parameters
    ----------
    names : actor -> name for readers; an actor without one shows its identifier
    """
    known = names or {}

    def named(actor: str) -> Text:
        return known.get(actor) or Text(nb=actor, en=actor)

    groups: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("public", appraisal.actors.public),
        ("private", appraisal.actors.private),
    )
    rows = [
        DistributionRow(named(actor), kind, appraisal.actor_npv[actor])
        for kind, members in groups
        for actor in members
    ]
    rows.append(DistributionRow(TAXPAYERS, "taxpayers", 0.0 - appraisal.tax_financing_cost))
    rows.append(DistributionRow(SOCIETY, "society", appraisal.society_net_present_value))
    rows.extend(
        DistributionRow(named(actor), "foreign", appraisal.actor_npv[actor])
        for actor in appraisal.actors.foreign
    )
    rows.append(DistributionRow(OTHER_USES, "resources", appraisal.actor_npv[RESOURCES]))
    return tuple(rows)
