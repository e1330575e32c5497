"""For a shop's urls.py: `path("", include("oscar_gan.public.urls"))`, before Oscar's."""

from __future__ import annotations

from django.urls import path

from .views import MadeView

urlpatterns = [path("made/<int:pk>/", MadeView.as_view(), name="gan-made")]
