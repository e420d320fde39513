"""Every page that a person can open, by the role that sees it; and what is no page, by its reason.

Addresses stand without their language. ``{names}`` are filled in by what ``hub_seed`` made.
"""

from __future__ import annotations

PAGES: dict[str, tuple[str, ...]] = {
    "visitor": (
        "", "about/", "privacy/", "accessibility/", "guide/", "instruments/",
        "instruments/skattefunn/", "instruments/coverage/", "evidence/",
        "evidence/record/production.penicillin.titre/", "evidence/sources/",
        "evidence/sources/source_004/", "evidence/conflicts/", "industry/", "industry/statistics/",
        "studies/", "studies/example/", "studies/example/results/published/",
        "studies/example/results/published/chapters/cost/", "studies/example/compare/",
        "studies/example/results/published/numbers/stock.account_yearly_cost_state/",
        "studies/example/results/published/facts/supply.stock.administration_cost/",
        "studies/example/results/published/explain/", "industry/projections/", "account/sign-in/",
        "guide/question/", "guide/answer/", "search/?q=legemidelproduksjn", "search/?q=qqqxxx",
        "search/", "api/", "guide/answer/scheme/skattefunn/", "guide/fact/company.employees/",
        "guide/kept/{secret}/", "guide/kept/{secret}/scheme/skattefunn/",
        "guide/kept/{secret}/delete/",
        "facilities/", "facilities/map/", "facilities/vocabulary/",
        "facilities/provider/curida_diotec/", "facilities/provider/agilera/", "facilities/match/",
        "facilities/match/answer/?does_1=atmp_production&size_1=300&size_unit_1=L"
        "&modality=cell_therapy",
        "facilities/match/answer/?does_1=cell_culture&does_2=aseptic_filling",
        "facilities/still-correct/{upkeep}/",
        "requests/answer/{token_waiting}/", "requests/answer/{token_waiting}/?say=no",
        "requests/answer/{token_waiting}/?say=ask", "requests/answer/{token_question}/",
        "requests/answer/{token_yes}/", "requests/answer/{token_open}/",
        "requests/answer/{token_closed}/",
    ),
    "company": (
        "", "account/", "account/password/", "account/delete/", "requests/",
        "requests/F-DRAFT/write/work/", "requests/F-DRAFT/write/needs/",
        "requests/F-DRAFT/write/frame/", "requests/F-DRAFT/write/summary/",
        "requests/F-DRAFT/write/confidential/", "requests/F-DRAFT/review/",
        "requests/F-DRAFT/delete/", "requests/F-READY/", "requests/F-WAITING/",
        "requests/F-QUESTION/", "requests/F-YES/", "requests/F-OPEN/", "requests/F-ESCALATED/",
        "requests/F-CLOSED/", "runs/", "facilities/provider/curida/",
    ),
    "provider": (
        "account/", "requests/", "facilities/mine/", "facilities/mine/{provider}/",
        "facilities/mine/{provider}/statement/add/",
        "facilities/mine/{provider}/statement/{statement}/", "facilities/mine/{provider}/line/",
        "facilities/mine/{provider}/line/bfs/", "facilities/mine/{provider}/line/bfs/remove/",
    ),
    "broker": (
        "account/", "requests/broker/", "requests/broker/contacts/",
        "requests/broker/contacts/{contact}/remove/", "requests/unmet/",
        "requests/unmet/?year={year}&by=outcome&by=does", "requests/F-ESCALATED/",
        "requests/F-TAKEN/", "facilities/upkeep/", "facilities/links/",
        "facilities/provider/curida/",
    ),
    "analyst": (
        "account/", "studies/example/change/", "runs/", "runs/{run_done}/", "runs/{run_running}/",
        "runs/{run_failed}/", "runs/{run_cancelled}/", "studies/example/results/{run_done}/",
        "studies/example/change/?from={run_done}", "requests/unmet/",
        "studies/example/compare/?before=published&after={run_done}",
    ),
    "editor": ("account/", "requests/unmet/?year={year}&by=product"),
    "administrator": (
        "account/", "account/users/", "account/users/add/", "account/users/{user}/",
        "account/trail/", "account/trail/?what=signed_in", "facilities/links/", "runs/",
    ),
    "fresh": ("account/second-factor/",),
    "half": ("account/second-factor/",),
}  # fmt: skip
FAULTS: dict[str, tuple[tuple[str, int], ...]] = {
    "visitor": (
        ("nothing/", 404), ("requests/answer/forged/", 404), ("facilities/still-correct/x/", 404),
        ("facilities/match/answer/?does_1=cell_culture&does_2=aseptic_filling&size_1=x", 422),
    ),
    "company": (("account/users/", 403), ("requests/F-ELSE/", 404)),
    "provider": (("facilities/mine/agilera/", 403),),
}  # fmt: skip
"""Pages that say that something is wrong, with their status."""

TAKES_FORMS = (
    "accounts:sign-out", "guide:forget", "guide:keep", "facilities:confirm", "facilities:restore",
    "facilities:upload",
    "requests:new", "requests:forward", "requests:take-over", "requests:close", "requests:reply",
    "requests:sign", "requests:revoke", "runs:cancel", "runs:start-coverage-report",
)  # fmt: skip
"""No page: it takes a form and leads on; asked for with GET it answers 405."""

FILES: dict[str, tuple[str, str]] = {
    "accounts:second-factor-picture": ("fresh", "account/second-factor/picture.svg"),
    "accounts:export": ("company", "account/data.json"),
    "guide:file": ("visitor", "guide/answer.xlsx"),
    "guide:kept-file": ("visitor", "guide/kept/{secret}/answer.xlsx"),
    "facilities:sheet": ("provider", "facilities/mine/{provider}/windows.xlsx"),
    "industry:published-file": ("visitor", "industry/published/industry.turnover.csv"),
    "industry:statistics-file": ("visitor", "industry/statistics.csv"),
    "industry:projections-file": ("visitor", "industry/projections.csv"),
    "instruments:coverage-file": ("visitor", "instruments/coverage.csv"),
    "requests:unmet-file": ("broker", "requests/unmet/{year}.yaml?by=outcome"),
    "runs:file": ("analyst", "runs/{run_done}/results.json"),
    "studies:file": ("visitor", "studies/example/results/published/files/results.json"),
}
"""No page: a file to keep, with who gets it and where it lies."""

ELSEWHERE = {
    "": "leads to the front page in the reader's language",
    "robots.txt": "is read by programs alone",
    "openapi": "is read by programs alone",
}
"""Neither: why, by name or address. What stands under ``api/v1/`` is JSON, tested in test_api."""
