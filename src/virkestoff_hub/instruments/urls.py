"""Addresses of the schemes."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.instruments import views

app_name = "instruments"
urlpatterns = [
    path("", views.schemes, name="list"),
    path("coverage/", views.coverage, name="coverage"),
    path("coverage.<str:kind>", views.coverage_file, name="coverage-file"),
    path("<slug:scheme>/", views.scheme, name="scheme"),
]
