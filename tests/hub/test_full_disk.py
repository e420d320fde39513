"""A database that is full at any moment: a form is stored whole or not at all, and says so.

Oracle: every table as it was before, read row by row; SQLite's own limit on pages.
"""

from __future__ import annotations

import pytest

CURIDA = "curida_diotec"
LATER = ("django_session", "sqlite_sequence")
"""Tables that are no part of what a form says."""


def _rows() -> dict[str, list[object]]:
    from django.db import connection

    held = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in LATER:
                cursor.execute(f'select * from "{table}" order by 1')
                held[table] = cursor.fetchall()
    return held


class _Full:
    """Fail at the nth statement that writes to a table of the site."""

    def __init__(self, n: int) -> None:
        self.n_left, self.has_failed = n, False

    def __call__(self, execute, sql, params, many, context):
        from django.db import OperationalError

        is_write = sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if is_write and not any(table in sql for table in LATER):
            if not self.n_left:
                self.has_failed = True
                raise OperationalError("database or disk is full")
            self.n_left -= 1
        return execute(sql, params, many, context)


def _at_every_write(client, address: str, data: dict[str, str]) -> int:
    """Post a form with the disk full at its first, second, ... write; how many there were."""
    from django.db import connection

    client.raise_request_exception = False
    before, n = _rows(), 0
    while True:
        full = _Full(n)
        with connection.execute_wrapper(full):
            answer = client.post(address, data)
        if not full.has_failed:
            assert answer.status_code in (200, 302), answer.content
            assert _rows() != before
            return n
        assert answer.status_code == 503, (address, n)
        assert "helt eller ikke i det hele tatt" in answer.content.decode()
        assert _rows() == before, (address, n)
        n += 1


def test_forms_of_a_request(client, make, contact, letters, signed_in) -> None:
    user = signed_in("company")
    contact("celleterapi_ous")
    assert _at_every_write(client, "/nb/requests/new/", {}) >= 1
    held = make("ready", owner=user)
    address = f"/nb/requests/{held.reference}/"
    sent = {"provider": "0:celleterapi_ous"}
    assert _at_every_write(client, f"{address}forward/", sent) >= 3
    [inquiry] = held.inquiries.all()
    from virkestoff_hub.requests.forwarding import token_of

    link = f"/nb/requests/answer/{token_of(inquiry.links.get())}/"
    assert _at_every_write(client, link, {"do": "yes"}) >= 2
    assert _at_every_write(client, f"{address}{inquiry.pk}/revoke/", {}) >= 2
    assert _at_every_write(client, f"{address}close/", {"outcome": "price"}) >= 2


def test_forms_of_a_broker(client, make, letters, signed_in) -> None:
    signed_in("broker")
    held = make("escalated")
    assert _at_every_write(client, f"/nb/requests/{held.reference}/take-over/", {}) >= 2
    added = {"provider": "celleterapi_ous", "name": "Siri", "email": "s@ny.example",
             "language": "nb"}  # fmt: skip
    assert _at_every_write(client, "/nb/requests/broker/contacts/", added) >= 2


def test_forms_of_a_provider(client, signed_in) -> None:
    from virkestoff_hub.facilities.models import ProviderLink

    ProviderLink.objects.create(user=signed_in("provider"), provider=CURIDA)
    address = f"/nb/facilities/mine/{CURIDA}/"
    assert _at_every_write(client, f"{address}confirm/", {}) >= 3


def test_forms_of_accounts_and_runs(client, signed_in) -> None:
    signed_in("administrator")
    added = {"username": "ny", "email": "", "role": "editor"}
    assert _at_every_write(client, "/nb/account/users/add/", added) >= 2
    assert _at_every_write(client, "/nb/runs/coverage-report/", {}) >= 3


def test_an_account_that_cannot_be_deleted_keeps_its_files(
    client, site, signed_in, tmp_path, monkeypatch
) -> None:
    from virkestoff_hub.runs.models import Run

    monkeypatch.setattr(site, "RUNS_ROOT", tmp_path)
    run = Run.objects.create(kind="study", owner=signed_in("company"), state="done")
    run.folder.mkdir()
    (run.folder / "results.json").write_text("{}")
    true, kept = Run.delete_files, []
    monkeypatch.setattr(Run, "delete_files", lambda held: (kept.append(_rows()), true(held)))
    sent = {"password": "langt passord 123"}
    assert _at_every_write(client, "/nb/account/delete/", sent) >= 2
    assert not run.folder.exists()
    assert len(kept) == 1, "the files go once, when the account has gone"
    assert kept[0]["accounts_user"] == []


def test_a_database_that_is_really_full(client, site, signed_in) -> None:
    """SQLite has no page left; once it has, the same form is stored."""
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("the tests run against PostgreSQL, which knows no limit on pages")
    signed_in("administrator")
    client.raise_request_exception = False
    before = _rows()
    with connection.cursor() as cursor:
        cursor.execute("pragma page_count")
        cursor.execute(f"pragma max_page_count={cursor.fetchone()[0]}")
    statuses = set()
    for n in range(400):  # the pages that are there fill up
        held = _rows()
        added = {"username": f"ny{n}" + "x" * 100, "email": "", "role": "editor"}
        statuses.add(status := client.post("/nb/account/users/add/", added).status_code)
        if status == 503:
            assert _rows() == held
            break
    assert statuses <= {200, 503}
    assert 503 in statuses
    with connection.cursor() as cursor:
        cursor.execute("pragma max_page_count=1073741823")
    assert client.post("/nb/account/users/add/", added).status_code == 200
    assert len(_rows()["accounts_user"]) == len(before["accounts_user"]) + n + 1
