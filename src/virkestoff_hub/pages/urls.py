"""Addresses of the front page and the statements."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
