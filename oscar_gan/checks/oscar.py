"""System checks of how the plugin is wired into Oscar."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import NoReverseMatch, reverse

NAMESPACE = "oscar_gan"


@register("oscar_gan")
def check_app_order(app_configs, **kwargs) -> list[CheckMessage]:
    """W001: Oscar's templates win where two apps have the same one and Oscar is listed first."""
    names = [config.name for config in apps.get_app_configs()]
    if "oscar" not in names or names.index("oscar_gan") < names.index("oscar"):
        return []
    return [
        Warning(
            "'oscar_gan' comes after 'oscar' in INSTALLED_APPS: the tab and the button on"
            " Oscar's product pages will not appear.",
            hint='INSTALLED_APPS = ["oscar_gan", *oscar.INSTALLED_APPS, ...]',
            id="oscar_gan.W001",
        )
    ]


@register("oscar_gan")
def check_urls(app_configs, **kwargs) -> list[CheckMessage]:
    """E002: one navigation entry that does not resolve breaks every page of the dashboard."""
    return [
        Error(
            f"OSCAR_DASHBOARD_NAVIGATION lists '{name}', which no URL answers: every dashboard"
            " page will fail.",
            hint="In urls.py, before Oscar's: path('dashboard/variants/',"
            " apps.get_app_config('oscar_gan').urls). Or take the entry out.",
            id="oscar_gan.E002",
        )
        for name in _listed(getattr(settings, "OSCAR_DASHBOARD_NAVIGATION", ()))
        if not _resolves(name)
    ]


@register("oscar_gan")
def check_search_engine(app_configs, **kwargs) -> list[CheckMessage]:
    """W005: Haystack's SimpleEngine ignores the filter that Oscar's catalogue pages use."""
    connections = getattr(settings, "HAYSTACK_CONNECTIONS", {})
    engine = connections.get("default", {}).get("ENGINE", "")
    if not engine.endswith(".SimpleEngine"):
        return []
    return [
        Warning(
            "Haystack's SimpleEngine shows no products on catalogue pages.",
            hint="Without a search server use Whoosh: pip install whoosh, ENGINE"
            " 'haystack.backends.whoosh_backend.WhooshEngine', manage.py rebuild_index.",
            id="oscar_gan.W005",
        )
    ]


def _listed(nodes) -> Iterator[str]:
    """Names of the plugin's URLs in a dashboard navigation, whatever the depth."""
    for node in nodes:
        name = node.get("url_name") or ""
        if name.startswith(f"{NAMESPACE}:"):
            yield name
        yield from _listed(node.get("children", ()))


def _resolves(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True
