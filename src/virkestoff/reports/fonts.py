"""The one font of reports and figures: Source Sans from its wheel, cut down for the web page.

The wheel holds every face twice (OTF and TTF). Renderers get a folder with only the four faces
used, so that which file is read never depends on the order of a directory listing.
"""

from __future__ import annotations

import base64
import struct
import tempfile
import unicodedata
import zlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

__all__ = [
    "FACES",
    "FAMILY",
    "displayable",
    "font_face_css",
    "font_folder",
    "has_italic",
    "has_renderers",
    "subset_woff",
    "width_of",
]

FAMILY = "Source Sans Pro"
FACES: dict[str, tuple[int, str]] = {
    "SourceSansPro-Regular.ttf": (400, "normal"),
    "SourceSansPro-Semibold.ttf": (600, "normal"),
    "SourceSansPro-Bold.ttf": (700, "normal"),
    "SourceSansPro-It.ttf": (400, "italic"),
}
"""File name of each face used, with its CSS weight and style."""

_WEB_FACES = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf", "SourceSansPro-It.ttf")
_KEPT = (b"OS/2", b"cvt ", b"fpgm", b"gasp", b"head", b"hhea", b"hmtx", b"maxp", b"prep")
_ALIASES = {0x2009: 0x202F, 0x2010: 0x2D, 0x2011: 0x2D}
"""Characters without a glyph of their own, and the character whose glyph has the same look."""

_UNKNOWN = "?"


@cache
def _bytes_of(face: str) -> bytes:
    return files("font_source_sans_pro").joinpath("files", face).read_bytes()


@cache
def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="virkestoff-font-")
    for face in FACES:
        (Path(folder.name) / face).write_bytes(_bytes_of(face))
    return folder


def font_folder() -> Path:
    """A folder that holds exactly the four faces in use; it is removed when Python ends."""
    return Path(_temporary_folder().name)


def has_renderers() -> bool:
    """Whether a renderer has run in this process: each asks for the fonts before it starts.

    They keep threads of their own, which a forked process would lack and wait for.
    """
    return _temporary_folder.cache_info().currsize > 0


def _tables(font: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {}
    for i in range(count):
        tag, _, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * i)
        tables[tag] = font[offset : offset + length]
    return tables


def _character_map(cmap: bytes) -> dict[int, int]:
    """Code point to glyph, from the segment table (format 4) of the font."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    for i in range(count):
        _, _, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * i)
        if struct.unpack_from(">H", cmap, offset)[0] == 4:
            return _segments(cmap[offset:])
    return {}


def _segments(table: bytes) -> dict[int, int]:
    n = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{n}H", table, 14)
    starts = struct.unpack_from(f">{n}H", table, 16 + 2 * n)
    deltas = struct.unpack_from(f">{n}H", table, 16 + 4 * n)
    at = 16 + 6 * n
    offsets = struct.unpack_from(f">{n}H", table, at)
    found: dict[int, int] = {}
    for i in range(n):
        for code in range(starts[i], ends[i] + 1):
            if offsets[i] == 0:
                glyph = (code + deltas[i]) & 0xFFFF
            else:
                place = at + 2 * i + offsets[i] + 2 * (code - starts[i])
                (glyph,) = struct.unpack_from(">H", table, place)
                glyph = (glyph + deltas[i]) & 0xFFFF if glyph else 0
            if glyph and code != 0xFFFF:
                found[code] = glyph
    return found


@cache
def _characters(face: str) -> dict[int, int]:
    return _character_map(_tables(_bytes_of(face))[b"cmap"])


@cache
def _upright() -> frozenset[str]:
    """The characters that every upright face has a glyph for."""
    sets = [set(_characters(f)) for f, (_, style) in FACES.items() if style == "normal"]
    return frozenset(map(chr, set.intersection(*sets))) | {"\n", "\t"}


@cache
def _advances(face: str) -> dict[str, float]:
    """The width of each character of a face, in ems."""
    tables = _tables(_bytes_of(face))
    (per_em,) = struct.unpack_from(">H", tables[b"head"], 18)
    (count,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    widths = struct.unpack_from(">" + "Hh" * count, tables[b"hmtx"])[::2]
    return {
        chr(code): widths[min(glyph, count - 1)] / per_em
        for code, glyph in _characters(face).items()
    }


def width_of(text: str, face: str = "SourceSansPro-Regular.ttf") -> float:
    """How wide a line of text is, in ems and without kerning; an unknown letter counts as one."""
    advances = _advances(face)
    return sum(advances.get(letter, 1.0) for letter in displayable(text))


def has_italic(text: str) -> bool:
    """Whether the italic face has every letter of ``text``; it lacks Greek."""
    (face,) = (f for f, (_, style) in FACES.items() if style == "italic")
    return all(ord(c) in _characters(face) for c in text)


def displayable(text: str) -> str:
    """``text`` with a question mark for every character that the font lacks.

    A PDF with a missing glyph is no accessible PDF, so the typesetter would refuse the report.
    """
    known = _upright()
    whole = unicodedata.normalize("NFC", text)
    if known.issuperset(whole):
        return whole
    stand_ins = {chr(code): chr(stand_in) for code, stand_in in _ALIASES.items()}
    return "".join(c if c in known else stand_ins.get(c, _UNKNOWN) for c in whole)


def _parts_of(glyph: bytes) -> list[int]:
    """The glyphs that a composite glyph is put together from."""
    if len(glyph) < 10 or struct.unpack_from(">h", glyph)[0] >= 0:
        return []
    parts, at, more = [], 10, True
    while more:
        flags, index = struct.unpack_from(">HH", glyph, at)
        parts.append(index)
        at += 8 if flags & 0x0001 else 6  # arguments are words or bytes
        if flags & 0x0008:
            at += 2
        elif flags & 0x0040:
            at += 4
        elif flags & 0x0080:
            at += 8
        more = bool(flags & 0x0020)
    return parts


def _outlines(tables: dict[bytes, bytes], wanted: Iterable[int]) -> tuple[bytes, bytes]:
    """``glyf`` and long ``loca`` with the outlines of ``wanted`` and their parts only."""
    is_long = struct.unpack_from(">h", tables[b"head"], 50)[0] == 1
    (n_glyphs,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    if is_long:
        places = struct.unpack_from(f">{n_glyphs + 1}L", tables[b"loca"])
    else:
        short = struct.unpack_from(f">{n_glyphs + 1}H", tables[b"loca"])
        places = tuple(2 * s for s in short)
    kept: dict[int, bytes] = {}
    waiting = list(wanted)
    while waiting:
        index = waiting.pop()
        if index not in kept:
            kept[index] = tables[b"glyf"][places[index] : places[index + 1]]
            waiting.extend(_parts_of(kept[index]))
    outlines, where = bytearray(), [0]
    for index in range(n_glyphs):
        outlines += kept.get(index, b"")
        outlines += b"\0" * (-len(outlines) % 4)
        where.append(len(outlines))
    return bytes(outlines), struct.pack(f">{n_glyphs + 1}L", *where)


def _cmap_table(characters: dict[int, int]) -> bytes:
    """A character map with one group (format 12) per character."""
    groups = b"".join(struct.pack(">LLL", c, c, g) for c, g in sorted(characters.items()))
    table = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(groups) // 12) + groups
    return struct.pack(">HH", 0, 1) + struct.pack(">HHL", 3, 10, 12) + table


def _checksum(table: bytes) -> int:
    padded = table + b"\0" * (-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF


def _woff(tables: dict[bytes, bytes], flavour: bytes) -> bytes:
    """WOFF 1.0 (W3C Recommendation, 2012): the tables compressed one by one."""
    directory, data, at = b"", b"", 44 + 20 * len(tables)
    for tag in sorted(tables):
        table = tables[tag]
        packed = zlib.compress(table, 9)
        packed = packed if len(packed) < len(table) else table
        directory += struct.pack(">4sLLLL", tag, at, len(packed), len(table), _checksum(table))
        packed += b"\0" * (-len(packed) % 4)
        data += packed
        at += len(packed)
    plain = 12 + 16 * len(tables) + sum(len(t) + -len(t) % 4 for t in tables.values())
    head = struct.pack(
        ">4s4sLHHLHHLLLLL", b"wOFF", flavour, at, len(tables), 0, plain, 1, 0, 0, 0, 0, 0, 0
    )
    return head + directory + data


def subset_woff(face: str, text: str) -> bytes:
    """The face as WOFF with the outlines of the characters of ``text`` only.

    Glyph numbers stay as they are, so metrics need no change; layout tables (kerning, ligatures)
    are left out. Characters that the face lacks are left to the reader's own fonts.
    """
    font = _bytes_of(face)
    tables = _tables(font)
    known = _characters(face)
    characters = {ord(c): known[ord(c)] for c in text if ord(c) in known}
    for code, stand_in in _ALIASES.items():
        if chr(code) in text and stand_in in known:
            characters.setdefault(code, known[stand_in])
    outlines, places = _outlines(tables, {0, *characters.values()})
    kept = {tag: tables[tag] for tag in _KEPT if tag in tables}
    head = bytearray(kept[b"head"])
    struct.pack_into(">h", head, 50, 1)  # loca is long now
    struct.pack_into(">L", head, 8, 0)  # the whole-file checksum does not hold for a subset
    kept |= {
        b"head": bytes(head),
        b"glyf": outlines,
        b"loca": places,
        b"cmap": _cmap_table(characters),
        b"name": _name_table(),
        b"post": struct.pack(">LLhhLLLLL", 0x00030000, 0, -100, 50, 0, 0, 0, 0, 0),
    }
    return _woff(kept, font[:4])


def _name_table() -> bytes:
    """Names that a web font needs: family, style, full and PostScript name (subset, renamed)."""
    texts = {1: "Virkestoff Sans", 2: "Regular", 4: "Virkestoff Sans", 6: "VirkestoffSans"}
    records, data = b"", b""
    for name_id, text in texts.items():
        raw = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x0409, name_id, len(raw), len(data))
        data += raw
    return struct.pack(">HHH", 0, len(texts), 6 + len(records)) + records + data


def font_face_css(text: str) -> str:
    """``@font-face`` rules with the subset of three faces that ``text`` needs, as base64."""
    letters = "".join(sorted(set(text) | set(map(chr, range(32, 127)))))
    rules = []
    for face in _WEB_FACES:
        weight, style = FACES[face]
        data = base64.b64encode(subset_woff(face, letters)).decode("ascii")
        rules.append(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:{style};'
            f'src:url("data:font/woff;base64,{data}") format("woff")}}'
        )
    return "\n".join(rules)
