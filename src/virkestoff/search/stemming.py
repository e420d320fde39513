"""Stems: one form for the forms of a word, in Norwegian (bokmål and nynorsk) and in English.

Rules of our own. The usual stemmer for Norwegian tells ``legemiddel`` from ``legemidler`` and
``kapasitet`` from ``kapasiteten``, and knows no nynorsk; see docs/decisions/search.md.
"""

from __future__ import annotations

import re

__all__ = ["stem_english", "stem_norwegian"]

_SHORTEST = 3
"""Letters that an ending must leave."""
_SHORTEST_VERB = 4
_SHORTEST_ING = 5
_ENDINGS = ("ene", "ane", "one", "er", "ar", "or", "en", "et", "a", "e")
_KEEPS_ET = ("itet", "het")
_NO_GENITIVE = ("ss", "us", "is", "as", "os")
_VERB = re.compile(r"(?:ering|ert|er)$")
_UNSTRESSED_EL = re.compile(r"([bdfgklmnprstv])\1?el$")
_DOUBLE = re.compile(r"([bdfgklmnprst])\1$")
_LATIN = re.compile(r"ium$")
_STRESSLESS_R = re.compile(r"(?<=[^aeiouy]t)r$")


def stem_norwegian(word: str) -> str:
    """The stem of a folded word.

    In order: the nynorsk -heit and -leg become -het and -lig; the genitive's s goes; endings of
    number, definiteness and verbs go, two at most; -ere, -ering and -ert go; an unstressed e before
    l goes with the doubled consonant before it (middel, midl-er); a last double consonant is
    single.

    Examples
    --------
    >>> {stem_norwegian(w) for w in ("legemiddel", "legemidler", "legemidlet", "legemiddelets")}
    {'legemidl'}
    >>> stem_norwegian("kapasitet") == stem_norwegian("kapasiteten")
    True
    """
    if len(word) <= _SHORTEST or not word.isalpha():
        return word
    stem = re.sub(r"heit(?=$|en$|er$|a$|ene$|ane$)", "het", word)
    stem = re.sub(r"(?<=[a-z]{3})leg(?=$|e$|t$)", "lig", stem)
    if len(stem) > _SHORTEST + 1 and stem.endswith("s") and not stem.endswith(_NO_GENITIVE):
        stem = stem[:-1]
    stem = _LATIN.sub("i", stem)
    for _ in range(2):
        stem = _without_ending(stem)
    shorter = _VERB.sub("", stem)
    if len(shorter) >= _SHORTEST_VERB:
        stem = shorter
    if stem.endswith("ing") and len(stem) - len("ing") >= _SHORTEST_ING:
        stem = stem.removesuffix("ing")
    stem = _STRESSLESS_R.sub("", stem)
    stem = _UNSTRESSED_EL.sub(r"\1l", stem) if len(stem) > _SHORTEST + 1 else stem
    return _DOUBLE.sub(r"\1", stem)


def _without_ending(stem: str) -> str:
    if stem.endswith(_KEEPS_ET):
        return stem
    for ending in _ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= _SHORTEST:
            return stem.removesuffix(ending)
    return stem


def stem_english(word: str) -> str:
    """The stem of a folded word: no plural, no -ing, -ed or last e, and i for a last y.

    Examples
    --------
    >>> {stem_english(w) for w in ("therapy", "therapies")}
    {'therapi'}
    >>> {stem_english(w) for w in ("manufacture", "manufacturing", "manufactured")}
    {'manufactur'}
    """
    stem = word.removesuffix("'s").removesuffix("'")
    if len(stem) <= _SHORTEST or not stem.isalpha():
        return stem
    if stem.endswith("ies"):
        stem = stem[:-3] + "y"
    elif re.search(r"(?:x|ch|sh|ss)es$", stem):
        stem = stem[:-2]
    elif stem.endswith("s") and not stem.endswith(("ss", "us", "is")):
        stem = stem[:-1]
    for ending in ("ing", "ed", "e"):
        if stem.endswith(ending) and len(stem) - len(ending) >= _SHORTEST_VERB:
            stem = stem.removesuffix(ending)
            break
    if stem.endswith("y") and len(stem) > _SHORTEST:
        stem = stem[:-1] + "i"
    return _DOUBLE.sub(r"\1", stem)
