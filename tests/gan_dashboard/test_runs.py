"""The page of a bulk run: pausing it, what it left out, its report as CSV."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from oscar_gan.models import LeftOut, VariantImage
from oscar_gan.services import backfill
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(source, sent):
    """Two colours of a bag were asked for, a hat without photo was left out."""
    factories.make_product(title="Hat", photo=None)
    started = backfill.start(selection=Selection(colours=("#24345C", "#AA8020")))
    list(backfill.run(run=started))
    started.refresh_from_db()
    return started


def page(browser, run) -> str:
    return browser.get(reverse("oscar_gan:gan-run", args=[run.pk])).content.decode()


def test_a_run_is_paused_and_goes_on(browser, run):
    url = reverse("oscar_gan:gan-run-pause", args=[run.pk])
    answer = browser.post(url, headers={"accept": "application/json"}).json()
    assert answer["state"] == "paused"
    assert not answer["finished"]  # its page keeps asking
    assert "Paused" in page(browser, run)
    again = browser.post(url, headers={"accept": "application/json"})
    assert (again.status_code, again.json()["code"]) == (409, "invalid-transition")
    answer = browser.post(url, {"go-on": "1"}, headers={"accept": "application/json"}).json()
    assert answer["state"] == "working"


def test_what_was_left_out_is_told_with_examples(browser, run):
    html = page(browser, run)
    assert "1 product left out: no photo to start from" in html
    assert "Hat" in html
    assert "Colour error of" not in html


def test_the_page_asks_the_database_as_often_for_a_thousand_products(
    browser, run, django_assert_max_num_queries
):
    products = [factories.make_product(title=f"Cap {number}", photo=None) for number in range(30)]
    LeftOut.objects.bulk_create(
        LeftOut(run=run, product=product, code="no-photo") for product in products
    )
    with django_assert_max_num_queries(45):
        assert "31 products left out" in page(browser, run)


def test_the_report_has_a_line_for_each_picture_and_each_product_left_out(browser, run):
    variants = VariantImage.objects.filter(request__run=run)
    made = variants.earliest("pk")
    variants.filter(pk=made.pk).update(
        status="awaiting_review", delta_e=0.456, label="=cmd()", file_name="variants/a.jpg"
    )
    response = browser.get(reverse("oscar_gan:gan-run-report", args=[run.pk]))
    text = response.getvalue().decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(text))
    assert header[-2:] == ["reason", "problem"]
    assert len(lines) == 3
    assert lines[0][4:7] == ["'=cmd()", "awaiting_review", "0.46"]
    assert lines[2][2:] == ["Hat", "", "", "left-out", "", "no-photo", ""]
    assert "half are at ΔE 0.5 or better" in page(browser, run)


def test_a_product_that_is_looked_at_twice_is_left_out_once(run):
    run.cursor = 0
    run.save(update_fields=["cursor"])
    list(backfill.run(run=run))
    assert run.left_out.count() == 1
