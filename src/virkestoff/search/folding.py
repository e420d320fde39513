"""Words in one spelling: small letters, no accents, and ae, oe, aa for æ, ø, å."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["as_typed", "fold", "skeleton", "words_in"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NORDIC = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ß": "ss",
                         "ð": "d", "þ": "th", "ł": "l", "’": "'"})  # fmt: skip
_BARE = (("aa", "a"), ("ae", "a"), ("oe", "o"))


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word in small letters with ``ae``, ``oe``, ``aa`` for æ, ø, å, and no other marks.

    Swedish and German ä and ö fold as æ and ø do; é, ü and the like lose their marks. Lår and lar
    stay apart, laar and lår do not.

    Examples
    --------
    >>> fold("Næringshage"), fold("én"), fold("Folkhälsomyndigheten")
    ('naeringshage', 'en', 'folkhaelsomyndigheten')
    """
    small = unicodedata.normalize("NFC", word).casefold().translate(_NORDIC)
    if small.isascii():
        return small
    split = unicodedata.normalize("NFKD", small)
    return "".join(c for c in split if not unicodedata.combining(c))


def as_typed(query: str) -> str:
    r"""A query without what cannot be seen: letters and their marks as one, nothing between them.

    Soft hyphens, joiners and signs of direction that come along from other programs go, a mark that
    fits no letter goes, and a control character parts words.

    Examples
    --------
    >>> as_typed("sta\u030al"), as_typed("peni\u00adcillin"), as_typed("a\x00b")
    ('stål', 'penicillin', 'a b')
    """
    kept = []
    for letter in unicodedata.normalize("NFC", query):
        category = unicodedata.category(letter)
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif category not in ("Cf", "Cs", "Mn", "Me"):
            kept.append(letter)
    return "".join(kept)


def skeleton(folded: str) -> str:
    """A folded word with a for æ and å, and o for ø: how it is typed in haste.

    Examples
    --------
    >>> skeleton(fold("grønn")) == skeleton(fold("gronn"))
    True
    """
    for two, one in _BARE:
        folded = folded.replace(two, one)
    return folded


def words_in(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text with where each starts and ends; a hyphen parts words.

    Examples
    --------
    >>> list(words_in("GMP-anlegg"))
    [('GMP', 0, 3), ('anlegg', 4, 10)]
    """
    for found in _WORD.finditer(text):
        yield found[0], found.start(), found.end()
