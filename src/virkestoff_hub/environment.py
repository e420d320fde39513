"""What the environment says of this site: where it stands, who answers for it, how it is reached.

Every setting is an environment variable that begins with ``VIRKESTOFF_HUB_``; docs/howto/serve.md
lists them. All faults are told at once.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from virkestoff.errors import FaultCollector
from virkestoff.industry.holdings import data_folder
from virkestoff_hub.mail import mail_settings

__all__ = ["PREFIX", "Environment", "read_environment"]

PREFIX = "VIRKESTOFF_HUB_"
SECRET_LENGTH = 50
"""Characters of the secret key; Django asks for 50 at least."""
_HOST = re.compile(
    r"\.?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?\Z|\[[0-9a-fA-F:]+\]\Z"
)
_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+\Z")


@dataclass(frozen=True)
class Environment:
    """The settings of a site.

    Attributes
    ----------
    folder : the hub's own folder in the data folder: database, secret key, results of runs
    data : the data folder, where imported registers lie
    library : another library than the one that came along
    is_production : behind TLS; cookies and redirects ask for it
    is_demo : synthetic companies are shown, always marked
    hosts : names under which the site is reached
    database : as Django wants it
    owner, contact : who answers for the site, and their e-mail address
    mail : how letters are sent, as Django wants it
    n_proxies : proxies in front whose ``X-Forwarded-For`` is believed
    """

    folder: Path
    data: Path
    library: Path | None
    is_production: bool
    is_demo: bool
    hosts: tuple[str, ...]
    database: dict[str, object]
    owner: str
    contact: str
    n_proxies: int
    secret_key: str
    mail: dict[str, object]


def read_environment(given: Mapping[str, str] | None = None) -> Environment:
    """The settings from environment variables; the secret key is made when there is none.

    Raises
    ------
    InputError
        lists every variable that is faulty.
    """
    variables = os.environ if given is None else given
    faults = FaultCollector()

    def text(name: str, default: str = "") -> str:
        return variables.get(PREFIX + name, default).strip()

    def flag(name: str) -> bool:
        value = text(name, "0").lower()
        if value not in ("0", "1", ""):
            faults.add(PREFIX + name, f"'{value}' is neither 0 nor 1")
        return value == "1"

    mode = text("MODE", "local")
    if mode not in ("local", "production"):
        faults.add(PREFIX + "MODE", f"'{mode}' is unknown", next_step="Use local or production")
    is_production = mode == "production"
    named = variables.get("VIRKESTOFF_DATA", "").strip()
    data = data_folder(Path(named) if named else None)
    folder = data / "hub"
    hosts = tuple(h for h in re.split(r"[,\s]+", text("HOSTS")) if h)
    for host in hosts:
        if not _HOST.match(host):
            faults.add(PREFIX + "HOSTS", f"'{host}' is no host name")
    if is_production and not hosts:
        faults.add(PREFIX + "HOSTS", "is empty", "a site in production knows its own names",
                   "Set it to the names of the site, with commas between")  # fmt: skip
    contact = text("CONTACT")
    if contact and not _MAIL.match(contact):
        faults.add(PREFIX + "CONTACT", f"'{contact}' is no e-mail address")
    if is_production and not contact:
        faults.add(PREFIX + "CONTACT", "is empty",
                   "the statements on privacy and accessibility must name whom to write to",
                   "Set it to an e-mail address")  # fmt: skip
    proxies = text("PROXIES", "0")
    if not proxies.isdigit():
        faults.add(PREFIX + "PROXIES", f"'{proxies}' is no number of proxies")
    database = _database(text("DATABASE"), folder, faults)
    mail = mail_settings(text("MAIL"), folder, PREFIX + "MAIL", faults)
    is_demo = flag("DEMO")
    library = text("LIBRARY")
    faults.raise_if_any()
    return Environment(
        folder, data, Path(library) if library else None, is_production, is_demo,
        hosts or ("localhost", "127.0.0.1", "[::1]"), database, text("OWNER") or "Virkestoff",
        contact, int(proxies), text("SECRET_KEY") or _kept_secret(folder),
        mail,
    )  # fmt: skip


def _database(address: str, folder: Path, faults: FaultCollector) -> dict[str, object]:
    """SQLite in the hub's folder, or what ``postgresql://user:password@host:port/name`` names."""
    if not address:
        return _sqlite(folder / "hub.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    name = parts.path.removeprefix("/")
    if parts.scheme not in ("postgres", "postgresql") or not name:
        faults.add(PREFIX + "DATABASE", "is neither a PostgreSQL nor a SQLite address",
                   next_step="Write postgresql://user:password@host:5432/name "
                   "or sqlite:////folder/file")  # fmt: skip
        return _sqlite(folder / "hub.sqlite3")
    try:
        port = parts.port
    except ValueError:
        faults.add(PREFIX + "DATABASE", "has a port that is no number up to 65535")
        port = None
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": unquote(name),
        "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "", "PORT": str(port or ""),
        "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True,
    }  # fmt: skip


def _sqlite(path: Path) -> dict[str, object]:
    """Readers never wait for a writer (WAL), writers wait their turn instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _kept_secret(folder: Path) -> str:
    """The secret key in the hub's folder, which nobody but its owner reads; made at first use."""
    path = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    secret = secrets.token_urlsafe(SECRET_LENGTH)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret + "\n")
    return secret
