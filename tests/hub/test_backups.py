"""Copies of what the hub owns: they come back as they were, or nothing is put in place at all.

Oracle: the files and rows that were there; a copy with one thing wrong in it, each in turn.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest


@pytest.fixture
def sqlite(site):
    """Copies hold the database where it is SQLite."""
    if not site.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        pytest.skip("the tests run against PostgreSQL, which has tools of its own for copies")


@pytest.fixture
def moved(site, tmp_path, monkeypatch):
    """Point the site at another folder of its own."""

    def move(name: str) -> Path:
        folder = tmp_path / name / "hub"
        folder.mkdir(parents=True)
        monkeypatch.setattr(site, "HUB", replace(site.HUB, folder=folder))
        monkeypatch.setattr(site, "RUNS_ROOT", folder / "runs")
        if site.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            monkeypatch.setitem(site.DATABASES["default"], "NAME", folder / "hub.sqlite3")
        return folder

    return move


TREES = {
    "runs/abc/report.pdf": b"%PDF-", "runs/abc/pages/nb.json": b"[]",
    "runs/abc/pages/en.json": b"[1]", "studies/example/current": b"run-0123456789abcdef",
    "studies/example/run-0123456789abcdef/results.json": b"{}",
    "studies/example/run-0123456789abcdef/pages/nb.json": b"[2]",
    "letters/1.log": "blåbær".encode(),
}  # fmt: skip
LEFT_OUT = {"runs/.draft-x/half": b"x", "studies/example/.draft-y/half": b"y"}


def _fill(folder: Path) -> None:
    for name, content in (TREES | LEFT_OUT).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*")
            if p.is_file()}  # fmt: skip


@pytest.fixture
def copied(sqlite, site, person, moved, tmp_path):
    """A copy of a site with a user, runs, a published study and letters."""
    from virkestoff_hub.backups import write_backup

    person("editor")
    database = site.DATABASES["default"]["NAME"]
    folder = moved("first")
    source, target = sqlite3.connect(database), sqlite3.connect(folder / "hub.sqlite3")
    source.backup(target)
    source.close()
    target.close()
    (folder / "secret-key").write_text("hemmelig\n")
    _fill(folder)
    file = tmp_path / "copy.zip"
    write_backup(file)
    return file


def test_a_copy_comes_back_as_it_was(copied, moved) -> None:
    from virkestoff_hub.backups import restore_backup

    assert copied.stat().st_mode & 0o777 == 0o600
    folder = moved("second")
    restore_backup(copied)
    found = _files(folder)
    database = sqlite3.connect(folder / "hub.sqlite3")
    assert database.execute("select username, role from accounts_user").fetchall() == [
        ("kari", "editor")
    ]
    database.close()
    assert found.pop("secret-key") == b"hemmelig\n"
    found.pop("hub.sqlite3")
    assert found == TREES
    assert all(p.stat().st_mode & 0o077 == 0 for p in folder.rglob("*") if p.is_file())
    assert (folder.parent / "hub").exists()
    assert not list(folder.glob(".*"))


def test_nothing_is_overwritten(copied, moved) -> None:
    from virkestoff.errors import InputError
    from virkestoff_hub.backups import restore_backup, write_backup

    with pytest.raises(InputError, match="already"):
        write_backup(copied)
    for name in ("hub.sqlite3", "hub.sqlite3-wal", "runs/abc/report.pdf", "studies/a/current",
                 "letters/1.log"):  # fmt: skip
        folder = moved(name.replace("/", "_"))
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"mine")
        with pytest.raises(InputError, match="nothing is overwritten"):
            restore_backup(copied)
        assert _files(folder) == {name: b"mine"}


def _changed(copied: Path, name: str, content: bytes | None, listed: bool) -> Path:
    """The copy with a file changed, added or taken away, and the list with it or not."""
    with zipfile.ZipFile(copied) as old:
        held = {n: old.read(n) for n in old.namelist()}
    files = json.loads(held["backup.json"])
    held.pop(name, None)
    if content is not None:
        held[name] = content
    if listed:
        files["files"].pop(name, None)
        if content is not None:
            files["files"][name] = {"size": len(content),
                                    "sha256": hashlib.sha256(content).hexdigest()}  # fmt: skip
        held["backup.json"] = json.dumps(files).encode()
    changed = copied.with_name("changed.zip")
    with zipfile.ZipFile(changed, "w") as new:
        for n, text in held.items():
            new.writestr(n, text)
    return changed


@pytest.mark.parametrize(
    ("name", "content", "listed", "words"),
    [("runs/abc/report.pdf", b"%PDF!", False, "is not what was copied"),
     ("runs/abc/report.pdf", b"%PDF- longer", False, "is not what was copied"),
     ("runs/abc/report.pdf", None, False, "is no copy"),
     ("runs/new/a.pdf", b"x", False, "is no copy"),
     ("runs/../../evil", b"x", True, "is no copy"), ("/etc/evil", b"x", True, "is no copy"),
     ("runs/.draft/a", b"x", True, "is no copy"), ("runs", b"x", True, "is no copy"),
     ("runs\\..\\evil", b"x", True, "is no copy"), ("runs//a", b"x", True, "is no copy"),
     ("static/evil.js", b"x", True, "is no copy"),
     ("hub.sqlite3", b"no database", True, "cannot be put back"),
     ("hub.sqlite3", None, True, "another kind of database"),
     ("backup.json", b"[]", False, "is no copy"), ("backup.json", b"{", False, "is no copy"),
     ("backup.json", b'{"format": 1, "has_database": true, "files": {"a": 1}}', False,
      "is no copy"),
     ("backup.json", b'{"format": 99, "has_database": true, "files": {}}', False, "newer hub")],
)  # fmt: skip
def test_a_copy_with_anything_wrong_puts_nothing_in_place(
    copied, moved, name, content, listed, words
) -> None:
    from virkestoff.errors import InputError
    from virkestoff_hub.backups import restore_backup

    changed = _changed(copied, name, content, listed)
    folder = moved("second")
    with pytest.raises(InputError, match=words):
        restore_backup(changed)
    assert list(folder.iterdir()) == []


def test_other_files_are_no_copies(sqlite, moved, tmp_path) -> None:
    from virkestoff.errors import InputError
    from virkestoff_hub.backups import restore_backup

    folder = moved("second")
    (tmp_path / "text.zip").write_text("no zip")
    for name in ("text.zip", "missing.zip", "."):
        with pytest.raises(InputError, match="no copy"):
            restore_backup(tmp_path / name)
    assert list(folder.iterdir()) == []


def test_a_copy_of_a_newer_hub_is_refused(copied, moved, tmp_path) -> None:
    """The database knows a migration that this hub does not."""
    from virkestoff.errors import InputError
    from virkestoff_hub.backups import restore_backup

    path = tmp_path / "newer.sqlite3"
    with zipfile.ZipFile(copied) as old:
        path.write_bytes(old.read("hub.sqlite3"))
    database = sqlite3.connect(path)
    database.execute("insert into django_migrations (app, name, applied) values ('runs', '0099_x', "
                     "'2026-11-25')")  # fmt: skip
    database.commit()
    database.close()
    changed = _changed(copied, "hub.sqlite3", path.read_bytes(), listed=True)
    folder = moved("second")
    with pytest.raises(InputError, match=r"runs\.0099_x"):
        restore_backup(changed)
    assert list(folder.iterdir()) == []


def test_a_full_disk_leaves_no_copy_and_nothing_half_put_back(copied, moved, monkeypatch) -> None:
    """Every write after the nth fails, for each n that is reached."""
    from virkestoff.errors import InputError
    from virkestoff_hub import backups

    true, n = backups._add, 0

    def full(archive, listed, path, name) -> None:
        if len(listed) == n:
            raise OSError(28, "No space left on device")
        true(archive, listed, path, name)

    source = moved("third")
    _fill(source)
    sqlite3.connect(source / "hub.sqlite3").close()
    file = copied.with_name("full.zip")
    monkeypatch.setattr(backups, "_add", full)
    for n in range(len(TREES) + 1):  # noqa: B007 - full reads it
        with pytest.raises(InputError, match="No space left"):
            backups.write_backup(file)
        assert [p.name for p in file.parent.glob("*full*")] == []
        assert not list(source.glob(".copy-*"))

    lay_out = backups._lay_out
    folder = moved("second")
    for n_before in range(len(TREES) + 2):
        left = iter(range(n_before))

        def fails(*args, left=left) -> None:
            if next(left, None) is None:
                raise OSError(28, "No space left on device")
            lay_out(*args)

        monkeypatch.setattr(backups, "_lay_out", fails)
        with pytest.raises(InputError, match="No space left"):
            backups.restore_backup(copied)
        assert list(folder.iterdir()) == []


def test_beside_postgresql_a_copy_holds_all_but_the_database(
    site, moved, tmp_path, monkeypatch
) -> None:
    from virkestoff_hub.backups import holds_database, restore_backup, write_backup

    first = moved("first")
    monkeypatch.setitem(site.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    _fill(first)
    file = tmp_path / "copy.zip"
    write_backup(file)
    assert not holds_database()
    second = moved("second")
    restore_backup(file)
    assert _files(second) == TREES
