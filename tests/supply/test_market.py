"""What imports cost and what a new maker wins. Oracle: computed by hand from given values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from virkestoff.errors import InputError, MissingFact
from virkestoff.evidence import FixedParameters, content_root, load_library
from virkestoff.supply import (
    load_market,
    pack_price,
    purchase_values,
    share_of_need,
    substance_price,
)

TABLE = """\
purchase_prices:
  a_tablet: {fact: evidence.price.a, unit: NOK/tablet, per: unit}
  a_mixture: {fact: evidence.price.b, unit: NOK/bottle, per: pack}
substance_prices: {a: evidence.price.c}
facts: {}
sources: {}
"""


@pytest.fixture
def market(tmp_path: Path):
    path = tmp_path / "market.yaml"
    path.write_text(TABLE)
    return load_market(path)


def _given(**more: float) -> FixedParameters:
    values = {"evidence.price.a": 2.0, "evidence.price.b": 70.0, "evidence.price.c": 300.0}
    return FixedParameters({**values, **more})


def test_a_price_per_tablet_times_tablets_and_a_price_per_bottle_as_it_is(market) -> None:
    thirty = np.array([[30.0]])
    assert pack_price("a_tablet", thirty, _given(), market).item() == 60
    assert pack_price("a_mixture", thirty, _given(), market).item() == 70
    assert substance_price("a", _given(), market).item() == 300


def test_purchase_values(market) -> None:
    packs = {"a_tablet": np.array([[10.0, 20.0]]), "a_mixture": np.array([[1.0, 0.0]])}
    units = {"a_tablet": np.array([[30.0]]), "a_mixture": np.array([[1.0]])}
    values = purchase_values(packs, _given(), units, market)
    np.testing.assert_allclose(values["a_tablet"], [[600, 1200]])
    np.testing.assert_allclose(values["a_mixture"], [[70, 0]])


def test_pack_sizes_come_from_the_library_when_none_are_given(market) -> None:
    size = {"production.presentation.a_tablet.units_per_pack": 20.0}
    packs = {"a_tablet": np.array([[1.0]])}
    assert purchase_values(packs, _given(**size), None, market)["a_tablet"].item() == 40


def test_each_ring_of_countries_has_its_own_share() -> None:
    """Need 10 in Norway, 40 in the Nordics, 100 in the EEA: rings of 10, 30 and 60."""
    shares = {"norway": 0.5, "nordic": 0.2, "eea": 0.05}
    given = FixedParameters({f"supply.market.share_won.{k}": v for k, v in shares.items()})
    need = {k: np.array([[v]]) for k, v in (("norway", 10.0), ("nordic", 40.0), ("eea", 100.0))}
    for reach, abroad in (("norway", 0.0), ("nordic", 6.0), ("eea", 9.0)):
        home, away = share_of_need(need, reach, given)
        assert home.item() == 5
        assert away.item() == pytest.approx(abroad)


def test_no_sale_below_nothing_when_a_ring_is_empty() -> None:
    given = FixedParameters({f"supply.market.share_won.{k}": 0.5 for k in ("norway", "nordic")})
    need = {"norway": np.array([[10.0]]), "nordic": np.array([[8.0]])}
    assert share_of_need(need, "nordic", given)[1].item() == 0


def test_unknown_names_say_what_was_meant(market) -> None:
    with pytest.raises(MissingFact, match="Did you mean 'a_tablet'"):
        pack_price("a_tablett", np.ones((1, 1)), _given(), market)
    with pytest.raises(MissingFact, match="substance_prices.b"):
        substance_price("b", _given(), market)
    with pytest.raises(InputError, match="Did you mean 'nordic'"):
        share_of_need({"norway": np.ones((1, 1))}, "nordics", _given())


def test_all_faults_of_the_table_at_once(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(
        "purchase_prices:\n"
        "  a_tablet: {fact: evidence.price.a, per: box, colour: red}\n"
        "substance_price: {}\n"
    )
    with pytest.raises(InputError) as caught:
        load_market(path)
    message = str(caught.value)
    for part in (
        "market.yaml:2: purchase_prices.a_tablet.unit: is missing",
        "market.yaml:2: purchase_prices.a_tablet.per",
        "market.yaml:2: purchase_prices.a_tablet.colour: is not a known key",
        "market.yaml:3: substance_price: is not a known key",
        "substance_prices: is missing",
    ):
        assert part in message, message


def test_every_price_of_our_table_is_a_fact_in_a_fitting_unit() -> None:
    """The table that came along names facts that exist, of money, per what it says."""
    library, market = load_library(content_root() / "library"), load_market()
    for row in market.packs.values():
        fact = library.fact(row.fact)
        assert fact.price_year is not None
        assert fact.unit.partition("/")[2] == row.unit.partition("/")[2], row.fact
        assert (row.per == "pack") == (row.unit == "NOK/bottle")
    for name in market.substances.values():
        assert library.fact(name).unit.endswith("/kg")
