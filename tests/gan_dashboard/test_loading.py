"""A shop may replace single classes of the dashboard by an app labelled `gan_dashboard`."""

from __future__ import annotations

from django.test import modify_settings

from oscar_gan.gan_dashboard import views
from oscar_gan.gan_dashboard.loading import get_dashboard_class


def test_our_own_classes_are_used_without_a_fork():
    assert get_dashboard_class("views", "GenerateView") is views.GenerateView


def test_a_fork_replaces_one_class_and_keeps_the_rest():
    with modify_settings(INSTALLED_APPS={"append": "tests.gan_dashboard.fork.apps.ForkConfig"}):
        forked = get_dashboard_class("views", "GenerateView")
        assert forked.__module__ == "tests.gan_dashboard.fork.views"
        assert issubclass(forked, views.GenerateView)
        assert get_dashboard_class("views", "VariantListView") is views.VariantListView
        # A module the fork does not have comes from us altogether.
        assert get_dashboard_class("forms", "RejectForm").__module__.startswith("oscar_gan")
