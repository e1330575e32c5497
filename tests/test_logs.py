"""Logs: JSON lines with ids, from the web request to the picture, and nothing that is private."""

from __future__ import annotations

import json
import logging
from logging.config import DictConfigurator
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from oscar_gan import logs
from oscar_gan.middleware import RequestIdMiddleware
from oscar_gan.receivers import tracing
from oscar_gan.services import generation
from oscar_gan.services.requests import request_variants
from shop.log_lines import logging_settings
from tests import factories


@pytest.fixture
def lines():
    """What the package logs while the test runs, as parsed JSON lines."""
    written: list[dict] = []

    class Keeping(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    handler = Keeping()
    handler.setFormatter(logs.JsonFormatter())
    handler.addFilter(logs.ContextFilter())
    logger = logging.getLogger("oscar_gan")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_a_line_says_when_where_and_for_whom(lines):
    with logs.bound(request_id="abc", generation_request="r1"), logs.bound(variant=7):
        logging.getLogger("oscar_gan.test").info("made %s", "it", extra={"seconds": 0.5})
    (line,) = lines
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "oscar_gan.test",
        "message": "made it",
        "request_id": "abc",
        "generation_request": "r1",
        "variant": 7,
        "seconds": 0.5,
    }


def test_what_was_bound_ends_with_its_block(lines):
    with logs.bound(variant=7):
        pass
    logging.getLogger("oscar_gan.test").info("after")
    assert "variant" not in lines[0]


def test_a_traceback_stays_in_its_line(lines):
    try:
        raise ValueError("no such\nthing")
    except ValueError:
        logging.getLogger("oscar_gan.test").exception("failed")
    assert "ValueError: no such" in lines[0]["traceback"]


def test_extras_of_others_stay_out(lines):
    """Django's carry the whole request with its cookies, Celery's the arguments."""
    request = SimpleNamespace(COOKIES={"sessionid": "s3cret"})
    extra = {"request": request, "task": request, "email": "a@b.example"}
    logging.getLogger("oscar_gan.test").warning("Not Found", extra=extra)
    assert set(lines[0]) == {"time", "level", "logger", "message"}


def test_only_known_fields_can_be_bound():
    with pytest.raises(ValueError, match="email"), logs.bound(email="a@b.example"):
        pass


@pytest.mark.parametrize("offered", ["edge-17:4", "0af7651916cd43dd8448eb211c80319c"])
def test_the_proxys_id_is_kept_and_answered(offered):
    seen = []

    def page(request):
        seen.append(logs.current("request_id"))
        return HttpResponse()

    request = RequestFactory().get("/", headers={"X-Request-ID": offered})
    assert RequestIdMiddleware(page)(request).headers["X-Request-ID"] == offered
    assert seen == [offered]
    assert logs.current("request_id") == ""


@pytest.mark.parametrize("offered", [None, "", "x" * 65, 'a"b', "a\r\nSet-Cookie: b", "<script>"])
def test_what_could_break_a_line_is_no_id(offered):
    made = logs.request_id_from(offered)
    assert made != offered
    assert len(made) == 32


def test_a_message_carries_the_id_to_the_workers_lines(lines):
    headers = {}
    with logs.bound(request_id="web-1"):
        tracing._carry(headers=headers)
    assert headers == {"gan_request_id": "web-1"}
    task = SimpleNamespace(name="oscar_gan.generate", request=SimpleNamespace(**headers))
    tracing._bind(task_id="t1", task=task)
    logging.getLogger("oscar_gan.test").info("working")
    tracing._release(task_id="t1")
    logging.getLogger("oscar_gan.test").info("idle")
    assert (lines[0]["request_id"], lines[0]["task_id"]) == ("web-1", "t1")
    assert "task_id" not in lines[1]


@pytest.mark.django_db
def test_one_picture_is_followed_from_the_button_to_its_file(lines, source, stub_generator, sent):
    """Even where the message was lost and the reaper sent another: the row has the id."""
    with logs.bound(request_id="web-2"):
        request = request_variants(source=source, targets=factories.targets("Navy"))
    generation.run(request.pk)
    variant = request.variants.get()
    assert {line["request_id"] for line in lines} == {"web-2"}
    asked, *work = lines
    assert asked["message"] == "1 variant images queued, 0 known already"
    assert {line["generation_request"] for line in lines} == {str(request.pk)}
    assert [line["phase"] for line in work] == ["read", "analyse", "make"]
    made = lines[-1]
    assert (made["generation_request"], made["variant"]) == (str(request.pk), variant.pk)
    assert made["outcome"] == "awaiting_review"
    assert made["generator"] == "recolour stub"
    assert made["seconds"] >= 0


@pytest.mark.django_db
def test_nobodys_name_is_in_the_lines(lines, source, stub_generator, sent, staff):
    request = request_variants(
        source=source, targets=factories.targets("Navy"), requested_by=staff
    )
    generation.run(request.pk)
    assert lines
    assert staff.email not in json.dumps(lines)


@pytest.mark.parametrize(("form", "starts"), [("json", "{"), ("line", "20")])
def test_the_demo_shop_writes_either(form, starts):
    settings = logging_settings(form)
    configurator = DictConfigurator(settings)
    configurator.config["formatters"] = {
        form: configurator.configure_formatter(settings["formatters"][form])
    }
    configurator.config["filters"] = {"context": logs.ContextFilter()}
    made = configurator.configure_handler(settings["handlers"]["stderr"])
    record = logging.LogRecord("shop", logging.INFO, __file__, 1, "open", (), None)
    assert made.format(record).startswith(starts)
    assert "open" in made.format(record)
