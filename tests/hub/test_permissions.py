"""Who may do what: the matrix in words of this test, and every address for every role.

Oracle: the table below, written from the issue's list of roles and not from the code.
"""

from __future__ import annotations

import pytest

ROLES = ("visitor", "company", "provider", "broker", "analyst", "editor", "administrator")
SIGNED_IN, NOBODY_BUT = ROLES[1:], ("administrator",)
EXPECTED = {
    "read": ROLES, "ask_guide": ROLES, "keep_answer": ROLES,
    "start_report": SIGNED_IN, "see_account": SIGNED_IN, "change_password": SIGNED_IN,
    "export_own_data": SIGNED_IN, "delete_own_account": SIGNED_IN,
    "see_all_runs": NOBODY_BUT, "cancel_all_runs": NOBODY_BUT, "manage_users": NOBODY_BUT,
    "read_trail": NOBODY_BUT, "see_registered_lines": SIGNED_IN, "see_broker_lines": ("broker",),
    "speak_for_provider": ("provider",), "link_providers": ("broker", "administrator"),
    "make_request": ("company", "provider"), "handle_requests": ("broker",),
    "read_unmet_need": ("broker", "analyst", "editor", "administrator"),
    "run_study": SIGNED_IN, "run_large_study": ("analyst", "administrator"),
}  # fmt: skip
ADDRESSES = {
    "/nb/": ROLES, "/nb/guide/": ROLES, "/nb/account/": SIGNED_IN,
    "/nb/account/password/": SIGNED_IN,
    "/nb/account/data.json": SIGNED_IN, "/nb/account/delete/": SIGNED_IN, "/nb/runs/": SIGNED_IN,
    "/nb/account/users/": NOBODY_BUT, "/nb/account/users/add/": NOBODY_BUT,
    "/nb/account/trail/": NOBODY_BUT, "/nb/facilities/": ROLES, "/nb/facilities/match/": ROLES,
    "/nb/facilities/mine/": ("provider",), "/nb/facilities/upkeep/": ("broker",),
    "/nb/facilities/links/": ("broker", "administrator"),
    "/nb/requests/broker/": ("broker",), "/nb/requests/broker/contacts/": ("broker",),
    "/nb/requests/unmet/": ("broker", "analyst", "editor", "administrator"),
    "/nb/studies/": ROLES, "/nb/studies/example/": ROLES, "/nb/studies/example/compare/": ROLES,
    "/nb/studies/example/change/": SIGNED_IN,
}  # fmt: skip


def test_the_test_knows_every_action_and_role(site) -> None:
    from virkestoff_hub.accounts import permissions

    assert set(permissions.ACTIONS) == set(EXPECTED)
    assert permissions.ROLES == ROLES


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", EXPECTED)
def test_the_matrix(site, role, action) -> None:
    from django.contrib.auth.models import AnonymousUser

    from virkestoff_hub.accounts.models import User
    from virkestoff_hub.accounts.permissions import may

    user = AnonymousUser() if role == "visitor" else User(username="x", role=role)
    assert may(user, action) is (role in EXPECTED[action])
    if role != "visitor":
        assert may(User(username="x", role=role, is_active=False), action) is (
            "visitor" in EXPECTED[action]
        )
        assert may(User(username="x", role="owner"), action) is ("visitor" in EXPECTED[action])


@pytest.mark.parametrize("role", ROLES)
def test_addresses_ask_the_matrix(client, signed_in, role) -> None:
    if role != "visitor":
        signed_in(role)
    found = {}
    for address, allowed in ADDRESSES.items():
        status = client.get(address).status_code
        wanted = 200 if role in allowed else 302 if role == "visitor" else 403
        if status != wanted:
            found[address] = (status, wanted)
    assert found == {}


def test_a_run_is_seen_by_its_owner_and_the_administrator_alone(client, signed_in, person) -> None:
    from virkestoff_hub.runs.models import Run

    run = Run.objects.create(kind="coverage_report", owner=person("company", "ola"))
    address = f"/nb/runs/{run.id}/"
    assert client.get(address).status_code == 404
    signed_in("analyst")
    assert client.get(address).status_code == 404
    assert client.post(f"{address}cancel/").status_code == 404
    run.refresh_from_db()
    assert not run.is_cancel_asked


def test_staff_see_nothing_before_their_second_factor(client, person) -> None:
    client.force_login(person("administrator"))
    for address in ("/nb/", "/nb/account/users/", "/nb/account/trail/", "/nb/evidence/"):
        assert client.get(address).url == "/nb/account/second-factor/"
