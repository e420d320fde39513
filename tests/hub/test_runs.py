"""Long runs: files whole or none, cancelled at a step, taken up when the worker died; copies.

Oracle: what lies in the folder of the run, and the states that the issue names.
"""

from __future__ import annotations

import zipfile

import pytest


@pytest.fixture
def runs(site, tmp_path, monkeypatch):
    """A folder of runs of this test's own."""
    monkeypatch.setattr(site, "RUNS_ROOT", tmp_path / "runs")
    return tmp_path / "runs"


def _work(monkeypatch, work) -> None:
    from virkestoff.language import Text
    from virkestoff_hub.runs import kinds

    kind = kinds.Kind(Text(nb="prøve", en="trial"), work)
    monkeypatch.setitem(kinds.KINDS, "coverage_report", kind)


def _carry_out(run) -> None:
    from virkestoff_hub.runs.work import carry_out

    carry_out.func(str(run.id))
    run.refresh_from_db()


def _left(folder) -> list[str]:
    return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


def test_a_run_is_asked_for_followed_and_its_files_fetched(
    client, signed_in, runs, monkeypatch
) -> None:
    from virkestoff_hub.runs.models import Run

    _work(monkeypatch, lambda asked, folder, tell: (folder / "report.pdf").write_bytes(b"%PDF-"))
    signed_in("company")
    address = client.post("/nb/runs/coverage-report/").url
    run = Run.objects.get()
    assert "Venter" in client.get(address).content.decode()
    _carry_out(run)
    assert run.state == "done"
    page = client.get(address).content.decode()
    assert "report.pdf" in page
    assert "hx-get" not in page  # nothing is asked for any more
    fetched = client.get(f"{address}report.pdf")
    assert b"".join(fetched.streaming_content) == b"%PDF-"
    assert client.get(f"{address}..%2f..%2fsecret-key").status_code == 404
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_a_fault_leaves_no_half_file(person, runs, monkeypatch) -> None:
    from virkestoff_hub.runs.work import start

    def full_disk(asked, folder, tell) -> None:
        (folder / "half.pdf").write_bytes(b"%")
        raise OSError(28, "No space left on device")

    _work(monkeypatch, full_disk)
    run = start("coverage_report", {}, person("company"))
    _carry_out(run)
    assert (run.state, run.fault) == ("failed", "No space left on device")
    assert _left(runs) == []


def test_a_run_is_cancelled_at_its_next_step(person, runs, monkeypatch) -> None:
    from virkestoff_hub.runs.models import Run
    from virkestoff_hub.runs.work import start

    def work(asked, folder, tell) -> None:
        tell(1, 3, "counting")
        Run.objects.update(is_cancel_asked=True)
        tell(2, 3, "writing")
        (folder / "never.pdf").write_bytes(b"%")

    _work(monkeypatch, work)
    run = start("coverage_report", {}, person("company"))
    _carry_out(run)
    assert (run.state, run.n_done) == ("cancelled", 1)
    assert _left(runs) == []


def test_a_run_whose_worker_died_is_begun_once_more_and_then_failed(person, runs) -> None:
    from virkestoff_hub.runs.models import Run
    from virkestoff_hub.runs.work import recover

    (runs / ".draft-x").mkdir(parents=True)
    run = Run.objects.create(kind="coverage_report", owner=person("company"), state="running",
                             n_tries=1)  # fmt: skip
    assert recover(is_alone=True) == 1
    run.refresh_from_db()
    assert run.state == "waiting"
    Run.objects.update(state="running", n_tries=2)
    recover(is_alone=True)
    run.refresh_from_db()
    assert (run.state, run.fault) == ("failed", "worker_died")
    assert _left(runs) == []


def test_nobody_has_more_than_three_runs_waiting(client, signed_in, runs) -> None:
    from virkestoff_hub.runs.models import Run

    signed_in("company")
    for _ in range(5):
        client.post("/nb/runs/coverage-report/")
    assert Run.objects.count() == 3


@pytest.fixture
def sqlite(site):
    """Copies are made of SQLite; PostgreSQL has tools of its own."""
    if not site.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        pytest.skip("the tests run against PostgreSQL, which has tools of its own for copies")


@pytest.mark.usefixtures("sqlite")
def test_a_copy_comes_back_as_it_was(person, site, runs, tmp_path, monkeypatch) -> None:
    import sqlite3

    from virkestoff.errors import InputError
    from virkestoff_hub.backups import restore_backup, write_backup

    person("editor")
    (runs / "abc").mkdir(parents=True)
    (runs / "abc" / "report.pdf").write_bytes(b"%PDF-")
    copy = tmp_path / "copy.zip"
    write_backup(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InputError, match="already"):
        write_backup(copy)
    with pytest.raises(InputError, match="nothing is overwritten"):
        restore_backup(copy)
    empty = tmp_path / "other" / "hub"
    empty.mkdir(parents=True)
    monkeypatch.setitem(site.DATABASES["default"], "NAME", empty / "hub.sqlite3")
    held = type(site.HUB)(**{**vars(site.HUB), "folder": empty})
    monkeypatch.setattr(site, "HUB", held)
    restore_backup(copy)
    found = sqlite3.connect(empty / "hub.sqlite3")
    assert found.execute("select username, role from accounts_user").fetchall() == [
        ("kari", "editor")
    ]
    found.close()
    assert (empty / "runs" / "abc" / "report.pdf").read_bytes() == b"%PDF-"
    assert (empty / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("sqlite")
def test_a_strange_file_is_no_copy(site, tmp_path, monkeypatch) -> None:
    from virkestoff.errors import InputError
    from virkestoff_hub.backups import restore_backup

    monkeypatch.setitem(site.DATABASES["default"], "NAME", tmp_path / "none.sqlite3")
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("hub.sqlite3", b"")
        archive.writestr("runs/../../evil", b"")
    for path in (evil, tmp_path / "missing.zip"):
        with pytest.raises(InputError, match="no copy"):
            restore_backup(path)
    assert not (tmp_path / "none.sqlite3").exists()
