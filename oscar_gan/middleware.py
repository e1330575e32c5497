"""An id for every web request, from the proxy or new: in the logs, in messages, in the answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .logs import bound, request_id_from

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """First in MIDDLEWARE, so that the others' lines have the id, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_from(request.headers.get(HEADER))
        with bound(request_id=request_id):
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response
