"""Organisation numbers: nine digits, the last of which checks the other eight (modulus 11)."""

from __future__ import annotations

__all__ = ["VALID_SQL", "check_digit", "is_valid", "normalise"]

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
N_DIGITS, MODULUS = 9, 11  # constant: the definition of the number


def normalise(text: object) -> str | None:
    """The number as nine digits, or ``None`` if it has no such form.

    Spaces of any kind, dots and a leading ``NO`` or trailing ``MVA`` go; whole numbers of a
    spreadsheet are padded with zeros on the left. The check digit is not looked at.

    Examples
    --------
    >>> normalise("NO 999 999 999 MVA"), normalise(12345678.0), normalise("0")
    ('999999999', '012345678', None)
    """
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, float):
        text = int(text) if text.is_integer() else text
    is_number = isinstance(text, int)
    kept = "".join(c for c in str(text).upper() if not c.isspace() and c != ".")
    kept = kept.removeprefix("NO").removesuffix("MVA")
    if is_number and kept != "0":
        kept = kept.zfill(N_DIGITS)
    return kept if len(kept) == N_DIGITS and kept.isascii() and kept.isdigit() else None


def check_digit(first_eight: str) -> int | None:
    """``(11 - sum(weight x digit) mod 11) mod 11``; ``None`` where that is 10: no such number."""
    rest = sum(w * int(c) for w, c in zip(WEIGHTS, first_eight, strict=True)) % MODULUS
    return None if rest == 1 else (MODULUS - rest) % MODULUS


def is_valid(number: str | None) -> bool:
    """Whether nine digits end in their check digit.

    Examples
    --------
    >>> is_valid("974760673"), is_valid("974760674")
    (True, False)
    """
    if number is None or len(number) != N_DIGITS or not (number.isascii() and number.isdigit()):
        return False
    return check_digit(number[:-1]) == int(number[-1])


def _sql() -> str:
    # digits of a whole number are found faster than of a text
    weighted = [
        f"{w} * ({{1}} // {10 ** (N_DIGITS - k)} % 10)"
        for k, w in enumerate((*WEIGHTS, 1), start=1)
    ]
    return (
        f"(regexp_full_match({{0}}, '[0-9]{{{{{N_DIGITS}}}}}') "
        f"and ({' + '.join(weighted)}) % {MODULUS} = 0)"
    )


VALID_SQL = _sql()
"""The same test for DuckDB: ``VALID_SQL.format(text, number)``, where ``number`` is the text as an
integer, null if it is none. The weighted sum with the check digit
counted once is divisible by 11, which also leaves out the remainder 1 (no digit is ten)."""
