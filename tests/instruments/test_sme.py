"""Size of enterprise. Oracles: examples of the Commission's user guide, the text of Annex I, a
Norwegian regulation's euro rate, and points of bands taken one by one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError, MissingFact
from virkestoff.instruments.aid_quantities import Range
from virkestoff.instruments.intervals import Band
from virkestoff.instruments.sme import single_undertaking, sme_status
from virkestoff.instruments.sme_group import Accounts, Enterprise, Group, Holding

ON = date(2026, 11, 24)


def one(name, employees, turnover, balance=None, year=2025, kind="enterprise", **more):
    balance = turnover if balance is None else balance
    accounts = (Accounts(year, employees, turnover, balance, "EUR"),)
    return Enterprise(name, accounts, kind, **more)


def own(owner, held, share, votes=None, **more) -> Holding:
    return Holding(owner, held, share, share if votes is None else votes, **more)


def status(library, enterprises, holdings=(), of="a", **more):
    return sme_status(library, Group.of(enterprises, holdings), of, ON, **more)


def literal_class(employees: float, turnover: float, balance: float) -> str:
    """Annex I, Article 2, word by word."""
    if employees < 10 and (turnover <= 2e6 or balance <= 2e6):
        return "micro"
    if employees < 50 and (turnover <= 10e6 or balance <= 10e6):
        return "small"
    if employees < 250 and (turnover <= 50e6 or balance <= 43e6):
        return "medium"
    return "large"


@pytest.mark.parametrize(
    ("employees", "turnover", "balance", "expected"),
    [
        (9, 2e6, 9e6, "micro"), (10, 2e6, 2e6, "small"), (9, 2_000_001, 2_000_001, "small"),
        (49, 10e6, 90e6, "small"), (50, 1e6, 1e6, "medium"),
        (49, 10_000_001, 10_000_001, "medium"),
        (249, 50e6, 90e6, "medium"), (249, 90e6, 43e6, "medium"), (250, 1e6, 1e6, "large"),
        (249, 50_000_001, 43_000_001, "large"),
    ],
)  # fmt: skip
def test_both_sides_of_every_limit(library, employees, turnover, balance, expected) -> None:
    """Annex I, Article 2: fewer than 10, 50, 250; up to 2, 10, 50 or 2, 10, 43 million euro."""
    found = status(library, [one("a", employees, turnover, balance)])
    assert found.classes == {expected}
    assert found.sizes == {"small" if expected == "micro" else expected}


def test_user_guide_example_4(library) -> None:
    """User guide, example 4: B 25 % (university), C 30 %, D 25 % (institutional investor).

    B and D are exempt, so my total is 100 % of A and 30 % of C.
    """
    found = status(
        library,
        [one("a", 20, 1e6), one("b", 1000, 9e9, kind="university"), one("c", 100, 10e6),
         one("d", 5000, 9e9, kind="institutional_investor")],
        [own("b", "a", 0.25), own("c", "a", 0.30), own("d", "a", 0.25)],
    )  # fmt: skip
    assert found.years[0].employees == Range(20 + 0.3 * 100, 20 + 0.3 * 100)
    assert found.years[0].turnover.low == pytest.approx(1e6 + 0.3 * 10e6)


def test_user_guide_example_5(library) -> None:
    """User guide, example 5: B 25 %, C 25 %, D 30 %; B and D are linked and hold 55 % together.

    They are not exempt: my total is 100 % of A, B and D and 25 % of C.
    """
    found = status(
        library,
        [one("a", 20, 1e6), one("b", 70, 3e6, kind="university"), one("c", 100, 10e6),
         one("d", 40, 2e6, kind="public_investor")],
        [own("b", "a", 0.25), own("c", "a", 0.25), own("d", "a", 0.30), own("d", "b", 0.8)],
    )  # fmt: skip
    assert found.years[0].employees.low == pytest.approx(20 + 70 + 40 + 0.25 * 100)
    kinds = {r.enterprise: (r.kind, r.share.low) for r in found.relations}
    assert kinds == {"a": ("self", 1), "b": ("linked", 1), "d": ("linked", 1),
                     "c": ("partner", 0.25)}  # fmt: skip


@pytest.mark.parametrize(
    ("share", "counted"),
    [(0.2499, 0.0), (0.25, 0.25), (0.33, 0.33), (0.5, 0.5), (0.5001, 1.0), (1.0, 1.0)],
)
def test_partner_from_a_quarter_and_linked_above_a_half(library, share, counted) -> None:
    """Annex I, Article 3: 25 % or more; a majority of the votes. Upstream and downstream alike."""
    for holding in (own("b", "a", share), own("a", "b", share)):
        found = status(library, [one("a", 10, 1e6), one("b", 1000, 1e6)], [holding])
        assert found.years[0].employees.low == pytest.approx(10 + counted * 1000)


def test_shares_that_sum_to_the_limit(library) -> None:
    """Linked owners hold jointly: 8 and 17 percent are 25; ten times 5 are no majority."""
    people = [one("a", 10, 1e6), one("b", 100, 1e6), one("c", 100, 1e6)]
    found = status(library, people, [own("b", "a", 0.08), own("c", "a", 0.17), own("b", "c", 1.0)])
    assert found.years[0].employees.low == pytest.approx(10 + 0.25 * 200)
    many = [one(f"d{k}", 0, 1.0) for k in range(10)]
    holdings = [own(f"d{k}", "a", 0.05) for k in range(10)]
    holdings += [own("d0", f"d{k}", 1.0) for k in range(1, 10)]
    half = status(library, [one("a", 10, 1e6), *many], holdings)
    assert {r.kind for r in half.relations if r.enterprise != "a"} == {"partner"}


def test_owners_in_a_ring(library) -> None:
    people = [one("a", 10, 1e6), one("b", 20, 1e6), one("c", 40, 1e6)]
    ring = [own("a", "b", 0.6), own("b", "c", 0.6), own("c", "a", 0.3)]
    assert status(library, people, ring).years[0].employees.low == 70


def test_capital_without_votes_is_partner_and_the_larger_counts(library) -> None:
    found = status(library, [one("a", 10, 1e6), one("b", 100, 1e6)], [own("b", "a", 0.6, 0.3)])
    assert found.years[0].employees.low == pytest.approx(10 + 60)


@given(
    st.lists(
        st.tuples(st.integers(0, 100), st.integers(0, 300), st.integers(0, 300)),
        min_size=1, max_size=4,
    ),
    st.integers(0, 300),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_two_levels_by_hand(library, owners, mine) -> None:
    """Article 6: partners pro rata with everything linked to them; linked ones in full.

    Closed form for owners that each own all of one daughter, shares cut so that they sum to one.
    """
    left, parts = 100, []
    for share, heads, daughter in owners:
        share = min(share, left)
        left -= share
        parts.append((share, heads, daughter))
    enterprises, holdings, expected = [one("a", mine, 1e6)], [], float(mine)
    for k, (share, heads, daughter) in enumerate(parts):
        enterprises += [one(f"b{k}", heads, 1e6), one(f"c{k}", daughter, 1e6)]
        holdings += [own(f"b{k}", "a", share / 100), own(f"b{k}", f"c{k}", 1.0)]
        weight = 1.0 if share > 50 else share / 100 if share >= 25 else 0.0
        expected += weight * (heads + daughter)
    for order in (holdings, holdings[::-1]):
        found = status(library, enterprises, order)
        assert found.years[0].employees.low == pytest.approx(expected)
        assert found.years[0].employees.is_exact


def test_partners_of_linked_enterprises_count_but_partners_of_partners_do_not(library) -> None:
    """Article 6(3): pro rata those of a linked enterprise; of a partner only what is linked."""
    people = [one("a", 10, 1e6), one("l", 100, 1e6), one("p", 1000, 1e6), one("q", 10_000, 1e6)]
    found = status(library, people, [own("l", "a", 0.8), own("p", "l", 0.4), own("q", "p", 0.4)])
    assert found.years[0].employees.low == pytest.approx(10 + 100 + 0.4 * 1000)


def test_consolidated_accounts_are_not_counted_twice(library) -> None:
    mother = Enterprise(
        "m", (Accounts(2025, 140, 9e6, 9e6, "EUR", frozenset({"a"})),)
    )
    found = status(library, [one("a", 40, 1e6), mother], [own("m", "a", 1.0)])
    assert found.years[0].employees.low == 140


def test_a_person_links_only_in_the_same_market(library) -> None:
    """Annex I, Article 3(3): through a natural person if in the same or an adjacent market."""
    def found(is_same_market):
        people = [one("a", 10, 1e6), one("b", 300, 1e6),
                  Enterprise("p", (), "natural_person", is_same_market)]  # fmt: skip
        return status(library, people, [own("p", "a", 0.6), own("p", "b", 0.6)])

    assert found(True).classes == {"large"}
    assert found(False).classes == {"small"}
    unknown = found(None)
    assert unknown.classes >= {"small", "large"}
    assert unknown.missing


@pytest.mark.parametrize(("share", "classes"), [(0.24, {"small"}), (0.25, {"large"})])
def test_public_owners(library, share, classes) -> None:
    """Court of Justice, C-516/19, on Annex I, Article 3(4): control of 25 % by public bodies."""
    people = [one("a", 20, 1e6), Enterprise("k", (), "public_body")]
    assert status(library, people, [own("k", "a", share)]).classes == classes
    # jointly, and through an enterprise that public bodies control
    people += [Enterprise("f", (), "public_body"), one("s", 5, 1e5)]
    joint = [own("k", "a", share - 0.1), own("s", "a", 0.1), own("f", "s", 0.9)]
    assert status(library, people, joint).classes == classes


def test_the_euro_rate_of_the_year_of_the_accounts(library) -> None:
    """Finansdepartementet, regulation of 16 September 2020: limits at 9.8511 NOK per euro, 2019.

    ESA, rates: status by last year's average exchange rate.
    """
    def found(turnover):
        accounts = (Accounts(2019, 100, turnover, 900e6, "NOK"),)
        group = Group.of([Enterprise("a", accounts)])
        return sme_status(library, group, "a", date(2020, 9, 16))

    limit = 50e6 * 9.8511
    assert found(limit - 100).classes == {"medium"}
    assert found(limit).classes == {"medium"}  # "does not exceed"
    assert found(limit + 100).classes == {"large"}
    assert found(limit).years[0].nok_per_eur == 9.8511


def history(*employees: float, **more) -> Enterprise:
    return Enterprise("a", tuple(
        Accounts(2026 - len(employees) + k, n, 1e6, 1e6, "EUR") for k, n in enumerate(employees)
    ), **more)  # fmt: skip


@pytest.mark.parametrize(
    ("employees", "expected"),
    [
        ((40, 60), "small"),  # over in one year
        ((40, 60, 60), "medium"),  # over in two
        ((40, 60, 40, 60), "small"),  # never two in a row
        ((60, 40), "medium"), ((60, 40, 40), "small"),
        ((40, 300, 60), "medium"),  # small limits passed twice, medium limits once
        ((40, 300, 300), "large"), ((300, 40, 100), "medium"), ((300, 300), "large"),
    ],
)  # fmt: skip
def test_two_years_in_a_row(library, employees, expected) -> None:
    """Article 4(2): no loss or gain of status unless exceeded over two consecutive periods."""
    assert status(library, [history(*employees)]).classes == {expected}


def test_a_change_of_owner_leaves_the_two_years_out(library) -> None:
    assert status(library, [history(40, 300)]).classes == {"small"}
    assert status(library, [history(40, 300)], has_ownership_changed=True).classes == {"large"}


bands = st.one_of(
    st.integers(0, 400).map(float),
    st.tuples(st.integers(0, 400), st.integers(0, 400)).map(
        lambda t: Band(float(min(t)), float(max(t)))
    ),
)


@given(st.lists(st.tuples(bands, bands, bands), min_size=1, max_size=3), st.randoms())
@settings(max_examples=80, deadline=None)
def test_a_band_holds_every_point(library, years, random) -> None:
    """Any point of the bands gives a class that is among those answered."""
    scale = 2e5

    def scaled(x, by):
        return Band(x.low * by, x.high * by) if isinstance(x, Band) else x * by

    def point(x):
        if not isinstance(x, Band):
            return x
        return random.choice([x.low, x.high, random.uniform(x.low, x.high)])

    first = 2026 - len(years)
    wide = tuple(Accounts(first + k, e, scaled(t, scale), scaled(b, scale), "EUR")
                 for k, (e, t, b) in enumerate(years))  # fmt: skip
    narrow = tuple(Accounts(a.year, point(a.employees), point(a.turnover),
                            point(a.balance_total), "EUR") for a in wide)  # fmt: skip
    banded = status(library, [Enterprise("a", wide)])
    exact = status(library, [Enterprise("a", narrow)])
    assert len(exact.classes) == 1
    assert exact.classes <= banded.classes
    last = narrow[-1]
    raw = literal_class(last.employees, last.turnover, last.balance_total)
    assert exact.years[-1].classes == {raw}


@given(
    low=st.floats(0, 1), more=st.floats(0, 1), heads=st.integers(0, 400),
    other=st.integers(0, 2000),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_larger_share_never_makes_smaller(library, low, more, heads, other) -> None:
    order = ("micro", "small", "medium", "large")
    high = min(low + more, 1.0)

    def found(share):
        return status(library, [one("a", heads, 1e6), one("b", other, 1e6)],
                      [own("b", "a", share)]).classes  # fmt: skip

    (least,), (most,) = found(low), found(high)
    assert order.index(least) <= order.index(most)
    assert {least, most} <= found(Band(low, high))


def test_nothing_known_is_every_class_and_says_what_is_missing(library) -> None:
    found = status(library, [Enterprise("a")])
    assert found.classes == {"micro", "small", "medium", "large"}
    assert [m.en for m in found.missing] == ["Accounts of a of a year before 2026"]
    some = status(library, [Enterprise("a", (Accounts(2025, 12, None, 5e6, "EUR"),))])
    assert some.classes == {"small"}  # the balance sheet alone settles it
    assert not some.missing
    unrated = Enterprise("a", (Accounts(2009, 12, 1e6, 1e6),))
    assert {m.en for m in status(library, [unrated]).missing} >= {"Mean euro rate of 2009"}


def test_the_definition_is_not_known_after_the_block_exemption(library) -> None:
    group = Group.of([one("a", 1, 1e5)])
    assert sme_status(library, group, "a", date(2026, 12, 31)).classes == {"micro"}
    with pytest.raises(MissingFact, match="rule not known on 2027-01-01"):
        sme_status(library, group, "a", date(2027, 1, 1))


def test_single_undertaking_has_four_links() -> None:
    """Guichet.lu on the de minimis regulation: votes, board, contract or statutes, agreement."""
    names = [Enterprise(n) for n in "abcdefgh"] + [Enterprise("p", (), "natural_person")]
    links = [
        own("a", "b", 0.51), own("a", "c", 0.0, links=frozenset({"appoints"})),
        own("b", "d", 0.1, links=frozenset({"contract"})),
        own("d", "e", 0.2, links=frozenset({"agreement"})),
        own("a", "f", 0.5), own("p", "a", 0.49), own("p", "g", 1.0),
        own("a", "h", 0.3, is_controlling=None),
    ]
    found = single_undertaking(Group.of(names, links), "e")
    assert found.certain == set("abcde")
    assert found.possible == set("abcdeh")


def test_faults_come_together(library) -> None:
    with pytest.raises(InputError) as problem:
        Group.of(
            [one("a", 1, 1.0), one("a", 1, 1.0), one("b", 1, 1.0)],
            [own("x", "a", 0.3), own("a", "a", 0.3), own("b", "a", 0.9)],
        )
    text = str(problem.value)
    for part in ("'a'", "stands twice", "'x' is no enterprise", "cannot own itself", "sums to 1.5"):
        assert part in text
    with pytest.raises(InputError, match="is not in the group"):
        status(library, [one("a", 1, 1.0)], of="b")
    with pytest.raises(InputError, match="no amount from zero up"):
        status(library, [one("a", -1, 1.0)])
