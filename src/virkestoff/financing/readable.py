"""The stack said slowly: one draw, one year at a time, with plain numbers.

Tests hold :mod:`virkestoff.financing.stack` against it; nothing else uses it.
"""

from __future__ import annotations

from virkestoff.financing.loan import LoanTerms
from virkestoff.financing.stack import Project, Stack

__all__ = ["one_draw"]


def tranche(
    amount: float, rate: float, years: int, grace: int, n_left: int
) -> list[tuple[float, float, float]]:
    """(owed, interest, principal) in each of the ``n_left`` years after drawing."""
    rows, owed = [], amount
    level = amount * rate / (1 - (1 + rate) ** -years) if rate else amount / years
    for age in range(1, n_left + 1):
        interest = owed * rate
        principal = 0.0 if age <= grace else min(level - interest, owed)
        if age >= grace + years or age == n_left:
            principal = owed
        rows.append((owed, interest, principal))
        owed -= principal
    return rows


def loan(drawn: list[float], rate: float, years: int, grace: int) -> list[list[float]]:
    """Owed, interest and principal a year of all tranches."""
    n = len(drawn)
    owed, interest, principal = [0.0] * n, [0.0] * n, [0.0] * n
    for start, amount in enumerate(drawn):
        for age, row in enumerate(tranche(amount, rate, years, grace, n - 1 - start), start=1):
            owed[start + age] += row[0]
            interest[start + age] += row[1]
            principal[start + age] += row[2]
    return [owed, interest, principal]


def served(drawn: list[float], terms: LoanTerms, i: int) -> list[list[float]]:
    """Owed, interest and principal on the terms of draw ``i``."""
    return loan(drawn, terms.rate[i, 0], int(terms.years[i, 0]), int(terms.grace[i, 0]))


def depreciation(amounts: list[float], rate: float, inflation: float) -> list[float]:
    """Real worth of declining-balance depreciation; the rest in the last year."""
    balance, written = 0.0, []
    for year, amount in enumerate(amounts):
        balance += amount
        written.append(balance if year == len(amounts) - 1 else balance * rate)
        balance *= (1 - rate) / (1 + inflation)
    return written


def one_draw(project: Project, stack: Stack, i: int) -> dict[str, list[float]]:
    """Cash of owner, state and lender in draw ``i``."""
    inv, out = project.investor, project.outlays
    works = bool(project.succeeds[i])
    on = 1.0 if works else 0.0
    n = project.revenue.shape[1]
    building = [sum(project.revenue[i][:t]) <= 0 for t in range(n)]
    spent = [1.0 if works else project.sunk_share[i, 0] * building[t] for t in range(n)]
    rev = [x * on for x in project.revenue[i]]
    ope = [x * s for x, s in zip(out.operating[i], spent, strict=True)]
    mac = [x * s for x, s in zip(out.machinery[i], spent, strict=True)]
    bui = [x * s for x, s in zip(out.buildings[i], spent, strict=True)]
    end = [x * on for x in out.end_value[i]]
    dev = list(project.development[i])
    sup = [x * on for x in stack.support[i]]
    bought = [b * stack.property_share[i, 0] for b in bui]
    g = stack.grant_share[i, 0]
    own_m = [m * (1 - g) for m in mac]
    own_b = [(b - s) * (1 - g) for b, s in zip(bui, bought, strict=True)]
    grant = [(m + b - s) * g for m, b, s in zip(mac, bui, bought, strict=True)]
    lent = stack.loan_share[i, 0]
    drawn = [(own_m[t] + own_b[t]) * lent if building[t] else 0.0 for t in range(n)]
    drawn[-1] = 0.0
    owed, interest, principal = served(drawn, stack.loan, i)
    adv = [d * stack.advance_share[i, 0] for d in dev]
    adv[-1] = 0.0
    _, adv_interest, adv_principal = served(adv, stack.advance, i)
    repaid = 1.0 if works else 1 - stack.forgiven_share[i, 0]
    total = sum(mac) + sum(bui)
    state_share = sum(bought) / total if total else 0.0
    written_m = depreciation(own_m, inv.machinery_rate[i, 0], inv.inflation[i, 0])
    written_b = depreciation(own_b, inv.building_rate[i, 0], inv.inflation[i, 0])
    written = [a + b for a, b in zip(written_m, written_b, strict=True)]
    cash, state, lender, short, lost = [], [], [], [], 0.0
    for t in range(n):
        wc = inv.working_capital_share[i, 0]
        bound = (0.0 if t == n - 1 else rev[t] * wc) - (rev[t - 1] * wc if t else 0.0)
        rent = sum(bought[:t]) * stack.rent_rate[i, 0] * on
        guaranteed = owed[t] * stack.guarantee_share[i, 0]
        premium = guaranteed * stack.guarantee_premium[i, 0]
        owner_end = end[t] * (1 - state_share)
        paid_adv = (adv_interest[t] + adv_principal[t]) * repaid
        profit = rev[t] + sup[t] - ope[t] - written[t] - dev[t] - rent - premium + owner_end
        after = profit - interest[t] - adv_interest[t] * repaid - lost
        tax = max(after, 0.0) * inv.tax_rate[i, 0]
        lost = max(-after, 0.0) / (1 + inv.inflation[i, 0])
        available = rev[t] + sup[t] - ope[t] - bound - tax - rent - premium + owner_end
        service = interest[t] + principal[t]
        short.append(owed[t] > 0 and principal[t] > 1e-9 * owed[t] and available < service - 1e-9)
        cash.append(
            available - own_m[t] - own_b[t] + drawn[t] - service - dev[t] + adv[t] - paid_adv
        )
        state.append(
            tax + rent + premium - bought[t] - grant[t] - sup[t] - adv[t] + paid_adv
            + end[t] * state_share
        )  # fmt: skip
        lender.append(service - drawn[t])
    due = [owed[t] if short[t] else 0.0 for t in range(n)]
    close(project, stack, i, due, -min(sum(end), 0.0), (cash, state, lender))
    return {"investor": cash, "state": state, "lender": lender}


def close(
    project: Project,
    stack: Stack,
    i: int,
    due: list[float],
    clearing: float,
    flows: tuple[list[float], list[float], list[float]],
) -> None:
    """Default where debt is due that the year cannot pay and carrying on is worth less than 0."""
    cash, state, lender = flows
    r = project.investor.required_return[i, 0]
    for t in range(len(cash)):
        going_on = sum(cash[u] / (1 + r) ** (u - t) for u in range(t, len(cash)))
        if due[t] and going_on < 0:
            recovered = due[t] * stack.recovery_share[i, 0]
            call = (due[t] - recovered) * stack.guarantee_share[i, 0]
            for flow in flows:
                flow[t:] = [0.0] * (len(flow) - t)
            lender[t] = recovered + call
            state[t] = -call - clearing
            return
