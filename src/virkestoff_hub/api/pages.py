"""The page on the API: its description for people, without scripts from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from virkestoff.language import Lang, Text
from virkestoff_hub.api.bodies import LARGEST
from virkestoff_hub.api.operations import SUMMARIES
from virkestoff_hub.api.shapes import LARGEST_PAGE
from virkestoff_hub.api.v1 import description
from virkestoff_hub.engine import language
from virkestoff_hub.throttle import READS, WRITES

__all__ = ["documentation"]

GROUPS: dict[str, Text] = {
    "start": Text(nb="Start", en="Start"),
    "schemes": Text(nb="Ordninger og veileder", en="Schemes and guide"),
    "evidence": Text(nb="Tall, kilder og begreper", en="Figures, sources and terms"),
    "facilities": Text(nb="Anlegg", en="Facilities"),
    "industry": Text(nb="Næringen", en="The industry"),
    "studies": Text(nb="Studier", en="Studies"),
    "search": Text(nb="Søk", en="Search"),
}
"""Names of the groups of operations."""


@require_GET
def documentation(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, what it takes and what it gives."""
    lang, held = language(get_language()), description()
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in GROUPS}
    for path, methods in held["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_shown(path, method, operation, lang))
    shapes = held["components"]["schemas"]
    given = {
        "groups": [(GROUPS[key].in_(lang), key, shown) for key, shown in groups.items() if shown],
        "shapes": [(name, shape.get("description", ""), _fields(shape))
                   for name, shape in sorted(shapes.items())],
        "start": reverse("api-v1:start"), "openapi": reverse("openapi"),
        "largest": LARGEST // 1000, "largest_page": LARGEST_PAGE, "reads": READS, "writes": WRITES,
    }  # fmt: skip
    return render(request, "hub/api/documentation.html", given)


def _shown(path: str, method: str, operation: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answer = operation["responses"][200]["content"]["application/json"]["schema"]
    return {
        "path": path, "method": method.upper(), "id": operation["operationId"],
        "summary": SUMMARIES[operation["operationId"]].in_(lang),
        "more": operation.get("description", "").replace("``", ""),
        "parameters": [
            (p["name"], _type(p["schema"])[0], p["required"], p["schema"].get("default"))
            for p in operation["parameters"]
        ],
        "takes": _type(body["schema"]) if body else None, "gives": _type(answer),
    }  # fmt: skip


def _fields(shape: Mapping[str, Any]) -> list[tuple[str, tuple[str, str]]]:
    return [(name, _type(field)) for name, field in shape.get("properties", {}).items()]


def _type(schema: Mapping[str, Any]) -> tuple[str, str]:
    """A type in words, and the name of the shape it leads to, if it leads to one."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    if "anyOf" in schema:
        parts = [_type(part) for part in schema["anyOf"]]
        return " | ".join(p[0] for p in parts), next((p[1] for p in parts if p[1]), "")
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"])), ""
    if schema.get("type") == "array":
        words, name = _type(schema.get("items", {}))
        return f"[{words}]", name
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        words, name = _type(schema["additionalProperties"])
        return f"{{…: {words}}}", name
    words = str(schema.get("type", schema.get("const", "any")))
    return (f"{words} ({schema['format']})" if "format" in schema else words), ""
