"""Whether addresses answer, against a server here that gives every kind of answer.

Oracle: the answers that the server is told to give, and their meaning in RFC 9110.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from virkestoff.connectors.links import look_up


class _Server(BaseHTTPRequestHandler):
    asked: list[str]

    def _answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        path = self.path.lstrip("/")
        if path == "slow":
            time.sleep(1.0)
        if path == "shut":
            self.connection.close()
            return
        if path == "no-head":
            self._send(405 if self.command == "HEAD" else 200)
        elif path == "hidden-from-head":
            self._send(404 if self.command == "HEAD" else 200)
        elif path.startswith("to-"):
            status, _, where = path.removeprefix("to-").partition("-")
            self._send(int(status), {"file": "file:///etc/passwd", "loop": self.path}.get(
                where, f"/{where}"))  # fmt: skip
        else:
            self._send(int(path) if path.isdigit() else 200)

    do_HEAD = do_GET = _answer

    def _send(self, status: int, where: str | None = None) -> None:
        self.send_response(status)
        if where:
            self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


CASES = {
    "page": ("answers", "200"),
    "404": ("dead", "404"),
    "410": ("dead", "410"),
    "403": ("unclear", "403"),
    "500": ("unclear", "500"),
    "no-head": ("answers", "200"),
    "hidden-from-head": ("answers", "200"),
    "to-301-page": ("moved", "200"),
    "to-308-page": ("moved", "200"),
    "to-302-page": ("answers", "200"),
    "to-301-404": ("dead", "404"),
    "to-301-to-302-page": ("answers", "200"),
    "to-302-loop": ("unclear", "redirects"),
    "to-301-file": ("unclear", "scheme"),
    "slow": ("unclear", "time"),
    "shut": ("unclear", "connection"),
}


def test_every_kind_of_answer(server) -> None:
    root = f"http://127.0.0.1:{server.server_port}/"
    found = look_up([root + path for path in CASES], timeout=0.5, pause=0.0)
    assert {link.address.removeprefix(root): (link.state, link.why) for link in found} == CASES
    assert {link.new_address for link in found if link.state == "moved"} == {root + "page"}
    assert [link.address for link in found] == sorted(link.address for link in found)


def test_each_address_is_asked_once_and_pages_are_not_fetched(server) -> None:
    server.asked.clear()
    root = f"http://127.0.0.1:{server.server_port}/"
    steps: list[tuple[int, int]] = []
    look_up([root + "page", root + "page"], pause=0.0, on_step=lambda *step: steps.append(step))
    assert server.asked == ["HEAD /page"]
    assert steps == [(1, 1)]


def test_a_name_that_is_not_found_is_dead_only_where_others_are_found(server, monkeypatch) -> None:
    def resolve(host: str, *rest: object, **more: object) -> object:
        if host == "nowhere.invalid":
            raise gaierror(-2, "Name or service not known")
        return real(host, *rest, **more)

    import socket
    from socket import gaierror

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    page = f"http://127.0.0.1:{server.server_port}/page"
    gone = "http://nowhere.invalid/"
    assert [link.state for link in look_up([page, gone], pause=0.0)] == ["answers", "dead"]
    assert [link.state for link in look_up([gone], pause=0.0)] == ["unclear"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://host/x", "javascript:alert(1)", ""]
)
def test_only_pages_of_the_web_are_asked(address) -> None:
    assert [(link.state, link.why) for link in look_up([address])] == [("unclear", "scheme")]
