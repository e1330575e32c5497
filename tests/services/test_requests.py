"""Asking for colours: asking twice is one job."""

from types import SimpleNamespace

import pytest

from oscar_gan.errors import InvalidRequest, InvalidTransition, PermissionRefused, UnusablePhoto
from oscar_gan.models import GenerationRequest, VariantImage
from oscar_gan.services import estimates, mattes, requests
from tests import factories

pytestmark = pytest.mark.django_db
Status = VariantImage.Status


def test_a_request_is_one_message_and_one_row_per_colour(ask, source, staff, sent):
    request = ask("Navy", "Mustard", requested_by=staff)

    assert (request.created, request.reused) == (2, 0)
    assert request.status == GenerationRequest.Status.QUEUED
    assert [variant.label for variant in request.variants.order_by("pk")] == ["Navy", "Mustard"]
    assert set(request.variants.values_list("status", flat=True)) == {Status.QUEUED}
    assert sent == [("interactive", "oscar_gan.generate", str(request.pk))]
    request.refresh_from_db()
    assert request.dispatched_at is not None


def test_nothing_is_sent_before_the_commit(source, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        requests.request_variants(source=source, targets=factories.targets("Navy"))
        assert sent == []
    assert callbacks


def test_asking_twice_is_one_job(ask, sent):
    first = ask("Navy")
    again = ask("Navy")

    assert again == first
    assert (again.created, again.reused) == (0, 1)
    assert GenerationRequest.objects.count() == VariantImage.objects.count() == 1
    assert len(sent) == 1


def test_two_names_of_one_colour_are_one_picture(ask):
    request = ask("Navy", "#24345C")
    assert (request.created, request.reused) == (1, 0)
    assert request.variants.get().label == "Navy"
    again = ask("Navy", "#24345C")
    assert (again.created, again.reused) == (0, 1)


def test_asking_for_more_colours_makes_only_the_new_ones(ask, run, stub_generator):
    run(ask("Navy"))
    more = run(ask("Navy", "Mustard"))

    assert (more.variants.get().label, more.status) == ("Mustard", "done")
    assert stub_generator.made == ["#24345C", "#D29B2A"]


@pytest.mark.parametrize("status", [*VariantImage.MADE, Status.REFUSED, Status.RUNNING])
def test_what_is_made_refused_or_under_way_stays(ask, status):
    variant = ask("Navy").variants.get()
    VariantImage.objects.update(
        status=status, file_name="variants/a.jpg", delta_e=1, problem="Too dark."
    )

    again = ask("Navy")

    variant.refresh_from_db()
    assert (again.created, again.reused) == (0, 1)
    assert variant.status == status


@pytest.mark.parametrize("status", VariantImage.RETRYABLE)
def test_failed_and_cancelled_ones_are_queued_again(ask, run, status, staff):
    first = ask("Navy")
    VariantImage.objects.update(status=status, problem="Broken.", problem_code="broken")

    again = ask("Navy", requested_by=staff)

    variant = VariantImage.objects.get()
    assert again != first
    assert (again.created, again.reused) == (1, 0)
    assert (variant.request, variant.status) == (again, Status.QUEUED)
    assert (variant.problem, variant.problem_code) == ("", "")
    assert run(again).variants.get().status == Status.AWAITING_REVIEW


def test_a_replaced_photo_is_another_recipe(ask, run, source):
    run(ask("Navy"))
    source.original.save("new.jpg", factories.ContentFile(factories.photo_bytes("#2050A0")))

    assert ask("Navy").created == 1


def test_a_staff_matte_is_another_recipe(ask, run, source, matte_data):
    run(ask("Navy"))
    matte = mattes.add_staff_matte(source=source, data=matte_data)

    again = ask("Navy")

    assert (again.created, again.matte) == (1, matte)
    assert again.variants.get().recipe["matte"] == matte.digest


@pytest.mark.parametrize(
    ("count", "message"), [(0, "No colour"), (49, "49 pictures .* limit is 48")]
)
def test_too_few_and_too_many_colours_are_refused(source, count, message):
    targets = factories.targets(*(f"#0000{number:02X}" for number in range(count)))
    with pytest.raises(InvalidRequest, match=message):
        requests.request_variants(source=source, targets=targets)


def test_a_photo_whose_file_is_gone_is_refused_and_leaves_nothing(source):
    source.original.storage.delete(source.original.name)
    with pytest.raises(UnusablePhoto, match="missing from storage"):
        requests.request_variants(source=source, targets=factories.targets("Navy"))
    assert not GenerationRequest.objects.exists()


def test_a_person_needs_the_permission(source, bystander, partner_user):
    with pytest.raises(PermissionRefused):
        requests.request_variants(
            source=source, targets=factories.targets("Navy"), requested_by=bystander
        )
    assert not GenerationRequest.objects.exists()
    requests.request_variants(
        source=source, targets=factories.targets("Navy"), requested_by=partner_user
    )


def test_partner_staff_cannot_ask_for_anothers_product(partner_user):
    foreign = factories.make_product(partner=factories.make_partner())
    with pytest.raises(PermissionRefused, match="another partner"):
        requests.request_variants(
            source=foreign.images.get(),
            targets=factories.targets("Navy"),
            requested_by=partner_user,
        )


class TestCancelling:
    def test_a_queued_request_is_cancelled_whole_and_never_made(self, ask, run, stub_generator):
        request = ask("Navy", "Mustard")

        assert requests.cancel_request(request=request) == 2
        run(request)

        assert request.status == GenerationRequest.Status.CANCELLED
        assert set(request.variants.values_list("status", flat=True)) == {Status.CANCELLED}
        assert stub_generator.analysed == 0

    def test_a_running_request_keeps_what_is_made_and_drops_the_rest(
        self, ask, run, stub_generator
    ):
        request = ask("Navy", "Mustard", "Red")
        stub_generator.before_recolour = lambda target: (
            requests.cancel_request(request=request) if target == "#D29B2A" else None
        )

        run(request)

        statuses = dict(request.variants.values_list("label", "status"))
        assert statuses == {
            "Navy": Status.AWAITING_REVIEW,
            "Mustard": Status.CANCELLED,
            "Red": Status.CANCELLED,
        }
        assert request.status == GenerationRequest.Status.DONE
        assert request.variants.exclude(label="Navy").exclude(file_name="").count() == 0

    def test_one_colour_is_cancelled_alone(self, ask, run):
        request = ask("Navy", "Mustard")
        requests.cancel_variant(variant=request.variants.get(label="Navy"))

        run(request)

        assert request.variants.get(label="Navy").status == Status.CANCELLED
        assert request.variants.get(label="Mustard").status == Status.AWAITING_REVIEW

    def test_what_is_made_cannot_be_cancelled(self, ask, run):
        variant = run(ask("Navy")).variants.get()
        with pytest.raises(InvalidTransition, match="Only a queued or running"):
            requests.cancel_variant(variant=variant)

    def test_it_needs_the_permission(self, ask, bystander):
        request = ask("Navy")
        with pytest.raises(PermissionRefused):
            requests.cancel_request(request=request, by=bystander)
        with pytest.raises(PermissionRefused):
            requests.cancel_variant(variant=request.variants.get(), by=bystander)
        assert request.variants.get().status == Status.QUEUED


class TestRetrying:
    def test_only_what_failed_is_asked_for_again(self, ask, run, stub_generator):
        stub_generator.fail["#D29B2A"] = UnusablePhoto("Too dark for this.")
        request = run(ask("Navy", "Mustard"))
        stub_generator.fail.clear()

        retried = run(requests.retry_failed(request=request))

        assert retried.variants.get().label == "Mustard"
        assert retried.variants.get().status == Status.AWAITING_REVIEW
        assert stub_generator.made == ["#24345C", "#D29B2A"]

    def test_without_failures_there_is_nothing_to_retry(self, ask, run):
        request = run(ask("Navy"))
        with pytest.raises(InvalidTransition, match="Nothing failed"):
            requests.retry_failed(request=request)

    def test_without_its_photo_it_is_refused(self, ask, source):
        request = ask("Navy")
        requests.cancel_request(request=request)
        source.delete()
        request.refresh_from_db()
        with pytest.raises(InvalidRequest, match="source photo was deleted"):
            requests.retry_failed(request=request)

    def test_it_needs_the_permission(self, ask, bystander):
        request = ask("Navy")
        requests.cancel_request(request=request)
        with pytest.raises(PermissionRefused):
            requests.retry_failed(request=request, by=bystander)


class TestAnalysis:
    def test_it_is_queued_once_and_then_there(self, source, run, staff):
        nothing, request = requests.request_analysis(source=source, requested_by=staff)
        assert nothing is None
        assert requests.request_analysis(source=source) == (None, request)

        run(request)

        matte, nothing = requests.request_analysis(source=source)
        assert nothing is None
        assert (matte.source, matte.swatch) == (source, "#AF2430")
        assert matte.coverage > 0.1

    def test_a_staff_matte_is_there_at_once_and_its_colours_follow(self, source, matte_data, run):
        matte = mattes.add_staff_matte(source=source, data=matte_data)
        shown, request = requests.request_analysis(source=source)
        assert (shown, shown.palette, request.matte) == (matte, [], matte)
        assert requests.request_analysis(source=source) == (matte, request)

        run(request)

        shown, nothing = requests.request_analysis(source=source)
        assert (shown, shown.swatch, nothing) == (matte, "#AF2430", None)
        assert shown.palette == [["#AF2430", 1.0]]

    def test_colours_that_cannot_be_had_are_not_asked_for_again(
        self, source, matte_data, run, stub_generator
    ):
        matte = mattes.add_staff_matte(source=source, data=matte_data)
        _matte, request = requests.request_analysis(source=source)
        stub_generator.digest = "f" * 64
        assert run(request).status == GenerationRequest.Status.FAILED
        assert requests.request_analysis(source=source) == (matte, None)


def test_the_estimate_uses_the_shops_own_figures(source, settings):
    settings.OSCAR_GAN = {"SECONDS_PER_VARIANT": 2.0}
    assert estimates.estimate(variants=3).seconds == 6.0

    for seconds in (0.2, 0.3, 9.0):
        factories.make_variant(source, seconds=seconds)
    factories.make_variant(source, status="queued")

    estimate = estimates.estimate(variants=10)
    assert estimate.seconds == pytest.approx(3.0)
    assert (estimate.ahead, estimate.size > 0) == (1, True)


def test_the_status_is_plain_json_and_tells_each_colours_fate(ask, run, stub_generator):
    stub_generator.refuse["#D29B2A"] = SimpleNamespace(code="too-dark", message="Too dark.")
    request = ask("Navy", "Mustard")
    assert requests.request_status(request=request)["finished"] is False

    status = requests.request_status(request=run(request))

    assert (status["id"], status["status"], status["finished"]) == (str(request.pk), "done", True)
    navy, mustard = status["variants"]
    assert (navy["label"], navy["status"], navy["delta_e"]) == ("Navy", "awaiting_review", 0.25)
    assert (mustard["status"], mustard["problem"]) == ("refused", "Too dark.")
