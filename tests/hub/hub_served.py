"""The site as people start it: ``virkestoff hub serve`` in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

START_SECONDS = 120.0
WAIT = 0.2


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Served:
    """A running site; further settings are environment variables."""

    def __init__(self, data: Path, *options: str, **settings: str) -> None:
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        env = {k: v for k, v in os.environ.items() if not k.startswith("VIRKESTOFF_")}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        self.env = {**env, "VIRKESTOFF_DATA": str(data), **settings}
        self.letters = data / "hub" / "letters"
        self.log = data / "serve.log"
        command = [sys.executable, "-c", "from virkestoff.cli import main; main()", "hub", "serve",
                   "--port", str(port), *options]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log)
        self.wait_until(lambda: self.status("/nb/") == 200)

    def status(self, path: str) -> int:
        """The status of a page; 0 if nobody answers."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as problem:
            return problem.code
        except OSError:
            return 0

    def wait_until(self, is_so, seconds: float = START_SECONDS) -> None:
        """Wait for something to become so."""
        end = time.monotonic() + seconds
        while not is_so():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"it did not come about:\n{self.log.read_text()}")
            time.sleep(WAIT)

    def children(self, words: str = "") -> list[int]:
        """Processes that the server started, by words of their command line."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if int(parent) == self.process.pid and words in command:
                found.append(int(folder.name))
        return found

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
