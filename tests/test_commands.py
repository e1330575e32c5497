"""The bulk command: what it selects, prints, writes, and how it exits."""

import io
import json
import os
import signal
import sys
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from oscar_gan.errors import UnusablePhoto
from oscar_gan.imaging.findings import Finding
from oscar_gan.models import BackfillRun, GenerationRequest, VariantImage
from tests import factories

pytestmark = pytest.mark.django_db
Status = VariantImage.Status


@pytest.fixture(autouse=True)
def _no_broker_no_network(stub_generator, sent):
    pass


@pytest.fixture
def bulk(capsys, django_capture_on_commit_callbacks):
    """Run the command; returns its exit code and what it printed."""

    def bulk(*arguments):
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with django_capture_on_commit_callbacks(execute=True):
            try:
                call_command("generate_variants", *arguments, stdout=out, stderr=err)
            except CommandError as error:
                code = error.returncode
                err.write(str(error))
            except SystemExit as exit:
                code = exit.code
        return code, out.getvalue(), err.getvalue()

    return bulk


@pytest.fixture
def bulk_json(bulk):
    """The command with --json: exit code, lines about products, the summary."""

    def bulk_json(*arguments):
        code, out, _ = bulk("--json", *arguments)
        *lines, last = [json.loads(line) for line in out.splitlines()]
        return code, lines, last["summary"]

    return bulk_json


class TestDryRun:
    def test_it_shows_the_plan_and_the_cost_and_writes_nothing(self, parent, bulk, sent):
        code, out, _ = bulk("--dry-run")

        assert code == 0
        assert f"{parent.pk}  {parent.upc}" in out
        assert "Navy, Forest green" in out
        assert "2 new variant images of 1 photos" in out
        assert "0:00:02 of one worker" in out
        assert out.endswith("Nothing was written.\n")
        assert not GenerationRequest.objects.exists()
        assert not BackfillRun.objects.exists()
        assert sent == []

    def test_it_tells_what_was_asked_before(self, parent, bulk, bulk_json):
        bulk("--colour", "Navy")
        _, out, _ = bulk("--dry-run")
        assert "(Navy), Forest green" in out
        _, (line,), summary = bulk_json("--dry-run")
        assert line["colours"] == [
            {"label": "Navy", "colour": "#24345C", "asked_before": True},
            {"label": "Forest green", "colour": "#235A3C", "asked_before": False},
        ]
        assert (summary["new"], summary["asked_before"]) == (1, 1)

    def test_json_gives_each_skip_its_reason(self, parent, bulk_json):
        bare = factories.make_product(photo=False)
        code, lines, summary = bulk_json("--dry-run")
        assert code == 0
        assert lines[0]["skipped"] == [{"label": "Red", "reason": "has-picture"}]
        assert (lines[1]["product"], lines[1]["reason"]) == (bare.pk, "no-photo")
        assert (summary["products"], summary["asked"], summary["new"]) == (2, 1, 2)

    def test_the_limit_holds(self, bulk_json):
        factories.make_product_class()
        for _ in range(3):
            factories.make_product()
        assert len(bulk_json("--dry-run", "--limit", "2")[1]) == 2


class TestSelecting:
    def test_a_product_by_upc_and_a_free_colour(self, product, parent, bulk_json):
        code, (line,), summary = bulk_json("--product", "BAG", "--colour", "#1f3a93")
        assert code == 0
        assert (line["product"], line["created"]) == (product.pk, 1)
        assert summary["created"] == 1
        assert VariantImage.objects.get().target == "#1F3A93"

    def test_class_category_and_partner_narrow_each_other_down(self, partner, bulk_json):
        mugs = factories.Category.add_root(name="Mugs", slug="mugs")
        tall = mugs.add_child(name="Tall", slug="tall")
        mug = factories.make_product(class_name="Homeware", category=tall, partner=partner)
        factories.make_product(class_name="Homeware", category=mugs)
        factories.make_product(partner=partner)
        words = ["--product-class", "homeware", "--category", "mugs", "--partner"]
        _, lines, _ = bulk_json(*words, "North Harbour Supply", "--dry-run")
        assert [line["product"] for line in lines] == [mug.pk]

    def test_all_asks_for_colours_with_a_picture_as_well(self, parent, bulk_json):
        bulk_json("--all")
        assert set(VariantImage.objects.values_list("label", flat=True)) == {
            "Red",
            "Navy",
            "Forest green",
        }

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--product", "nothing"], "No product has the UPC or id 'nothing'"),
            (["--colour", "#12"], "is not a colour"),
            (["--colour", "Midnight"], "No colourway or colour option is called 'Midnight'"),
            (["--colour", "Navy", "--from-attributes"], "not allowed with argument"),
            (["--missing", "--all"], "not allowed with argument"),
            (["--print", "Stripe"], "No print is called 'Stripe'"),
            (["--style", "neon"], "There is no style 'neon'"),
            (["--style", "vivid", "--scale", "9"], "scale is 9.0"),
            (["--resume", "--style", "vivid"], "leave out --style"),
            (["--limit", "0"], "'0' is not a whole number above 0"),
            (["--limit", "many"], "'many' is not a whole number above 0"),
            (["--resume", "--product", "BAG", "--all"], "leave out --product, --all"),
            (["--resume", "--dry-run"], "leave out --dry-run"),
            (["--resume"], "No run is waiting to be resumed"),
            (["--resume", "abc"], "No run abc is waiting"),
        ],
    )
    def test_wrong_usage_exits_with_2_and_writes_nothing(self, product, bulk, arguments, message):
        code, out, err = bulk(*arguments)
        # argparse's own errors carry no code here; on a command line Python exits with 2 too.
        assert code in (1, 2)
        assert message in err
        assert out == ""
        assert not BackfillRun.objects.exists()

    def test_nothing_matched_fails_only_if_asked_to(self, bulk, db):
        assert bulk()[:2] == (0, "No product matches the selection.\n")
        assert bulk("--fail-empty")[0] == 3
        assert bulk("--fail-empty", "--dry-run")[0] == 3
        assert not BackfillRun.objects.exists()


class TestQueueing:
    def test_it_leaves_messages_and_a_finished_run(self, product, parent, bulk, sent):
        code, out, err = bulk()
        assert code == 0
        assert "2 products: 5 variant images asked for, 0 asked before." in out
        assert "Now: 5 queued." in out
        assert len(sent) == 2
        assert BackfillRun.objects.get().finished_at is not None
        assert err == ""

    def test_a_product_that_could_not_be_asked_for_makes_it_exit_with_1(
        self, product, source, bulk, bulk_json
    ):
        source.original.storage.delete(source.original.name)
        code, out, _ = bulk()
        assert code == 1
        assert f"product {product.pk} [unusable-photo]: " in out
        code, (line,), summary = bulk_json()
        assert code == 1
        assert line["reason"] == "unusable-photo"
        assert summary["failed"] == {"unusable-photo": 1}


class TestSync:
    def test_pictures_are_made_here(self, parent, bulk_json, sent):
        code, (line,), summary = bulk_json("--sync")
        assert code == 0
        assert [variant["status"] for variant in line["variants"]] == ["awaiting_review"] * 2
        assert line["variants"][0]["delta_e"] == 0.25
        assert summary["variants"] == {"awaiting_review": 2}
        assert sent == []

    @pytest.mark.parametrize("how", ["refused", "failed"])
    def test_a_picture_that_was_not_made_makes_it_exit_with_1(
        self, parent, bulk_json, stub_generator, how
    ):
        if how == "refused":
            stub_generator.refuse["#24345C"] = Finding("too-dark", "Too dark.")
        else:
            stub_generator.fail["#24345C"] = UnusablePhoto("Too dark.")
        code, (line,), summary = bulk_json("--sync")
        assert code == 1
        assert line["variants"][0]["problem"] == "Too dark."
        assert summary["variants"] == {"awaiting_review": 1, how: 1}

    def test_prints_and_styles_are_made_here(self, product, bulk_json, sent):
        factories.make_print("Harbour stripe")
        looks = ("--print", "harbour stripe", "--style", "Stone wash", "--scale", "0.1")
        code, (line,), summary = bulk_json("--sync", *looks)
        assert code == 0
        assert [each["label"] for each in line["variants"]] == ["Harbour stripe", "Stone wash"]
        assert summary["variants"] == {"awaiting_review": 2}
        recipes = VariantImage.objects.order_by("pk").values_list("recipe", flat=True)
        assert [recipe["kind"] for recipe in recipes] == ["print", "style"]
        assert recipes[0]["print"]["placement"]["scale"] == 0.1

    def test_an_unexpected_error_in_one_photo_does_not_stop_the_others(
        self, product, parent, bulk_json, stub_generator, caplog
    ):
        stub_generator.fail["#D29B2A"] = ZeroDivisionError("Mustard is special.")
        code, lines, summary = bulk_json("--sync")
        assert code == 1
        assert len(lines) == 2
        assert summary["variants"] == {"awaiting_review": 4, "failed": 1}
        assert "Mustard is special." in caplog.text


class TestInterrupting:
    @pytest.fixture
    def products(self):
        factories.make_product_class()
        factories.make_colourways()
        return [factories.make_product(colour="Red") for _ in range(3)]

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_it_finishes_the_product_and_prints_how_to_resume(
        self, products, bulk, stub_generator, number
    ):
        stub_generator.before_recolour = lambda target: (
            os.kill(os.getpid(), number) if len(stub_generator.made) == 4 else None
        )
        before = signal.getsignal(number)

        code, out, err = bulk("--sync")

        assert code == 130
        assert signal.getsignal(number) is before
        run = BackfillRun.objects.get()
        assert f"generate_variants --resume {run.pk} --sync" in err
        assert VariantImage.objects.awaiting_review().count() == 6
        assert "6 awaiting_review" in out

        stub_generator.before_recolour = lambda target: None
        code, out, err = bulk("--resume", "--sync")

        assert (code, err) == (0, "")
        assert VariantImage.objects.awaiting_review().count() == 9
        assert len(stub_generator.made) == 9
        assert bulk("--resume")[0] == 2

    def test_it_stops_in_time_and_can_be_resumed(self, products, bulk, monkeypatch):
        no_time = timedelta(microseconds=1)
        monkeypatch.setattr("oscar_gan.services.pacing.read_duration", lambda text: no_time)
        code, _out, err = bulk("--max-runtime", "1h30m")
        assert code == 130
        assert "--resume" in err
        assert GenerationRequest.objects.count() == 1
        assert bulk("--resume", "--rate", "6000", "--at-once", "100")[0] == 0
        assert GenerationRequest.objects.count() == 3

    @pytest.mark.parametrize(
        ("arguments", "problem"),
        [
            (["--max-runtime", "soon"], "'soon' is no duration"),
            (["--deadline", "25:00"], "'25:00' is no time of day"),
            (["--rate", "0"], "'0' is not a whole number above 0"),
            (["--at-once", "-3"], "'-3' is not a whole number above 0"),
        ],
    )
    def test_limits_that_are_none_are_refused(self, products, bulk, arguments, problem):
        code, _out, err = bulk(*arguments)
        assert code in (1, 2)
        assert problem in err
        assert not BackfillRun.objects.exists()


def test_there_is_a_progress_bar_on_a_terminal_only(parent, bulk, monkeypatch, capsys):
    bulk()
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    bulk("--all")
    assert "1/1" in capsys.readouterr().err


class TestStatus:
    def test_it_counts_what_waits_runs_and_fell_silent(self, source):
        hour_ago = timezone.now() - timedelta(hours=1)
        waiting = factories.make_request(source, queue="backfill")
        GenerationRequest.objects.filter(pk=waiting.pk).update(created_at=hour_ago)
        lease = {"status": "running", "lease_token": uuid.uuid4()}
        factories.make_request(source, lease_expires_at=hour_ago, **lease)
        factories.make_request(source, lease_expires_at=timezone.now() + timedelta(1), **lease)
        factories.make_variant(source)
        run = BackfillRun.objects.create()
        out = io.StringIO()

        call_command("variants_status", "--json", stdout=out)

        found = json.loads(out.getvalue())
        assert found["queues"]["interactive"] == {
            "queued": 0,
            "running": 2,
            "silent": 1,
            "oldest_seconds": 0,
        }
        assert found["queues"]["backfill"]["queued"] == 1
        assert 3600 <= found["queues"]["backfill"]["oldest_seconds"] < 3700
        assert found["variants"] == {"awaiting_review": 1}
        assert found["runs_to_resume"] == [str(run.pk)]

    def test_it_reads_well(self):
        out = io.StringIO()
        call_command("variants_status", stdout=out)
        assert (
            "interactive  0 queued (oldest 0:00:00), 0 running, 0 of them silent" in out.getvalue()
        )
        assert "variants     none" in out.getvalue()
