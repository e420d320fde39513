"""Whether web addresses still answer: only the head of the answer is read, never the page.

One host is asked one address at a time, with a pause between, so that nobody is burdened. Many
sites refuse programs; such an answer says nothing about the page, and is told apart from a page
that is gone.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPException, HTTPMessage
from socket import gaierror
from typing import IO, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

__all__ = ["Link", "look_up"]

State = Literal["answers", "moved", "dead", "unclear"]
GONE = (404, 410)
PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
NOT_FOR_HEAD = (400, 403, 404, 405, 410, 501)
"""Answers after which the page itself is asked for: some servers know no request for the head."""
MOST_STEPS = 6  # constant: redirects followed, as browsers do up to twenty
NO_NAME = "name"


@dataclass(frozen=True)
class Link:
    """What became of an address.

    Attributes
    ----------
    state : ``answers``; ``moved``: it answers elsewhere, and says that this is for good; ``dead``:
        the server says that the page is gone, or there is no such server; ``unclear``: no answer
        that says anything, such as a refusal or a fault
    why : status of the answer as text, or the kind of fault: ``name``, ``time``, ``scheme``,
        ``redirects``, ``connection``
    new_address : where it answers, if it moved
    """

    address: str
    state: State
    why: str
    new_address: str | None = None


class _Stay(HTTPRedirectHandler):
    """Redirects are followed one by one here, so that each step can be looked at."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


_OPENER = build_opener(_Stay)


def look_up(
    addresses: Iterable[str],
    *,
    timeout: float = 15.0,
    pause: float = 0.5,
    n_threads: int = 8,
    on_step: Callable[[int, int], None] | None = None,
) -> tuple[Link, ...]:
    """Ask every address once, in the order of the alphabet.

    Where not one answers, a name that was not found says nothing: there may be no network here.

    Parameters
    ----------
    timeout : seconds to wait for an answer
    pause : seconds between two addresses of one host
    on_step : called with (addresses done, addresses in all)
    """
    wanted = sorted(set(addresses))
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in wanted:
        hosts[urlsplit(address).netloc].append(address)
    found: dict[str, Link] = {}

    def ask(some: Sequence[str]) -> None:
        for k, address in enumerate(some):
            if k:
                time.sleep(pause)
            found[address] = _asked(address, timeout)
            if on_step:
                on_step(len(found), len(wanted))

    with ThreadPoolExecutor(n_threads) as threads:
        for done in [threads.submit(ask, some) for some in hosts.values()]:
            done.result()
    has_network = any(link.why != NO_NAME for link in found.values())
    return tuple(
        replace(found[a], state="unclear")
        if found[a].why == NO_NAME and not has_network
        else found[a]
        for a in wanted
    )


def _asked(address: str, timeout: float) -> Link:
    """Follow an address to its answer."""
    current, is_for_good = address, True
    for _ in range(MOST_STEPS):
        if urlsplit(current).scheme not in ("http", "https"):
            return Link(address, "unclear", "scheme")
        try:
            status, where = _status(current, timeout)
        except gaierror:
            return Link(address, "dead", NO_NAME)
        except TimeoutError:
            return Link(address, "unclear", "time")
        except (OSError, HTTPException, ValueError):
            return Link(address, "unclear", "connection")
        if status in REDIRECTS and where:
            is_for_good = is_for_good and status in PERMANENT
            current = urljoin(current, where)
            continue
        if status in GONE:
            return Link(address, "dead", str(status))
        if not 200 <= status < 300:
            return Link(address, "unclear", str(status))
        has_moved = is_for_good and current != address
        return Link(address, "moved", str(status), current) if has_moved else Link(
            address, "answers", str(status)
        )
    return Link(address, "unclear", "redirects")


def _status(address: str, timeout: float) -> tuple[int, str | None]:
    """Status of the answer, and where it sends one on to."""
    status, where = _one(address, "HEAD", timeout)
    return _one(address, "GET", timeout) if status in NOT_FOR_HEAD else (status, where)


def _one(address: str, method: str, timeout: float) -> tuple[int, str | None]:
    request = Request(
        address, method=method, headers={"User-Agent": "Virkestoff (check of sources)"}
    )
    try:
        with _OPENER.open(request, timeout=timeout) as answer:
            return answer.status, answer.headers.get("Location")
    except HTTPError as answer:
        with answer:
            return answer.code, answer.headers.get("Location")
    except URLError as problem:
        if isinstance(problem.reason, OSError):
            raise problem.reason from None
        raise
