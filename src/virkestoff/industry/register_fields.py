"""The fields of Enhetsregisteret that are read, as expressions of the table engine.

Everything is read as text first, so that a wrong type is found and named instead of guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from virkestoff.industry.orgnr import VALID_SQL
from virkestoff.industry.register_files import FileHead
from virkestoff.industry.register_kinds import Limits

__all__ = ["CODES", "Column", "columns_of", "csv_source", "json_source", "typed_sql"]

Type = Literal["text", "long_text", "list", "number", "code", "count", "boolean", "date", "place"]
CODES = ("code_1", "code_2", "code_3")
_CASTS: dict[str, str] = {  # what is made of the text, once
    "count": "try_cast({0} as bigint)", "boolean": "try_cast({0} as boolean)",
    "date": "try_cast(left({0}, 10) as date)", "number": "try_cast({0} as integer)",
}  # fmt: skip
_STAYS_TEXT = ("number",)
_ENDS = "^\\p{Zs}|\\p{Zs}$"  # what ``trim`` takes away; looking first is three times as fast


@dataclass(frozen=True)
class Column:
    """One column of the table: its name, the field it comes from, and what it holds."""

    name: str
    field: str
    type: Type
    inner: str = ""
    is_needed: bool = False

    @property
    def dotted(self) -> str:
        """The name of the column in the CSV layout."""
        return f"{self.field}.{self.inner}" if self.inner else self.field


_SHARED_HEAD = (Column("organisation_number", "organisasjonsnummer", "number", is_needed=True),)
_FORM = Column("form", "organisasjonsform", "text", "kode", is_needed=True)
_CODE_COLUMNS = tuple(
    Column(f"code_{k}", f"naeringskode{k}", "code", "kode", is_needed=k == 1) for k in (1, 2, 3)
)
_STAFF = (
    Column("n_employees", "antallAnsatte", "count"),
    Column("has_employees", "harRegistrertAntallAnsatte", "boolean"),
)
_UNITS = (
    *_SHARED_HEAD,
    Column("name", "navn", "text", is_needed=True),
    _FORM,
    *_CODE_COLUMNS,
    *_STAFF,
    Column("municipality", "forretningsadresse", "place", "kommunenummer"),
    Column("country", "forretningsadresse", "text", "landkode"),
    Column("founded", "stiftelsesdato", "date"),
    Column("registered", "registreringsdatoEnhetsregisteret", "date"),
    Column("deleted", "slettedato", "date"),
    Column("is_bankrupt", "konkurs", "boolean"),
    Column("is_winding_up", "underAvvikling", "boolean"),
    Column("is_forced_winding_up", "underTvangsavviklingEllerTvangsopplosning", "boolean"),
    Column("is_in_group", "erIKonsern", "boolean"),
    Column("parent", "overordnetEnhet", "number"),
    Column("sector", "institusjonellSektorkode", "text", "kode"),
    Column("website", "hjemmeside", "text"),
    Column("accounts_year", "sisteInnsendteAarsregnskap", "count"),
    Column("purpose", "vedtektsfestetFormaal", "list"),
    Column("activity", "aktivitet", "list"),
)
_SUBUNITS = (
    *_SHARED_HEAD,
    Column("parent", "overordnetEnhet", "number"),
    _FORM,
    *_CODE_COLUMNS,
    *_STAFF,
    Column("municipality", "beliggenhetsadresse", "place", "kommunenummer"),
    Column("country", "beliggenhetsadresse", "text", "landkode"),
    Column("founded", "oppstartsdato", "date"),
    Column("registered", "registreringsdatoEnhetsregisteret", "date"),
    Column("deleted", "slettedato", "date"),
)


def columns_of(kind: str) -> tuple[Column, ...]:
    """The columns of ``units`` or ``subunits``; a sub-unit's name may be a person's: not read."""
    return _UNITS if kind == "units" else _SUBUNITS


def quoted(text: object) -> str:
    """A text as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def named(text: str) -> str:
    """A name as an identifier of SQL."""
    return '"' + text.replace('"', '""') + '"'


def _fields(columns: tuple[Column, ...], head: FileHead) -> dict[str, tuple[str, list[str]]]:
    """Field in small letters -> as the file spells it, and the inner names asked for."""
    spelt = {key.lower(): key for key in head.keys}
    fields: dict[str, tuple[str, list[str]]] = {}
    for column in columns:
        key = column.field.lower()
        _, inner = fields.setdefault(key, (spelt.get(key, column.field), []))
        if column.inner:
            inner.append(column.inner)
    return fields


def _packed(head: FileHead, path: object = None) -> str:
    """The path, and whether it is packed, whatever its name says."""
    how = "gzip" if head.is_packed and path is None else "none"
    return f"{quoted(path or head.path)}, compression={quoted(how)}"


_FORMATS = {"array": "array", "lines": "newline_delimited", "object": "unstructured"}


def json_source(columns: tuple[Column, ...], head: FileHead, is_tolerant: bool) -> str:
    """A query of all columns as text, with ``record`` from 1 and ``oddity`` (a wrong shape).

    The quick one names the shape of every field, and the engine stops at a record of another. The
    tolerant one takes every record as it is and says in ``oddity`` what is wrong with it.
    """
    fields = _fields(columns, head)
    lists = {c.field.lower() for c in columns if c.type == "list"}
    form = f"format={quoted(_FORMATS[head.layout])}"
    if not is_tolerant:
        types = []
        for key, (spelt, inner) in fields.items():
            shape = "VARCHAR[]" if key in lists else "VARCHAR"
            if inner:
                shape = "STRUCT(" + ", ".join(f"{named(i)} VARCHAR" for i in inner) + ")"
            types.append(f"{named(spelt)}: {quoted(shape)}")
        source = f"read_json({_packed(head)}, {form}, columns={{{', '.join(types)}}})"
        shown = []
        for c in columns:
            at = named(fields[c.field.lower()][0])
            if c.inner:
                at += "." + named(c.inner)
            shown.append((f"array_to_string({at}, ' ')" if c.type == "list" else at, c.name))
        return _query(shown, "null", source)
    shape = ", ".join(f'"{spelt}":"JSON"' for spelt, _ in fields.values())
    source = (
        f"(select json_type(json) shape, json_transform(json, {quoted('{' + shape + '}')}) one "
        f"from read_json({_packed(head)}, {form}, records=false, columns={{json: 'JSON'}}))"
    )
    shown, odd = [], ["when shape is distinct from 'OBJECT' then 'not_a_record'"]
    for key, (spelt, inner) in fields.items():
        wanted = "('OBJECT', 'NULL')" if inner else "('VARCHAR', 'NULL', 'ARRAY')"
        if inner or key in lists:
            odd.append(
                f"when json_type(one.{named(spelt)}) not in {wanted} "
                f"then {quoted('wrong_type|' + spelt)}"
            )
    for c in columns:
        at = f"one.{named(fields[c.field.lower()][0])}"
        if c.type == "list":
            parts = f"array_to_string(try_cast(json_transform({at}, '[\"VARCHAR\"]') as varchar[])"
            text = f"case json_type({at}) when 'ARRAY' then {parts}, ' ') else {at} ->> '$' end"
        else:
            text = f"({at} ->> {quoted('$.' + c.inner if c.inner else '$')})"
        shown.append((text, c.name))
    return _query(shown, "case " + " ".join(odd) + " end", source)


_FREE = ("name", "website", "purpose", "activity")


def _query(shown: list[tuple[str, str]], oddity: str, source: str) -> str:
    ends = quoted(_ENDS)
    trimmed = [
        (f"case when regexp_matches({text}, {ends}) then trim({text}) else {text} end", name)
        if name in _FREE
        else (text, name)
        for text, name in shown
    ]
    parts = ", ".join(f"nullif({text}, '') as {name}" for text, name in trimmed)
    return f"select row_number() over () as record, {parts}, {oddity} as oddity from {source}"


def csv_source(
    columns: tuple[Column, ...], head: FileHead, cleaned: object = None
) -> str:
    """The same query of the CSV layout, or of a cleaned copy with record numbers in front."""
    has_records, path = cleaned is not None, cleaned
    spelt = {key.strip().lower(): key for key in head.keys}
    names = (["record"] if has_records else []) + list(head.keys)
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    delimiter = "," if has_records else head.delimiter
    source = (
        f"read_csv({_packed(head, path)}, delim={quoted(delimiter)}, quote='\"', escape='\"', "
        f"header=true, auto_detect=false, strict_mode=true, columns={{{types}}})"
    )
    shown = []
    for c in columns:
        at = spelt.get(c.dotted.lower())
        shown.append((named(at) if at else "null::varchar", c.name))
    query = _query(shown, "null", source)
    if has_records:
        query = query.replace("row_number() over () as", '"record"::bigint as', 1)
    return query


def typed_sql(source: str, columns: tuple[Column, ...], limits: Limits, forms: str) -> str:
    """Columns with their types, ``is_person``, and ``fault`` as ``reason|detail`` (null: none).

    ``forms`` is the list of organisation forms that are persons, as SQL.
    """
    casts = [
        f"{_CASTS[c.type].format(c.name)} as {_typed(c.name)}" for c in columns if c.type in _CASTS
    ]
    out = [
        f"{_typed(c.name)} as {c.name}"
        if c.type in _CASTS and c.type not in _STAYS_TEXT
        else c.name
        for c in columns
    ]
    tests = [
        ("oddity is not null", "oddity"),
        ("organisation_number is null", "'no_organisation_number'"),
        (
            f"not {_valid('organisation_number')}",
            "'invalid_organisation_number|' || left(organisation_number, 80)",
        ),
        ("form is null", "'no_organisation_form'"),
        *(test for c in columns for test in _tests(c, limits)),
    ]
    cases = " ".join(f"when {test} then {said}" for test, said in tests)
    return (
        f"select record, {', '.join(out)}, coalesce(form in ({forms}), form is null) as is_person, "
        f"case {cases} end as fault from (select *, {', '.join(casts)} from ({source}))"
    )


def _typed(name: str) -> str:
    return f"typed_{name}"


def _valid(name: str) -> str:
    return VALID_SQL.format(name, _typed(name))


def _tests(c: Column, limits: Limits) -> list[tuple[str, str]]:
    """What can be wrong with the text of one column, and how that is said."""
    at = c.name
    shown = f"{quoted(c.dotted + ': ')} || left({at}, 80)"
    wrong = f"'wrong_type|' || {shown}"
    if c.type == "code":
        pattern = "[0-9]{2}\\.[0-9]{3}"
        return [(f"not regexp_full_match({at}, {quoted(pattern)})", f"'wrong_code|' || {shown}")]
    if c.type == "place":
        return [(f"not regexp_full_match({at}, '[0-9]{{4}}')", f"'wrong_code|' || {shown}")]
    if c.type == "count":
        cast = _typed(at)
        return [(f"{at} is not null and ({cast} is null or {cast} < 0)", wrong)]
    if c.type == "boolean":
        return [(f"lower({at}) not in ('true', 'false')", wrong)]
    if c.type == "date":
        day = _typed(at)
        test = f"{at} is not null and ({day} is null or year({day}) < {limits.oldest_year})"
        return [(test, f"'impossible_date|' || {shown}")]
    if c.type == "number":
        if at == "organisation_number":
            return []
        return [(f"not {_valid(at)}", f"'invalid_parent_number|' || {shown}")]
    limit = limits.text_characters if c.type == "list" else limits.name_characters
    length = f"{quoted('field_too_long|' + c.dotted + ': ')} || length({at}) || ' characters'"
    # bytes are known without looking at the text, and are never fewer than characters
    tests = [(f"strlen({at}) > {limit} and length({at}) > {limit}", length)]
    if c.type == "text" and not c.inner:
        # a list or object where a text belongs comes as its JSON text
        tests.append((f"left({at}, 1) in ('[', '{{') and json_valid({at})", wrong))
    return tests


def names_of(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    """Columns by name."""
    return {c.name: c for c in columns}
