"""Countries by their two letters (ISO 3166-1), in the reader's language."""

from __future__ import annotations

from virkestoff.language import Text

__all__ = ["country_name", "in_country"]

_NAMES: dict[str, tuple[str, str]] = {
    "AT": ("Østerrike", "Austria"), "BE": ("Belgia", "Belgium"), "CA": ("Canada", "Canada"),
    "CH": ("Sveits", "Switzerland"), "CN": ("Kina", "China"), "CZ": ("Tsjekkia", "Czechia"),
    "DE": ("Tyskland", "Germany"), "DK": ("Danmark", "Denmark"), "EE": ("Estland", "Estonia"),
    "ES": ("Spania", "Spain"), "FI": ("Finland", "Finland"), "FO": ("Færøyene", "Faroe Islands"),
    "FR": ("Frankrike", "France"), "GB": ("Storbritannia", "United Kingdom"),
    "GL": ("Grønland", "Greenland"), "IE": ("Irland", "Ireland"), "IN": ("India", "India"),
    "IS": ("Island", "Iceland"), "IT": ("Italia", "Italy"), "JP": ("Japan", "Japan"),
    "LT": ("Litauen", "Lithuania"), "LV": ("Latvia", "Latvia"), "NL": ("Nederland", "Netherlands"),
    "NO": ("Norge", "Norway"), "PL": ("Polen", "Poland"), "PT": ("Portugal", "Portugal"),
    "SE": ("Sverige", "Sweden"), "SI": ("Slovenia", "Slovenia"), "US": ("USA", "United States"),
}  # fmt: skip
_ON = ("FO", "GL", "IS")
"""Where a Norwegian is *on* a country and not *in* it."""
_THE = ("FO", "GB", "NL", "US")
"""What has an article within an English sentence."""


def country_name(code: str) -> Text:
    """The name of a country; its letters where no name is known.

    Examples
    --------
    >>> country_name("SE").nb
    'Sverige'
    """
    nb, en = _NAMES.get(code, (code, code))
    return Text(nb=nb, en=en)


def in_country(code: str) -> Text:
    """Where something is, as it stands within a sentence.

    Examples
    --------
    >>> in_country("IS").nb, in_country("GB").en
    ('på Island', 'in the United Kingdom')
    """
    name = country_name(code)
    return Text(nb=f"{'på' if code in _ON else 'i'} {name.nb}",
                en=f"in {'the ' if code in _THE else ''}{name.en}")  # fmt: skip
