"""Running a request: partial success, refusals, lost photos, storage that is down."""

import io

import pytest
from PIL import Image

from oscar_gan import signals
from oscar_gan.errors import UnusablePhoto
from oscar_gan.imaging.findings import Finding
from oscar_gan.imaging.provenance import read_provenance
from oscar_gan.models import GenerationRequest, Matte, VariantImage
from oscar_gan.services import generation, mattes, media
from tests import factories

pytestmark = pytest.mark.django_db
Status = VariantImage.Status
RequestStatus = GenerationRequest.Status


def test_a_request_becomes_pictures_awaiting_review(ask, run):
    request = run(ask("Navy", "Mustard"))

    assert (request.status, request.attempts, request.lease_token) == (RequestStatus.DONE, 1, None)
    assert request.finished_at is not None
    for variant in request.variants.all():
        assert variant.status == Status.AWAITING_REVIEW
        assert (variant.made, variant.delta_e, variant.structure) == (variant.target, 0.25, 0.99)
        assert (variant.width, variant.height) == (96, 72)
        assert variant.seconds > 0
        assert variant.finished_at is not None
        data = media.read_draft(variant.file_name)
        assert variant.digest in variant.file_name
        assert Image.open(io.BytesIO(data)).size == (96, 72)


def test_the_photo_is_read_and_analysed_once_for_all_colours(ask, run, stub_generator):
    run(ask(*factories.COLOURS))
    assert stub_generator.analysed == 1
    assert stub_generator.made == list(factories.COLOURS.values())


def test_the_file_says_how_it_was_made(ask, run, source):
    variant = run(ask("Navy")).variants.get()
    provenance = read_provenance(media.read_draft(variant.file_name))
    assert provenance["recipe"] == variant.recipe_digest
    assert provenance["source"] == variant.source_digest
    assert provenance["colour"] == "#24345C"
    assert provenance["generator"] == "recolour"


def test_running_twice_makes_nothing_twice(ask, run, stub_generator):
    request = run(ask("Navy"))
    run(request)
    assert stub_generator.made == ["#24345C"]
    assert request.attempts == 1


def test_what_is_wrong_with_one_colour_fails_only_that(ask, run, stub_generator):
    stub_generator.fail["#D29B2A"] = UnusablePhoto("Too dark for mustard.")

    request = run(ask("Navy", "Mustard", "Red"))

    assert request.status == RequestStatus.DONE
    assert dict(request.variants.values_list("label", "status")) == {
        "Navy": Status.AWAITING_REVIEW,
        "Mustard": Status.FAILED,
        "Red": Status.AWAITING_REVIEW,
    }
    mustard = request.variants.get(label="Mustard")
    assert (mustard.problem_code, mustard.problem) == ("unusable-photo", "Too dark for mustard.")


def test_the_quality_gate_refuses_with_a_reason_and_without_a_file(ask, run, stub_generator):
    stub_generator.refuse["#D29B2A"] = Finding("too-dark", "Black cannot become mustard.")

    request = run(ask("Mustard", "Navy"))

    refused = request.variants.get(label="Mustard")
    assert (refused.status, refused.problem_code) == (Status.REFUSED, "too-dark")
    assert (refused.problem, refused.file_name) == ("Black cannot become mustard.", "")
    assert refused.delta_e == 0.25
    assert request.variants.get(label="Navy").status == Status.AWAITING_REVIEW


def test_an_unexpected_error_fails_what_is_left_and_reaches_the_log(ask, run, stub_generator):
    stub_generator.fail["#D29B2A"] = ZeroDivisionError("secret detail")
    request = ask("Navy", "Mustard", "Red")

    with pytest.raises(ZeroDivisionError):
        run(request)

    request.refresh_from_db()
    assert request.status == RequestStatus.FAILED
    assert "Internal error" in request.problem
    assert "secret" not in request.problem
    assert dict(request.variants.values_list("label", "status")) == {
        "Navy": Status.AWAITING_REVIEW,
        "Mustard": Status.FAILED,
        "Red": Status.FAILED,
    }


def test_a_photo_deleted_before_the_work_fails_with_the_reason(ask, run, source, stub_generator):
    request = ask("Navy")
    source.delete()

    run(request)

    assert request.status == RequestStatus.FAILED
    assert "source photo was deleted" in request.problem
    assert request.variants.get().status == Status.FAILED
    assert stub_generator.analysed == 0


def test_a_file_that_is_gone_fails_with_the_reason(ask, run, source):
    request = ask("Navy")
    source.original.storage.delete(source.original.name)
    assert "missing from storage" in run(request).problem


def test_a_photo_replaced_before_the_work_fails_with_the_reason(ask, run, source):
    request = ask("Navy")
    source.original.save("new.jpg", factories.ContentFile(factories.photo_bytes("#2050A0")))
    assert "replaced after this was asked for" in run(request).problem


def test_a_photo_deleted_in_the_middle_does_not_spoil_what_was_read(
    ask, run, source, stub_generator
):
    request = ask("Navy", "Mustard")
    stub_generator.before_recolour = lambda target: (
        source.delete() if target == "#24345C" else None
    )

    run(request)

    assert request.status == RequestStatus.DONE
    assert request.source is None
    assert set(request.variants.values_list("status", flat=True)) == {Status.AWAITING_REVIEW}


def test_a_product_deleted_in_the_middle_ends_the_work_quietly(
    ask, run, product, stub_generator, caplog
):
    request = ask("Navy", "Mustard")
    stub_generator.before_recolour = lambda target: product.delete()

    generation.run(request.pk)

    assert not VariantImage.objects.exists()
    assert "Stopping without writing" in caplog.text
    assert stub_generator.made == ["#24345C"]


def test_something_that_is_not_a_photo_fails_with_the_reason(product, ask, run):
    fake = factories.add_photo(product, b"<svg/>", name="evil.jpg")
    request = run(ask("Navy", source=fake))
    assert request.status == RequestStatus.FAILED
    assert request.variants.get().problem_code == "unusable-photo"


def test_storage_that_is_down_gives_the_request_back(ask, run, stub_generator, settings, tmp_path):
    request = ask("Navy", "Mustard")
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"")
    working = settings.STORAGES
    broken = {**working["oscar_gan_drafts"], "OPTIONS": {"location": blocked}}
    settings.STORAGES = {**working, "oscar_gan_drafts": broken}

    run(request)

    assert (request.status, request.attempts) == (RequestStatus.QUEUED, 1)
    assert set(request.variants.values_list("status", flat=True)) == {Status.QUEUED}

    settings.STORAGES = working
    run(request)
    assert (request.status, request.attempts) == (RequestStatus.DONE, 2)
    assert set(request.variants.values_list("status", flat=True)) == {Status.AWAITING_REVIEW}


def test_a_worker_with_other_weights_refuses(ask, run, stub_generator):
    request = ask("Navy")
    stub_generator.digest = "f" * 64
    assert "Restart the workers after an upgrade" in run(request).problem
    assert request.variants.get().problem_code == "weights-mismatch"


def test_the_analysis_is_kept_as_a_matte(ask, run, source):
    run(ask("Navy"))
    run(ask("Mustard"))
    matte = Matte.objects.get()
    assert (matte.source, matte.origin, matte.version) == (source, Matte.Origin.ANALYSER, 1)
    assert Image.open(io.BytesIO(media.read_draft(matte.file_name))).mode == "L"


def test_a_staff_matte_is_obeyed(ask, run, source, stub_generator, matte_data, monkeypatch):
    mattes.add_staff_matte(source=source, data=matte_data)
    seen = []
    analyse = stub_generator.analyse
    monkeypatch.setattr(
        stub_generator,
        "analyse",
        lambda photo, *, matte=None, **kwargs: seen.append(matte) or analyse(photo, matte=matte),
    )

    run(ask("Navy"))

    (matte,) = seen
    assert matte.shape == (72, 96)
    assert (matte[0, 0], matte[36, 48]) == (0, 255)
    assert Matte.objects.count() == 1


def test_signals_tell_what_became_of_each_colour(ask, run, stub_generator):
    heard = []
    for signal in ("variant_generated", "variant_refused", "variant_failed"):
        getattr(signals, signal).connect(
            lambda variant, name=signal, **_: heard.append((name, variant.label)), weak=False
        )
    stub_generator.refuse["#D29B2A"] = Finding("too-dark", "Too dark.")
    stub_generator.fail["#AF2430"] = UnusablePhoto("No.")

    run(ask("Navy", "Mustard", "Red"))

    assert heard == [
        ("variant_generated", "Navy"),
        ("variant_refused", "Mustard"),
        ("variant_failed", "Red"),
    ]


def test_a_broken_receiver_does_not_spoil_the_result(ask, run):
    def broken(**_):
        raise RuntimeError("Somebody else's code.")

    signals.variant_generated.connect(broken)
    try:
        assert run(ask("Navy")).status == RequestStatus.DONE
    finally:
        signals.variant_generated.disconnect(broken)


def test_the_message_is_harmless_after_its_request_is_gone():
    from oscar_gan import tasks

    tasks.generate("00000000-0000-0000-0000-000000000000")
    assert not GenerationRequest.objects.exists()
