"""Made vocabularies, providers, windows and requests. All of it is synthetic."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st

from virkestoff.facilities import (
    Gap,
    Provider,
    Register,
    Request,
    Settings,
    Term,
    Vocabulary,
    Window,
)

ON = date(2027, 1, 1)
_TREE = {
    "making": ("process", ()), "brewing": ("process", ("making",)),
    "bacteria": ("process", ("brewing",)), "filling": ("process", ("making",)),
    "testing": ("analytics", ()), "sterility": ("analytics", ("testing",)),
    "medicine": ("product", ()), "protein": ("product", ("medicine",)),
    "antibody": ("product", ("protein",)), "penicillin": ("product", ("medicine",)),
    "gmp": ("gmp", ()), "gmp_trial": ("gmp", ("gmp",)), "gmp_market": ("gmp", ("gmp",)),
    "level_1": ("safety", ()), "level_2": ("safety", ("level_1",)),
}  # fmt: skip
WORDS = Vocabulary(
    {
        key: Term.model_validate(
            {"facet": facet, "name": {"nb": key, "en": key}, "broader": broader}
        )
        for key, (facet, broader) in _TREE.items()
    }
)
SETTINGS = Settings(fresh_for_days=90, stale_after_days=365)
DOES = ("making", "brewing", "bacteria", "filling")
PRODUCTS = ("medicine", "protein", "antibody", "penicillin")
GMP = ("gmp", "gmp_trial", "gmp_market")
SAID = {"source": "source_001", "place": "line 1"}


def some(rng: Random, values, most=2):
    return rng.sample(values, rng.randint(0, min(most, len(values))))


def maybe(rng: Random, value):
    return value if rng.random() < 0.6 else None


def made_scale(rng: Random):
    low = maybe(rng, rng.randint(1, 40))
    high = rng.randint(40, 600)
    if low is None:
        return {"unit": "L", "to": high}
    return {"unit": "L", "from": low, **({"to": high} if rng.random() < 0.7 else {})}


def made_capability(rng: Random):
    products = some(rng, PRODUCTS)
    gmp = some(rng, GMP)
    return {
        **SAID,
        "does": rng.choice(DOES),
        "products": products,
        "excludes": [p for p in some(rng, PRODUCTS, 1) if p not in products],
        "scale": maybe(rng, made_scale(rng)),
        "gmp": gmp,
        "is_without_gmp": not gmp and rng.random() < 0.5,
        "phases": some(rng, ("phase_1", "commercial")),
        "analytics": some(rng, ("testing", "sterility"), 1),
        "safety": some(rng, ("level_1", "level_2"), 1),
        "status": rng.choice(("exists",) * 6 + ("planned", "activity", "possible", "ended")),
    }


def made_provider(rng: Random) -> Provider:
    access = rng.choice((None, "others", "others", "own_use"))
    return Provider.model_validate(
        {
            "kind": "producer",
            "country": rng.choice(("NO", "NO", "SE")),
            "access": {**SAID, "to": access} if access else None,
            "capabilities": [made_capability(rng) for _ in range(rng.randint(1, 3))],
            "lacks": [{**SAID, "does": d} for d in some(rng, ("filling", "sterility"), 1)],
        }
    )


def made_periods(rng: Random):
    """Periods apart from each other, some of them without an offerable amount."""
    found, day = [], ON + timedelta(days=rng.randint(-30, 60))
    for _ in range(rng.randint(1, 3)):
        last = day + timedelta(days=rng.randint(0, 50))
        period = {"from": day, "to": last}
        is_known = rng.random() < 0.8
        found.append({**period, "offerable": rng.randint(0, 8)} if is_known else period)
        day = last + timedelta(days=rng.randint(1, 40))
    return found


def made_window(rng: Random, provider: str, does: str) -> Window:
    unit = rng.choice(("batch", "batch", "L"))
    price = {"basis": "market", "visibility": rng.choice(("public", "public", "broker"))}
    if rng.random() < 0.7:
        price |= {"low": rng.randint(0, 500), "unit": f"NOK/{unit}", "price_year": 2026}
    scope = rng.sample(GMP, rng.randint(1, 2))
    certificate = {"scope": scope, "expires": ON + timedelta(days=rng.randint(0, 120))}
    return Window.model_validate(
        {
            "provider": provider, "does": does, "unit": unit, "periods": made_periods(rng),
            "batch": maybe(rng, made_scale(rng)),
            "confidence": rng.choice(("firm", "firm", "likely", "indicative")),
            "verified": ON - timedelta(days=rng.randint(-5, 500)),
            "price": maybe(rng, price), "excludes": some(rng, PRODUCTS, 1),
            "certificate": maybe(rng, certificate),
            "visibility": rng.choice(("public", "public", "registered", "broker")),
        }
    )  # fmt: skip


def made_register(rng: Random, most=5) -> Register:
    found = {f"p{n}": made_provider(rng) for n in range(rng.randint(1, most))}
    lines = {}
    for key, provider in found.items():
        for number in range(rng.randint(0, 2)):
            does = rng.choice([c.does for c in provider.capabilities])
            lines[f"{key}-{number}"] = made_window(rng, key, does)
    gaps = ()
    if rng.random() < 0.5:
        text = {"nb": "mangler", "en": "lacking"}
        gap = {"country": "NO", "does": "making", "products": ["penicillin"], "extent": "none"}
        gaps = (Gap.model_validate({**SAID, **gap, "text": text}),)
    return Register(WORDS, found, gaps, SETTINGS, lines, {})


def made_request(rng: Random, n_steps=1) -> Request:
    start = rng.randint(0, 80)
    days = {"from": ON + timedelta(days=start)} if rng.random() < 0.6 else {}
    if rng.random() < 0.6:
        days["to"] = ON + timedelta(days=start + rng.randint(0, 60))
    steps = []
    for _ in range(n_steps):
        step = {"does": rng.choice(DOES)}
        if rng.random() < 0.6:
            step["batch_size"] = {"amount": rng.randint(1, 700), "unit": "L"}
        if rng.random() < 0.6:
            unit = rng.choice(("batch", "L"))
            step["quantity"] = {"amount": rng.randint(1, 12), "unit": unit}
        steps.append(step)
    budget = {"high": rng.randint(0, 3000), "price_year": 2026}
    return Request.model_validate(
        {
            "request": f"r{rng.randint(0, 99)}", **days, "steps": steps,
            "modality": maybe(rng, rng.choice(PRODUCTS)),
            "phase": maybe(rng, rng.choice(("phase_1", "commercial"))),
            "gmp": maybe(rng, rng.choice((*GMP, "not_needed"))),
            "countries": some(rng, ("NO", "SE"), 1),
            "safety": some(rng, ("level_1", "level_2"), 1),
            "analytics": some(rng, ("testing", "sterility"), 1),
            "transfer": maybe(rng, rng.choice(("none", "ready"))),
            "budget": maybe(rng, budget),
        }
    )  # fmt: skip


def _seeded(make, *args):
    """Made from a seed: a strategy that draws every field takes most of a test's time."""
    return st.integers(0, 2**32 - 1).map(lambda seed: make(Random(seed), *args))


def periods():
    return _seeded(made_periods)


def registers(most=5):
    return _seeded(made_register, most)


def requests(n_steps=1):
    return _seeded(made_request, n_steps)
