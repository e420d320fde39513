"""The address of the page on the API."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.api.pages import documentation

app_name = "api"
urlpatterns = [path("", documentation, name="documentation")]
