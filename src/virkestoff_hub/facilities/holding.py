"""The register of this process: the library's, joined with what providers have said themselves."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pydantic import ValidationError

from virkestoff.facilities import Capability, Provider, Register, Window, load_register
from virkestoff.facilities.geography import Counties, load_counties
from virkestoff.facilities.provider import Lack
from virkestoff_hub.engine import library
from virkestoff_hub.facilities.keeping import OWN_KEY
from virkestoff_hub.facilities.models import CapacityLine, Statement

__all__ = [
    "OWN_WORD", "Stated", "counties", "from_library", "is_demonstration", "joined", "key_of",
    "line_id", "own_statements_of", "statements_of",
]  # fmt: skip

OWN_WORD = "own_statement"
"""The source of what a provider says of itself on this site."""
_DEMONSTRATION = Path(__file__).parent / "demonstration.yaml"
_lock = threading.Lock()
_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _loaded() -> Register:
    files = [_DEMONSTRATION] if settings.HUB.is_demo else []
    return load_register(library(), *files)


def from_library() -> Register:
    """What the library says (with the demonstration's windows where they are asked for)."""
    with _lock:
        return _loaded()


@lru_cache(maxsize=1)
def counties() -> Counties:
    """The counties of the library."""
    return load_counties(library())


def is_demonstration(window: str) -> bool:
    """Whether a window is one of the demonstration's."""
    return window in from_library().windows


def line_id(line: CapacityLine) -> str:
    """The name of a provider's line among all windows."""
    return f"{line.provider}/{line.name}"


def key_of(capability: Capability) -> str:
    """The name of a statement of the library: a digest of all that it says."""
    return hashlib.sha256(capability.model_dump_json(by_alias=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Stated:
    """A statement as it stands.

    Attributes
    ----------
    library : as the library has it; none for one that the provider alone makes
    now : as it holds, or as it was last said
    answer : what the provider says of it; none if it is not answered
    version : of the answer, also of one that was taken back; 0 if there never was one
    """

    key: str
    library: Capability | None
    now: Capability
    answer: Statement | None
    version: int = 0

    @property
    def is_wrong(self) -> bool:
        """Whether the provider says that it never held."""
        return self.answer is not None and self.answer.answer == "wrong"


def _is_readable(answer: Statement) -> bool:
    """Whether the library still knows what an answer says; one that it does not is told of."""
    if answer.answer in ("right", "open") or (
        answer.answer != "corrected" and not answer.key.startswith(OWN_KEY)
    ):
        return True
    try:
        said: Capability | None = answer.read
    except ValidationError:
        said = None
    is_known = said is not None and _are_terms((said.does, *said.products, *said.excludes,
                                                *said.gmp, *said.analytics, *said.safety))
    if not is_known:
        _log.warning("The answer %s of %s can no longer be read", answer.key, answer.provider)
    return is_known


def _are_terms(keys: Iterable[str]) -> bool:
    return all(key in from_library().vocabulary.terms for key in keys)


def _readable_window(line: CapacityLine) -> Window | None:
    """The window of a line; none, and a line in the log, if the engine can no longer read it."""
    try:
        window: Window | None = line.window
    except ValidationError:
        window = None
    scope = window.certificate.scope if window and window.certificate else ()
    if window is not None and _are_terms((*window.excludes, *scope)):
        return window
    _log.warning("The line %s can no longer be read", line_id(line))
    return None


def _ended(capability: Capability, answer: Statement) -> Capability:
    said = {"status": "ended", "source": OWN_WORD, "place": answer.on.isoformat()}
    return capability.model_copy(update=said)


def _now(stated: Capability, answer: Statement | None) -> Capability:
    """What holds: the library's statement unless the provider said otherwise."""
    if answer is None or answer.answer == "right":
        return stated
    return answer.read if answer.answer == "corrected" else _ended(stated, answer)


def _answers(
    provider: str, answers: Mapping[tuple[str, str], Statement] | None
) -> Mapping[tuple[str, str], Statement]:
    return answers if answers is not None else {
        (s.provider, s.key): s for s in Statement.objects.filter(provider=provider)
    }  # fmt: skip


def statements_of(
    key: str, provider: Provider, answers: Mapping[tuple[str, str], Statement] | None = None
) -> list[Stated]:
    """Every statement of the library on a provider, with the provider's answer where one is."""
    held = _answers(key, answers)
    found = []
    for capability in provider.capabilities:
        name = key_of(capability)
        answer = held.get((key, name))
        version = answer.version if answer else 0
        if answer is not None and (answer.answer == "open" or not _is_readable(answer)):
            answer = None
        found.append(Stated(name, capability, _now(capability, answer), answer, version))
    return found


def own_statements_of(
    key: str, answers: Mapping[tuple[str, str], Statement] | None = None
) -> list[Stated]:
    """What a provider says that no source says, in the order of its keys; also what ended."""
    found = []
    for (provider, name), answer in sorted(_answers(key, answers).items()):
        if provider == key and name.startswith(OWN_KEY) and _is_readable(answer):
            said = answer.read
            now = said if answer.answer == "added" else _ended(said, answer)
            found.append(Stated(name, None, now, answer, answer.version))
    return found


def _as_claimed(
    key: str, provider: Provider, answers: Mapping[tuple[str, str], Statement]
) -> Provider:
    """A provider with its own answers; confirmed once every statement of the library has one.

    What it calls wrong is no capability; it is stated to lack it where the library said otherwise
    and nothing else that it does is of the kind.
    """
    found, own = statements_of(key, provider, answers), own_statements_of(key, answers)
    given = [s.answer for s in found if s.answer is not None]
    stands = tuple(s.now for s in (*found, *own) if not s.is_wrong)
    covers, done = from_library().vocabulary.covers, {c.does for c in stands}
    lacks = tuple(
        Lack(does=s.now.does, source=s.now.source, place=s.now.place)
        for s in found if s.is_wrong and not any(covers(d, s.now.does) for d in done)
    )  # fmt: skip
    changed: dict[str, object] = {"capabilities": stands, "lacks": (*provider.lacks, *lacks)}
    if given and len(given) == len(found):
        changed["confirmed"] = min(a.on for a in given)
    return provider.model_copy(update=changed)


def joined() -> Register:
    """The library's register with claims and windows from the database, as of this moment.

    A line whose provider or capability is gone from the library is left out: it belongs to nothing.
    One that can no longer be read is left out and told of in the log.
    """
    held = from_library()
    answers = {(s.provider, s.key): s for s in Statement.objects.all()}
    claimed = {key for key, _ in answers}
    providers = {
        key: _as_claimed(key, p, answers) if key in claimed else p
        for key, p in held.providers.items()
    }
    windows: dict[str, Window] = dict(held.windows)
    for line in CapacityLine.objects.all():
        window, provider = _readable_window(line), providers.get(line.provider)
        if window and provider and any(c.does == window.does for c in provider.capabilities):
            windows[line_id(line)] = window
    return replace(held, providers=providers, windows=windows)
