"""Long runs: files whole or none, cancelled at a step, taken up when the worker died; copies.

Oracle: what lies in the folder of the run, and the states that the issue names.
"""

from __future__ import annotations

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
    assert (run.state, run.fault) == ("failed", "disk")
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


def test_a_try_that_was_thought_dead_is_not_heard(person, runs, monkeypatch) -> None:
    """The run is begun anew while the first try still goes on: only the second one counts."""
    from virkestoff_hub.runs.models import Run
    from virkestoff_hub.runs.work import start

    def slow(asked, folder, tell) -> None:
        (folder / "first.pdf").write_bytes(b"%PDF-")
        Run.objects.update(n_tries=2)  # another worker took it up

    _work(monkeypatch, slow)
    run = start("coverage_report", {}, person("company"))
    _carry_out(run)
    assert (run.state, run.files) == ("running", [])
    assert _left(runs) == []


def test_a_run_that_falls_in_any_way_has_an_end(person, runs, monkeypatch) -> None:
    """A fault of ours, or a database that is full when the step is told: it ends."""
    from django.db import OperationalError

    from virkestoff_hub.runs.work import start

    user = person("company")
    for problem, fault in ((ZeroDivisionError(), "our_fault"),
                           (OperationalError("database or disk is full"), "disk")):  # fmt: skip

        def work(asked, folder, tell, problem=problem) -> None:
            (folder / "half.pdf").write_bytes(b"%")
            raise problem

        _work(monkeypatch, work)
        run = start("coverage_report", {}, user)
        _carry_out(run)
        assert (run.state, run.fault) == ("failed", fault)
        assert _left(runs) == []


def test_the_end_of_a_run_is_noted_once_there_is_room(person, runs, monkeypatch) -> None:
    """The first attempts to note the end fail on a full disk; the work is not done again."""
    from django.db import OperationalError, connection

    from virkestoff_hub.runs import work
    from virkestoff_hub.runs.work import start

    monkeypatch.setattr(work, "WAITS", (0.0, 0.0, 0.0))
    n_full = [2]

    def full(execute, sql, params, many, context):
        if n_full[0] and "'done'" in sql % tuple(map(repr, params)):
            n_full[0] -= 1
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    _work(monkeypatch, lambda asked, folder, tell: (folder / "a.pdf").write_bytes(b"%PDF-"))
    run = start("coverage_report", {}, person("company"))
    with connection.execute_wrapper(full):
        _carry_out(run)
    assert (n_full, run.state, run.files) == ([0], "done", ["a.pdf"])


def test_a_run_of_a_worker_that_is_silent_is_taken_up_by_another(person, runs) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from virkestoff_hub.runs.models import Run
    from virkestoff_hub.runs.work import SILENT, recover

    given = {"kind": "coverage_report", "owner": person("company"), "state": "running",
             "n_tries": 1}  # fmt: skip
    alive = Run.objects.create(seen=timezone.now() - SILENT / 2, **given)
    silent = Run.objects.create(seen=timezone.now() - SILENT - timedelta(seconds=1), **given)
    assert recover() == 1
    states = dict(Run.objects.values_list("id", "state"))
    assert states == {alive.id: "running", silent.id: "waiting"}


def test_a_study_stays_published_wherever_its_publication_falls(site, tmp_path, monkeypatch):
    """A process that is killed before any of its steps on files leaves the old run or the new."""
    from dataclasses import replace

    from virkestoff_hub.studies import work
    from virkestoff_hub.studies.held import published_folder

    class Killed(BaseException):
        pass

    monkeypatch.setattr(site, "HUB", replace(site.HUB, folder=tmp_path))
    text = ["old"]
    monkeypatch.setattr(work, "_write", lambda study, folder, *more: (
        folder / "results.json").write_text(text[0]))  # fmt: skip

    def read() -> str:
        return (published_folder("example") / "results.json").read_text()

    work.publish("example", 20, print)
    assert read() == "old"
    text[0] = "new"
    for name, owner in (("replace", type(tmp_path)), ("write_text", type(tmp_path)),
                        ("rmtree", work.shutil)):  # fmt: skip
        for n in range(1, 4):
            count, true = [0], getattr(owner, name)

            def fall(*args, true=true, count=count, n=n, **more):
                count[0] += 1
                if count[0] == n:
                    raise Killed
                return true(*args, **more)

            with monkeypatch.context() as patch, pytest.raises(Killed) if n < 2 else _either():
                patch.setattr(owner, name, fall)
                work.publish("example", 20, print)
            assert read() in ("old", "new"), (name, n)
    work.publish("example", 20, print)
    assert read() == "new"


def _either():
    from contextlib import suppress

    return suppress(BaseException)
