"""Small projects and stacks to finance. All synthetic; amounts in NOK million."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from virkestoff.financing import LoanTerms, Project, Stack
from virkestoff.production.cashflow import Investor, Outlays


def column(value: float, n_draws: int) -> np.ndarray:
    return np.full((n_draws, 1), value)


def make_project(
    rng: np.random.Generator, n_draws: int = 12, n_years: int = 10, tax: float = 0.22
) -> Project:
    years = np.arange(n_years)
    machinery = np.where(years < 2, rng.uniform(20, 80, (n_draws, 1)), 0.0)
    machinery = machinery + np.where(years == 6, rng.uniform(0, 20, (n_draws, 1)), 0.0)
    buildings = np.where(years < 2, rng.uniform(10, 60, (n_draws, 1)), 0.0)
    runs = years >= 3
    operating = np.where(runs, rng.uniform(10, 30, (n_draws, 1)), 2.0)
    revenue = np.where(runs, operating * rng.uniform(0.8, 2.5, (n_draws, 1)), 0.0)
    end = np.where(years == n_years - 1, rng.uniform(-20, 40, (n_draws, 1)), 0.0)
    development = np.where(years < 3, rng.uniform(0, 15, (n_draws, 1)), 0.0)
    investor = Investor(
        rng.uniform(0.04, 0.14, (n_draws, 1)), column(tax, n_draws), column(0.02, n_draws),
        column(0.2, n_draws), column(0.04, n_draws), column(0.2, n_draws),
    )  # fmt: skip
    return Project(
        revenue, Outlays(operating, machinery, buildings, end), investor, development,
        rng.uniform(size=n_draws) < 0.7, rng.uniform(0.2, 1.0, (n_draws, 1)),
    )  # fmt: skip


def make_stack(rng: np.random.Generator, n_draws: int = 12, n_years: int = 10) -> Stack:
    def share() -> np.ndarray:
        return rng.uniform(0, 1, (n_draws, 1))

    def terms() -> LoanTerms:
        return LoanTerms(
            rng.uniform(0.0, 0.1, (n_draws, 1)),
            rng.integers(1, 12, (n_draws, 1)).astype(float),
            rng.integers(0, 5, (n_draws, 1)).astype(float),
        )

    return Stack(
        share(), share(), terms(), share(), share(), terms(), share(), share(),
        rng.uniform(0, 0.05, (n_draws, 1)), share(), rng.uniform(0, 0.1, (n_draws, 1)),
        np.where(np.arange(n_years) >= 3, rng.uniform(0, 8, (n_draws, 1)), 0.0),
    )  # fmt: skip


def plain(stack: Stack) -> Stack:
    """The same with nothing in it but equity."""
    off = np.zeros_like(stack.grant_share)
    return replace(
        stack, grant_share=off, advance_share=off, loan_share=off, guarantee_share=off,
        property_share=off, support=np.zeros_like(stack.support),
    )  # fmt: skip


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """What makes projects and stacks."""
    return SimpleNamespace(project=make_project, stack=make_stack, plain=plain)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261124)
