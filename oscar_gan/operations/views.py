"""Endpoints for machines: /health/live/, /health/ready/, /health/all/ and /metrics."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import guard, health
from .findings import OK, Finding


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Whether this process answers; touches nothing outside it. Restart it when it does not."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while pages come up (database, migrations), else 503: send nobody here."""
    found = health.examine()
    return _answer(request, found, good=health.is_ready(found))


@never_cache
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """200 while nothing is wrong, else 503: for monitoring, not for load balancers."""
    found = health.examine()
    return _answer(request, found, good=health.is_well(found))


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format; off (404) until the settings name a token or addresses."""
    if not guard.is_on():
        raise Http404("Metrics are off: set MONITORING_TOKEN or MONITORING_IPS of OSCAR_GAN.")
    if not guard.may_read(request):
        return HttpResponse("Not for you.\n", status=403, content_type="text/plain")
    try:
        from .metrics import CONTENT_TYPE, exposition
    except ImportError:
        text = "Metrics need prometheus-client: pip install 'django-oscar-gan[metrics]'.\n"
        return HttpResponse(text, status=501, content_type="text/plain")
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)


def _answer(request: HttpRequest, found: dict[str, Finding], *, good: bool) -> JsonResponse:
    trusted = guard.may_read(request) or (
        found["database"].state == OK and guard.is_superuser(request)
    )
    body = {
        "status": health.summary(found),
        "components": {
            name: finding.as_json() if trusted else finding.state
            for name, finding in found.items()
        },
    }
    return JsonResponse(body, status=200 if good else 503)
