"""Made vocabularies, providers, windows and requests. All of it is synthetic."""

from __future__ import annotations

from datetime import date, timedelta

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


def _some(values, most=2):
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


def maybe(strategy):
    return st.one_of(st.none(), strategy)


@st.composite
def scales(draw):
    low = draw(maybe(st.integers(1, 40)))
    high = draw(maybe(st.integers(40, 600)) if low is not None else st.integers(40, 600))
    return {
        "unit": "L",
        **({"from": low} if low is not None else {}),
        **({"to": high} if high is not None else {}),
    }


@st.composite
def capabilities(draw):
    products = draw(_some(PRODUCTS))
    excludes = [p for p in draw(_some(PRODUCTS, 1)) if p not in products]
    gmp = draw(_some(GMP))
    return {
        **SAID,
        "does": draw(st.sampled_from(DOES)),
        "products": products,
        "excludes": excludes,
        "scale": draw(maybe(scales())),
        "gmp": gmp,
        "is_without_gmp": not gmp and draw(st.booleans()),
        "phases": draw(_some(("phase_1", "commercial"))),
        "analytics": draw(_some(("testing", "sterility"), 1)),
        "safety": draw(_some(("level_1", "level_2"), 1)),
        "status": draw(st.sampled_from(("exists", "exists", "planned", "activity", "ended"))),
    }


@st.composite
def providers(draw):
    access = draw(st.sampled_from((None, "others", "others", "own_use")))
    lacks = [{**SAID, "does": d} for d in draw(_some(("filling", "sterility"), 1))]
    return Provider.model_validate(
        {
            "kind": "producer",
            "country": draw(st.sampled_from(("NO", "SE"))),
            "access": {**SAID, "to": access} if access else None,
            "capabilities": draw(st.lists(capabilities(), min_size=1, max_size=3)),
            "lacks": lacks,
        }
    )


@st.composite
def periods(draw, unit="batch"):
    """Periods apart from each other, some of them without an offerable amount."""
    found, day = [], ON + timedelta(days=draw(st.integers(-30, 60)))
    for _ in range(draw(st.integers(1, 3))):
        last = day + timedelta(days=draw(st.integers(0, 50)))
        amount = draw(maybe(st.integers(0, 8)))
        period = {"from": day, "to": last}
        found.append({**period, "offerable": amount} if amount is not None else period)
        day = last + timedelta(days=draw(st.integers(1, 40)))
    return found


@st.composite
def windows(draw, provider: str, does: str):
    unit = draw(st.sampled_from(("batch", "batch", "L")))
    low = draw(maybe(st.integers(0, 500)))
    price = {"basis": "market"}
    if low is not None:
        price |= {"low": low, "unit": f"NOK/{unit}", "price_year": 2026}
    certificate = None
    if draw(st.booleans()):
        scope = draw(st.lists(st.sampled_from(GMP), min_size=1, max_size=2, unique=True))
        expires = ON + timedelta(days=draw(st.integers(0, 120)))
        certificate = {"scope": scope, "expires": expires}
    return Window.model_validate(
        {
            "provider": provider, "does": does, "unit": unit, "periods": draw(periods()),
            "batch": draw(maybe(scales())),
            "confidence": draw(st.sampled_from(("firm", "likely", "indicative"))),
            "verified": ON - timedelta(days=draw(st.integers(-5, 500))),
            "price": draw(st.sampled_from((None, price))),
            "excludes": draw(_some(PRODUCTS, 1)), "certificate": certificate,
            "visibility": draw(st.sampled_from(("public", "public", "registered", "broker"))),
        }
    )  # fmt: skip


@st.composite
def registers(draw, most=5):
    found = {f"p{n}": draw(providers()) for n in range(draw(st.integers(1, most)))}
    lines = {}
    for key, provider in found.items():
        for number in range(draw(st.integers(0, 2))):
            does = draw(st.sampled_from([c.does for c in provider.capabilities]))
            lines[f"{key}-{number}"] = draw(windows(key, does))
    gaps = ()
    if draw(st.booleans()):
        text = {"nb": "mangler", "en": "lacking"}
        gap = {"country": "NO", "does": "making", "products": ["penicillin"], "extent": "none"}
        gaps = (Gap.model_validate({**SAID, **gap, "text": text}),)
    return Register(WORDS, found, gaps, SETTINGS, lines, {})


@st.composite
def requests(draw, n_steps=1):
    start = draw(maybe(st.integers(0, 80)))
    days = {"from": ON + timedelta(days=start)} if start is not None else {}
    if draw(st.booleans()):
        days["to"] = ON + timedelta(days=(start or 0) + draw(st.integers(0, 60)))
    steps = []
    for _ in range(n_steps):
        size = draw(maybe(st.integers(1, 700)))
        unit = draw(st.sampled_from(("batch", "L")))
        quantity = draw(maybe(st.integers(1, 12)))
        step = {"does": draw(st.sampled_from(DOES))}
        if size is not None:
            step["batch_size"] = {"amount": size, "unit": "L"}
        if quantity is not None:
            step["quantity"] = {"amount": quantity, "unit": unit}
        steps.append(step)
    high = draw(maybe(st.integers(0, 3000)))
    return Request.model_validate(
        {
            "request": f"r{draw(st.integers(0, 99))}", **days, "steps": steps,
            "modality": draw(maybe(st.sampled_from(PRODUCTS))),
            "phase": draw(maybe(st.sampled_from(("phase_1", "commercial")))),
            "gmp": draw(maybe(st.sampled_from((*GMP, "not_needed")))),
            "countries": draw(_some(("NO", "SE"), 1)),
            "safety": draw(_some(("level_1", "level_2"), 1)),
            "analytics": draw(_some(("testing", "sterility"), 1)),
            "transfer": draw(maybe(st.sampled_from(("none", "ready")))),
            "budget": None if high is None else {"high": high, "price_year": 2026},
        }
    )  # fmt: skip
