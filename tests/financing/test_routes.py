"""Legal routes. Oracle: the rules of the issue: a route is named, none means no aid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.financing import aid_decision, check_routes, load_routes, route_table
from virkestoff.instruments import articles

NOW, LAPSED = date(2026, 11, 24), date(2027, 6, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture(scope="module")
def routes():
    return load_routes(content_root() / "library")


def test_every_route_cites_what_the_library_holds(library, routes) -> None:
    assert {route.source for route in routes.values()} <= set(library.sources)
    known = set(articles(library))
    assert {name for route in routes.values() for name in route.articles} <= known
    recalled = library.sources["state_aid_recollection"]
    assert "not verified" in recalled.publisher
    for route in routes.values():
        if route.source == "state_aid_recollection":
            assert route.confidence == "unverified"


def test_what_is_not_read_is_said_in_both_languages(routes) -> None:
    assert all(route.unverified.nb and route.unverified.en for route in routes.values())


def test_a_check_names_every_measure_without_a_route(routes) -> None:
    wanted = {
        "plant": {"grant": "block_exemption", "support": ""},
        "stock": {"buffer": "own_stok"},
    }
    with pytest.raises(InputError) as problem:
        check_routes(wanted, routes, LAPSED)
    text = str(problem.value)
    assert "3 faults" in text
    assert "'support': names no legal route" in text
    assert "Did you mean 'own_stock'?" in text
    assert "not known on 2027-06-01" in text


def test_no_known_basis_passes_and_means_no_aid(library, routes) -> None:
    found = check_routes({"plant": {"support": "no_known_basis"}}, routes, NOW)
    assert found.without_basis == (("plant", "support"),)
    decision = aid_decision(library, routes["no_known_basis"], NOW, "large", 1e6)
    assert (decision.cases, decision.allowed) == (("without",), None)


def test_within_the_block_exemption_aid_is_counted_on(library, routes) -> None:
    route = routes["block_exemption"]
    found = aid_decision(library, route, NOW, "large", 10e6, "25_experimental")
    assert found.cases == ("with",)
    assert found.allowed is not None
    assert found.allowed.without_notification == pytest.approx(2.5e6)
    above = aid_decision(library, route, NOW, "large", 900e6, "25_experimental")
    assert above.cases == ("with", "without")


@pytest.mark.parametrize(
    ("name", "article", "on"),
    [
        ("block_exemption", "25_experimental", LAPSED),  # the successor was not read
        ("block_exemption", "14", NOW),  # the map from 2022 was not read
        ("notification", None, NOW),  # the outcome is not given
        ("sgei_decision", None, NOW),  # whether it is such a service is not settled
        ("sgei_altmark", None, NOW),
        ("market_terms", None, NOW),
    ],
)
def test_what_is_not_known_is_shown_with_and_without(library, routes, name, article, on) -> None:
    found = aid_decision(library, routes[name], on, "small", 1e6, article)
    assert found.cases == ("with", "without")
    assert found.allowed is None


def test_purchases_are_no_aid(library, routes) -> None:
    for name in ("tender", "own_stock", "statutory_duty"):
        assert aid_decision(library, routes[name], LAPSED, "large", 1e9).cases == ("with",)


def test_the_table_has_a_row_per_measure(routes) -> None:
    rows = route_table({"a": {"x": "tender", "y": "no_known_basis"}, "b": {}}, routes)
    assert [(row["alternative"], row["measure"]) for row in rows] == [("a", "x"), ("a", "y")]
    assert rows[0]["basis"].nb == "Anskaffelsesregelverket"


def test_a_bad_file_is_named_whole(tmp_path: Path) -> None:
    (tmp_path / "instruments").mkdir()
    text = "routes:\n  one:\n    gives: money\n  two: 3\n"
    (tmp_path / "instruments" / "routes.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as problem:
        load_routes(tmp_path)
    assert "routes.two: must be a record" in str(problem.value)
    assert "routes.one.gives" in str(problem.value)
