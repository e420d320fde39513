"""How letters are sent: into a folder by default, to standard output, or by a mail server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from virkestoff.errors import FaultCollector

__all__ = ["mail_settings"]

_BACKEND = "django.core.mail.backends."
_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
TIMEOUT_SECONDS = 10


def mail_settings(
    address: str, folder: Path, name: str, faults: FaultCollector
) -> dict[str, object]:
    """Django's settings for ``file``, ``console``, or the address of a mail server.

    Parameters
    ----------
    address : empty or ``file``; ``console``; ``smtp``, ``smtps`` (TLS) or ``smtp+tls`` (STARTTLS),
        as in ``smtp+tls://user:password@host:587``
    folder : where letters are written by default
    name : the variable that faults are told of
    """
    if address in ("", "file"):
        return {"EMAIL_BACKEND": _BACKEND + "filebased.EmailBackend",
                "EMAIL_FILE_PATH": str(folder / "letters")}  # fmt: skip
    if address == "console":
        return {"EMAIL_BACKEND": _BACKEND + "console.EmailBackend"}
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
        faults.add(name, "has a port that is no number up to 65535")
    if parts.scheme not in _PORTS or not parts.hostname:
        faults.add(name, "is neither file, console nor the address of a mail server",
                   next_step="Write smtp+tls://user:password@host:587")  # fmt: skip
    return {
        "EMAIL_BACKEND": _BACKEND + "smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "", "EMAIL_PORT": port or _PORTS.get(parts.scheme, 0),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps", "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }  # fmt: skip
