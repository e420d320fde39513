"""Transcribed series and statistics. Oracles: a second publication of the same quantity (Norges
Bank, Statistics Norway's index level, printed growth), or arithmetic that the source itself prints.
"""

from pathlib import Path

import pytest

from virkestoff.evidence import Library, find_conflicts, load_library, read_yaml

LIBRARY = Path(__file__).parents[2] / "library"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(LIBRARY)


# Norges Bank yearly means as printed by Landbruksdirektoratet (2017, 2018, 2019)
@pytest.mark.parametrize(
    ("currency", "means"),
    [("EUR", (9.33, 9.60, 9.85)), ("USD", (8.26, 8.13, 8.80))],
)
def test_exchange_rates_equal_norges_bank(
    library: Library, currency: str, means: tuple[float, ...]
) -> None:
    rates = library.fact(f"evidence.exchange_rate.{currency}")
    for year, mean in zip((2017, 2018, 2019), means, strict=True):
        assert rates.at(year) == pytest.approx(mean, abs=0.01)


def test_exchange_rates_cross(library: Library) -> None:
    """ERM II: the Danish krone stays within 2.25 % of 7.46038 DKK per EUR."""
    eur = library.fact("evidence.exchange_rate.EUR")
    dkk = library.fact("evidence.exchange_rate.DKK")
    for year in range(2010, 2026):
        assert eur.at(year) / dkk.at(year) == pytest.approx(7.46038, rel=0.0225)


# Euro area yearly inflation as printed by Eurostat (prc_hicp_aind), per cent
HICP = {2011: 2.7, 2015: 0.2, 2016: 0.2, 2020: 0.3, 2022: 8.4, 2023: 5.4, 2024: 2.4, 2025: 2.1}


@pytest.mark.parametrize(("year", "growth"), sorted(HICP.items()))
def test_euro_index_grows_as_printed(library: Library, year: int, growth: float) -> None:
    index = library.fact("evidence.price_index.EUR")
    assert 100 * (index.at(year) / index.at(year - 1) - 1) == pytest.approx(growth, abs=0.02)
    assert index.at(2015) == 100


def test_norwegian_index_grows_as_printed(library: Library) -> None:
    """NOU 2025:4 chapter 3 prints 3.1 % for 2024 and forecasts 2.7 % for 2025."""
    index = library.fact("evidence.price_index.NOK")
    assert 100 * (index.at(2024) / index.at(2023) - 1) == pytest.approx(3.1, abs=0.1)
    assert 100 * (index.at(2025) / index.at(2024) - 1) == pytest.approx(2.7, abs=0.05)


def test_indices_cover_what_money_needs(library: Library) -> None:
    """EUR 100 of 2015 is EUR 128.8 of 2025 by Eurostat's chain, at 11.7173 NOK (ECB mean)."""
    assert library.indices.to_nok(100, "EUR", 2015, 2025) == pytest.approx(
        128.8 * 11.7173, rel=2e-4
    )


def test_population_of_norway(library: Library) -> None:
    """Statistics Norway, 1 January 2025 (recalled): 5 594 340, half a year after mid-2024."""
    population = library.fact("evidence.population.NOR")
    assert population.at(2024) == pytest.approx(5_594_340, rel=0.01)


def test_cost_gap_per_kilogram(library: Library) -> None:
    """Roland Berger via DAZ 36/2020: EUR 550 and 156 per kg, about 70 % lower."""
    small = library.fact("evidence.benchmark.cephalosporin_gap_100t").central / 100_000
    large = library.fact("evidence.benchmark.cephalosporin_gap_500t").central / 500_000
    assert (small, large) == pytest.approx((550, 156))
    assert 1 - large / small == pytest.approx(0.72, abs=0.005)


def test_swedish_buffer_adds_up(library: Library) -> None:
    """Folkhälsomyndigheten 2024: 17 million SEK a year for 20 products is the sales floor each."""
    total = library.fact("evidence.procurement.se_buffer_total").central
    products = library.fact("evidence.procurement.se_buffer_products").central
    floor = library.fact("evidence.procurement.se_sales_floor").central
    assert total / products == pytest.approx(floor)


def test_disagreeing_sources_are_listed(library: Library) -> None:
    """The reference notes name these disagreements: Norwegian shortages 2014 and 2019, Kundl."""
    found = {(conflict.subject, conflict.year) for conflict in find_conflicts(library)}
    assert ("medicine shortages Norway", 2014) in found
    assert ("medicine shortages Norway", 2019) in found
    assert ("Sandoz Kundl, investment in substance", 2020) in found
    # the break between 2018 and 2019 is no conflict: two populations, two years
    assert ("medicine shortages Norway", 2018) not in found


def test_recalled_prices_stay_unverified(library: Library) -> None:
    """No open price of penicillin V was found, so its facts must not pass as read."""
    for name in ("penv_substance", "penv_pack_purchase", "penv_pack_retail"):
        assert library.fact(f"evidence.price.{name}").confidence == "unverified"


def test_stock_duties_do_not_overlap(library: Library) -> None:
    """The wholesaler rule changed on 15 December 2023 (Helsedirektoratet): no day has both."""
    before = library.fact("supply.stock_duty.wholesale_2016.stock").valid.to
    after = library.fact("supply.stock_duty.wholesale_2023.stock").valid.from_
    assert before is not None and after is not None
    assert (after - before).days == 1


def test_sites_rest_on_rules_and_sources(library: Library) -> None:
    """No site is given a yes: source 001 (section 5.1.1) says that Norway lacks the rooms."""
    data = read_yaml(LIBRARY / "evidence" / "sites.yaml", "sites.yaml")
    rules = data["site_rules"]
    assert all(rule["source"] in library.sources for rule in rules.values())
    ids = [site["id"] for site in data["sites"]]
    assert len(ids) == len(set(ids))
    for site in data["sites"]:
        assert site["sources"]
        assert {s["source"] for s in site["sources"]} <= library.sources.keys()
        assert set(site["could_make"]) == {"tablets", "mixture", "vials", "substance"}
        for form in site["could_make"].values():
            assert form["answer"] in {"no", "unknown"}
            assert form["why"]["nb"] and form["why"]["en"]
            assert form["rules"] and set(form["rules"]) <= rules.keys()


def test_glossary_has_both_languages_and_a_source(library: Library) -> None:
    data = read_yaml(LIBRARY / "glossary.yaml", "glossary.yaml")
    assert len(data["terms"]) >= 40
    for term in data["terms"].values():
        assert term["nb"] and term["en"]
        assert term["definition"]["nb"] and term["definition"]["en"]
        assert term["source"] in library.sources
