"""Addresses of the API: JSON under no language."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.api.v1 import api, openapi

urlpatterns = [
    path("v1/openapi.json", openapi, name="openapi"),
    path("v1/", api.urls),
]
