"""The site in one command: prepared, loaded once, served by several processes, with a worker."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from gunicorn.app.base import BaseApplication

from virkestoff.reports.fonts import FACES, FAMILY, subset_woff
from virkestoff.reports.html_parts import colour_rules, figure_rules

__all__ = ["draw_static", "prepare_site", "serve_site"]

LETTERS = "".join(
    map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2010, 0x2045), 0x202F, 0x20AC,
              0x2122, *range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265))
)  # fmt: skip
"""Characters of the site's fonts: Latin with marks, dashes, quotes, arrows, signs."""
_FONTS = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf", "SourceSansPro-It.ttf")
RESTART_AFTER = 2.0
"""Seconds until a worker that ended is started again."""
REQUEST_SECONDS = 60
"""A web process that has not answered by then is replaced."""


def draw_static(folder: Path) -> None:
    """Write the font and the colours of the reports where static files are collected from."""
    hub = folder / "hub"
    hub.mkdir(parents=True, exist_ok=True)
    rules = []
    for face in _FONTS:
        weight, style = FACES[face]
        name = face.removesuffix(".ttf") + ".woff"
        (hub / name).write_bytes(subset_woff(face, LETTERS))
        rules.append(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:{style};'
            f'font-display:swap;src:url("{name}") format("woff")}}'
        )
    css = "\n".join((*rules, colour_rules(), figure_rules()))
    (hub / "theme.css").write_text(css + "\n", encoding="utf-8")


def prepare_site() -> None:
    """Bring the database and the static files up to date; what is kept too long is deleted."""
    settings.HUB.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draw_static(settings.DRAWN_STATIC)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    from virkestoff_hub.tidy import tidy

    tidy()


class _Server(BaseApplication):
    """Gunicorn with settings from here instead of from a file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the settings over."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """The site, with the library loaded before the fork: the processes share it."""
        from virkestoff_hub import engine
        from virkestoff_hub.wsgi import application

        engine.warm()
        return application


class _Background:
    """The worker for long runs as a process of its own; started again when it ends."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.is_stopping = False

    def start(self) -> None:
        """Start it, and keep it."""
        threading.Thread(target=self._keep, name="hub-worker", daemon=True).start()

    def _keep(self) -> None:
        command = [sys.executable, "-m", "virkestoff_hub.runs.worker"]
        while not self.is_stopping:
            self.process = subprocess.Popen(command)
            self.process.wait()
            time.sleep(RESTART_AFTER)

    def stop(self) -> None:
        """End it with the site."""
        self.is_stopping = True
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()


def _draw_ahead(worker: Any) -> None:
    """Draw the pages with figures in a thread of a web process, before anybody asks for them."""
    from virkestoff_hub.ahead import draw_pages

    threading.Thread(target=draw_pages, name="hub-ahead", daemon=True).start()


def serve_site(host: str, port: int, n_processes: int) -> None:
    """Prepare, load and serve until it is stopped."""
    print("Preparing the database and the static files ...", flush=True)  # noqa: T201
    prepare_site()
    background = _Background()

    def is_ready(server: Any) -> None:
        print(f"The site is at http://{host}:{port}/", flush=True)  # noqa: T201
        background.start()

    print("Loading the library ...", flush=True)  # noqa: T201
    _Server(
        {
            "bind": f"{host}:{port}",
            "workers": n_processes,
            "threads": 4,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": 10,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": is_ready,
            "post_worker_init": _draw_ahead,
            "on_exit": lambda server: background.stop(),
            "limit_request_line": 4094,
            "forwarded_allow_ips": "127.0.0.1" if settings.HUB.n_proxies else "",
        }
    ).run()
