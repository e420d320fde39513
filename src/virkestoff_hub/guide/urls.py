"""Addresses of the guide."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.guide import kept_views, views

app_name = "guide"
urlpatterns = [
    path("", views.start, name="start"),
    path("question/", views.question, name="question"),
    path("fact/<str:fact>/", views.fact, name="fact"),
    path("answer/", views.answer, name="answer"),
    path("answer/scheme/<slug:scheme>/", views.scheme, name="scheme"),
    path("answer.<str:kind>", views.file, name="file"),
    path("forget/", views.forget, name="forget"),
    path("keep/", kept_views.keep_answer, name="keep"),
    path("kept/<str:secret>/", kept_views.kept, name="kept"),
    path("kept/<str:secret>/scheme/<slug:scheme>/", kept_views.kept_scheme, name="kept-scheme"),
    path("kept/<str:secret>/answer.<str:kind>", kept_views.kept_file, name="kept-file"),
    path("kept/<str:secret>/delete/", kept_views.delete, name="kept-delete"),
]
