"""Demand: three markets against the reference table, growth, faults."""

from __future__ import annotations

import numpy as np
import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, Library, content_root, load_library
from virkestoff.supply import load_markets, need
from virkestoff.timeline import Years

PRODUCTS = (
    "phenoxymethylpenicillin",
    "benzylpenicillin",
    "amoxicillin",
    "pivmecillinam",
    "dicloxacillin",
    "cloxacillin",
)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture
def central(library: Library) -> CentralParameters:
    return CentralParameters(library, 2025)


class Changed(CentralParameters):
    """Central values with some of them replaced."""

    def __init__(self, library: Library, values: dict[str, float]) -> None:
        super().__init__(library, 2025)
        self._values = values

    def __call__(self, fact_id: str, unit: str) -> np.ndarray:
        values = super().__call__(fact_id, unit)
        return np.full_like(values, self._values[fact_id]) if fact_id in self._values else values


@pytest.mark.parametrize(
    ("market", "penicillin_v", "isoxazolyl", "hospital"),
    # Oracle: production-economics section 3: oral J01CE 13.1, 61.8, 175.3 t; J01CF 3.2, 25.2,
    # 81.8 t; hospital J01CE at 3.6 g 1.8, 6.8, 11.4 t.
    [("norway", 13.1, 3.2, 1.8), ("nordic", 61.8, 25.2, 6.8), ("eea", 175.3, 81.8, 11.4)],
)
def test_three_markets(
    market: str,
    penicillin_v: float,
    isoxazolyl: float,
    hospital: float,
    central: CentralParameters,
) -> None:
    tonnes = {
        name: kg[0, 0] / 1000 for name, kg in need(market, PRODUCTS, [2024], central).kg.items()
    }
    # The oracle rounds populations to 10,000: half a per cent; the third figure is rounded to 0.1.
    assert tonnes["phenoxymethylpenicillin"] == pytest.approx(penicillin_v, rel=0.01)
    both = tonnes["dicloxacillin"] + tonnes["cloxacillin"]
    assert both == pytest.approx(isoxazolyl, rel=0.02)
    assert tonnes["benzylpenicillin"] == pytest.approx(hospital, rel=0.02)


def test_amoxicillin_uses_the_daily_dose_of_the_data_year(central: CentralParameters) -> None:
    # Oracle: the definition was 1.0 g until 2019 (reference notes); the data are from 2015.
    result = need("norway", ("amoxicillin",), [2024], central)
    np.testing.assert_allclose(result.kg["amoxicillin"], result.ddd["amoxicillin"] * 1e-3)


def test_growth_and_level(library: Library) -> None:
    # Oracle: compound growth by hand.
    parameters = Changed(library, {"supply.need.growth": 0.02, "supply.need.level": 0.5})
    grown = need("norway", PRODUCTS[:1], Years(2027, 2036), parameters).kg[PRODUCTS[0]]
    base = need("norway", PRODUCTS[:1], [2024], CentralParameters(library, 2025)).kg[PRODUCTS[0]]
    assert grown.shape == (1, 10)
    np.testing.assert_allclose(grown[0], base[0, 0] * 0.5 * 1.02 ** np.arange(3, 13))


def test_packs_hold_the_kilograms(library: Library, central: CentralParameters) -> None:
    # Oracle by hand: 90 % of 13.18 t as 30 tablets of 660 mg salt (595.3 mg acid).
    result = need("norway", PRODUCTS, [2024], central)
    kg = result.kg["phenoxymethylpenicillin"][0, 0]
    tablets = result.packs["phenoxymethylpenicillin_tablet"][0, 0] * 30
    assert tablets == pytest.approx(0.9 * kg / (660e-6 * 350.39 / 388.48), rel=1e-4)
    bottles = result.packs["phenoxymethylpenicillin_mixture"][0, 0]
    assert bottles == pytest.approx(0.1 * kg / (10e-3 * 350.39 / 388.48), rel=1e-4)
    assert set(result.packs) >= {
        "benzylpenicillin_vial",
        "cloxacillin_vial",
        "pivmecillinam_tablet",
    }


def test_unreported_is_listed_and_not_silently_zero(central: CentralParameters) -> None:
    result = need("eea", ("benzylpenicillin",), [2024], central)
    assert ("germany", "j01ce_hospital") in result.not_covered
    assert "benzylpenicillin" not in result.kg_by_country["germany"]
    assert not need("norway", PRODUCTS, [2024], central).not_covered


def test_markets_are_nested() -> None:
    markets = load_markets().markets
    assert set(markets["norway"]) < set(markets["nordic"]) < set(markets["eea"])
    assert len(markets["eea"]) == 29  # EU27 with Norway and Iceland


def test_unknown_names_are_faults_all_at_once(central: CentralParameters) -> None:
    with pytest.raises(InputError) as caught:
        need("nordics", ("penicillin_v", "amoxicilin"), [2024], central)
    assert len(caught.value.faults) == 3
    assert "Did you mean 'nordic'" in str(caught.value)


def test_negative_demand_is_a_fault(library: Library) -> None:
    parameters = Changed(library, {"supply.need.level": -1.0})
    with pytest.raises(InputError, match="below zero"):
        need("norway", PRODUCTS[:1], [2024], parameters)
