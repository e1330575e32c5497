"""Who may read figures and faults: a token, an address, or a superuser in a browser."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from ..conf import get_config


def is_on() -> bool:
    """Whether the settings let anybody but superusers in."""
    config = get_config()
    return bool(config.monitoring_token or config.monitoring_ips)


def may_read(request: HttpRequest) -> bool:
    """By token or address; asks no database."""
    return _has_token(request) or _has_address(request)


def is_superuser(request: HttpRequest) -> bool:
    """Asks the database for the session."""
    user = getattr(request, "user", None)
    return bool(user and user.is_active and user.is_superuser)


def _has_token(request: HttpRequest) -> bool:
    token = get_config().monitoring_token
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and constant_time_compare(given, token)


def _has_address(request: HttpRequest) -> bool:
    # REMOTE_ADDR alone: anybody can write an X-Forwarded-For.
    networks = [ip_network(each) for each in get_config().monitoring_ips]
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a Unix socket has none
        return False
    return any(address in network for network in networks)
