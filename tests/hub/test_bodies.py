"""Bodies that are too large are refused before anything of them is read."""

from __future__ import annotations

import pytest


class _Unread:
    """A body that tells when it is read."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def _post(client, path: str, **extra):
    return client.generic("POST", path, b"", content_type="multipart/form-data; boundary=x",
                          **{"wsgi.input": _Unread(), **extra})  # fmt: skip


@pytest.mark.parametrize(("path", "words"), [("/nb/account/sign-in/", "for stort"),
                                             ("/en/account/sign-in/", "too large")])  # fmt: skip
def test_a_body_above_the_largest_upload_is_refused_unread(client, path, words) -> None:
    answer = _post(client, path, CONTENT_LENGTH="50000000")
    assert answer.status_code == 413
    assert words in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("length", ["-1", "ni", "١٢", "9" * 5000])
def test_a_length_of_a_form_that_is_no_number_is_refused(client, length) -> None:
    assert _post(client, "/nb/account/sign-in/", CONTENT_LENGTH=length).status_code == 413


def test_a_body_without_a_length_is_refused_unread(client) -> None:
    answer = _post(client, "/en/account/sign-in/", CONTENT_LENGTH="",
                   HTTP_TRANSFER_ENCODING="chunked")  # fmt: skip
    assert answer.status_code == 413


def test_the_api_keeps_its_own_shape(client) -> None:
    answer = _post(client, "/api/v1/guide", CONTENT_LENGTH="50000000")
    assert answer.status_code == 413
    assert "json" in answer.headers["Content-Type"]


def test_a_form_of_usual_size_passes(client) -> None:
    answer = client.post("/nb/account/sign-in/", {"username": "x" * 900, "password": "y"})
    assert answer.status_code == 422


@pytest.mark.parametrize("address", ["/api/v1/check", "/nb/guide/"])
def test_a_length_of_thousands_of_digits_is_refused(client, address) -> None:
    """Python reads no number of more than 4,300 digits."""
    answer = client.post(address, b"{}", "application/json", CONTENT_LENGTH="9" * 5000)
    assert answer.status_code == 413
