"""For a shop's urls.py: `path("", include("oscar_gan.operations.urls"))`."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("health/", views.ready),  # what a plain "is it up?" means
    path("health/live/", views.live, name="gan-health-live"),
    path("health/ready/", views.ready, name="gan-health-ready"),
    path("health/all/", views.everything, name="gan-health-all"),
    path("metrics", views.metrics, name="gan-metrics"),
]
