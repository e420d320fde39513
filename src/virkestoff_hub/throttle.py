"""How often one address may ask: a bucket that fills at a steady rate, per process.

A site with several web processes lets through as many times more; sign-in has limits of its own in
the database (``accounts.attempts``), which hold over all processes and restarts.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

__all__ = ["Buckets", "ThrottleMiddleware", "address_of"]

N_ADDRESSES = 20_000
"""Addresses that are remembered; the one that asked longest ago is forgotten first."""
READS = (60.0, 20.0)
"""Largest burst, and requests a second after it, for pages."""
WRITES = (20.0, 1.0)
"""The same for forms and for files that are made on request."""
_MADE_ON_REQUEST = (".pdf", ".xlsx", ".ics", ".csv", ".parquet", ".dta", ".sav", ".svg", ".docx")


class Buckets:
    """Token buckets by key."""

    def __init__(self, size: float, rate: float, now: Callable[[], float] = time.monotonic) -> None:
        self.size, self.rate, self.now = size, rate, now
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Take one token: 0.0 if there was one, else the seconds until there will be."""
        now = self.now()
        with self._lock:
            left, then = self._held.pop(key, (self.size, now))
            left = min(self.size, left + (now - then) * self.rate)
            is_served = left >= 1.0
            self._held[key] = (left - 1.0 if is_served else left, now)
            if len(self._held) > N_ADDRESSES:
                self._held.popitem(last=False)
        return 0.0 if is_served else (1.0 - left) / self.rate


def address_of(request: HttpRequest) -> str:
    """The address that asks, as the nearest trusted proxy saw it; of IPv6 its /64, as one."""
    own = str(request.META.get("REMOTE_ADDR", ""))
    n_proxies = settings.HUB.n_proxies
    if not n_proxies:
        return _household(own)
    seen = [a.strip() for a in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if a.strip()]
    return _household(seen[-n_proxies] if len(seen) >= n_proxies else own)


def _household(address: str) -> str:
    """An address, or the network of an IPv6 address: one line holds 2^64 of them."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if read.version == 4 or read.ipv4_mapped is not None:
        return str(read)
    return str(ipaddress.ip_network((read, 64), strict=False))


class ThrottleMiddleware:
    """Answers 429 with the seconds to wait when an address asks too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.reads, self.writes = Buckets(*READS), Buckets(*WRITES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_write = request.method not in ("GET", "HEAD", "OPTIONS")
        is_made = request.path.endswith(_MADE_ON_REQUEST)
        buckets = self.writes if is_write or is_made else self.reads
        wait = buckets.take(address_of(request))
        if not wait:
            return self.get_response(request)
        from virkestoff_hub.pages.faults import too_many

        return too_many(request, wait)
