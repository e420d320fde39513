"""Addresses of facts, statistics and sources."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.records, name="list"),
    path("sources/", views.sources, name="sources"),
    path("sources/<str:source>/", views.source, name="source"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("record/<str:record>/", views.record, name="record"),
]
