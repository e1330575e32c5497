"""The review queue, and what staff decide there."""

from __future__ import annotations

from django.db.models import Count, F, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic

from ...errors import InvalidRequest, InvalidTransition
from ...models import Colourway, Publication, Review, VariantImage
from ...services import access, automatic, review
from ..badges import badge
from ..filters import VARIANT_FILTERS, chosen_filter, filter_links
from ..forms import DecideForm, RejectForm
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin, product_url
from ..pace import pace_text
from ..review_filters import VariantFilterForm

REASONS = "oscar_gan/dashboard/partials/review_reasons.html"


class VariantListView(LenientPagesMixin, ProductAccessMixin, generic.ListView):
    """Variant images by state; of those to review, the most doubtful come first."""

    template_name = "oscar_gan/dashboard/variant_list.html"
    context_object_name = "variants"
    paginate_by = 24

    def get_queryset(self):
        user = self.request.user
        self.form = VariantFilterForm(self.request.GET, products=self.get_products(), user=user)
        self.found = self.form.narrow(self.get_variants())
        self.status = chosen_filter(self.request, VARIANT_FILTERS, "awaiting")
        self.counts = self._counts()
        reviews = Review.objects.select_related("reviewer").order_by("pk")
        live = Publication.objects.live()
        return (
            self.found.filter(status__in=VARIANT_FILTERS[self.status][1])
            .select_related("product__parent", "colourway", "print")
            .prefetch_related(
                Prefetch("reviews", queryset=reviews),
                Prefetch("publications", queryset=live, to_attr="live_publications"),
            )
            .order_by(*self._order())
        )

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        paginator.count = self.counts[self.status]  # known from the pills
        return paginator

    def _order(self) -> tuple:
        """The most doubtful first of what awaits somebody; the latest first otherwise."""
        if self.status == "awaiting":
            return ("-doubt", "pk")
        return (F("finished_at").desc(nulls_first=True), "-pk")

    def _counts(self) -> dict[str, int]:
        """How many there are behind each pill, in one query."""
        return self.found.aggregate(
            **{
                key: Count("pk", filter=Q(status__in=states))
                for key, (_label, states) in VARIANT_FILTERS.items()
            }
        )

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        product = self.form.chosen
        may_review = access.may(user, "review")
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "form": self.form,
            "product": product,
            "product_page": product_url(user, product) if product else "",
            "status": self.status,
            "query": self.form.query("status"),
            "query_of_all": self.form.query("status", "product"),
            "filters": filter_links(VARIANT_FILTERS, self.status, self.counts),
            "colours": Colourway.objects.values_list("name", flat=True),
            # The same below every picture, so made once.
            "reasons": render_to_string(REASONS, {"reasons": Review.Reason.choices}),
            "may_review": may_review,
            "may_publish": access.may(user, "publish"),
            "publishable": _publishable(context["variants"]) if self.status == "approved" else [],
            "may_generate": access.may(user, "generate"),
            "pace": pace_text(user) if may_review else "",
        }


class DecisionView(ActionView):
    """One decision about one variant image."""

    action = "review"

    def perform(self, pk: int) -> tuple[str, dict]:
        variant = get_object_or_404(self.get_variants().select_related("product"), pk=pk)
        message = self.decide(variant)
        return message, {**state_of(variant), "pace": pace_text(self.request.user)}

    def decide(self, variant: VariantImage) -> str:
        raise NotImplementedError


class VariantApproveView(DecisionView):
    """Good enough to publish; with `earlier`, also a take that was rejected before."""

    def decide(self, variant: VariantImage) -> str:
        approve = review.approve_take if "earlier" in self.request.POST else review.approve
        approve(variant=variant, reviewer=self.request.user)
        return _approved(variant)


class VariantRejectView(DecisionView):
    """Turned down, with a reason."""

    def decide(self, variant: VariantImage) -> str:
        form = RejectForm(self.request.POST)
        if not form.is_valid():
            raise InvalidRequest(_("Choose why this picture is rejected."))
        review.reject(
            variant=variant,
            reviewer=self.request.user,
            reason=form.cleaned_data["reason"],
            comment=form.cleaned_data["comment"],
        )
        reason = Review.Reason(form.cleaned_data["reason"]).label
        return _("%(name)s was rejected: %(reason)s.") % {"name": variant.label, "reason": reason}


class VariantUndoView(DecisionView):
    """Back to awaiting review."""

    def decide(self, variant: VariantImage) -> str:
        review.undo(variant=variant, reviewer=self.request.user)
        return _("%(name)s awaits review again.") % {"name": variant.label}


class VariantDecideView(ActionView):
    """One decision about many variant images; each has its own outcome."""

    action = "review"

    def perform(self) -> tuple[str, dict]:
        form = DecideForm(self.request.POST)
        if not form.is_valid():
            raise InvalidRequest(form.complaint)
        outcomes = review.decide_many(**form.cleaned_data, reviewer=self.request.user)
        problems = [f"{each.variant.label}: {each.problem}" for each in outcomes if each.problem]
        missing = len(form.cleaned_data["variants"]) - len(outcomes)
        done = len(outcomes) - len(problems)
        message = " ".join([_summary(form.cleaned_data["decision"], done, missing), *problems])
        if not done:
            raise InvalidTransition(message)
        data = {
            "outcomes": [
                {"id": each.variant.pk, "problem": each.problem, **state_of(each.variant)}
                for each in outcomes
            ],
            "missing": missing,
            "pace": pace_text(self.request.user),
        }
        return message, data


def _publishable(variants) -> list[int]:
    """Ids of those that are approved and not in the shop."""
    approved = VariantImage.Status.APPROVED
    return [each.pk for each in variants if each.status == approved and not each.live_publications]


def _approved(variant: VariantImage) -> str:
    """What was decided, and what the shop's publish policy makes of it."""
    verdict = automatic.explain(variant=variant)
    if verdict and verdict.publish:
        text = _("%(name)s was approved and is being published.")
    elif verdict and verdict.reason:
        text = _("%(name)s was approved, not published: %(reason)s.")
    else:
        text = _("%(name)s was approved.")
    return text % {"name": variant.label, "reason": verdict.reason if verdict else ""}


def _summary(decision: str, done: int, missing: int) -> str:
    texts = {
        Review.Decision.APPROVED: ngettext(
            "%(count)d picture was approved.", "%(count)d pictures were approved.", done
        ),
        Review.Decision.REJECTED: ngettext(
            "%(count)d picture was rejected.", "%(count)d pictures were rejected.", done
        ),
        Review.Decision.UNDONE: ngettext(
            "%(count)d picture awaits review again.",
            "%(count)d pictures await review again.",
            done,
        ),
    }
    message = texts[decision] % {"count": done}
    if missing:
        gone = ngettext(
            "%(count)d is not there any more.", "%(count)d are not there any more.", missing
        )
        message = f"{message} {gone % {'count': missing}}"
    return message


def state_of(variant: VariantImage) -> dict:
    """What the page shows of a variant image's state."""
    return {
        "status": variant.status,
        "status_label": variant.get_status_display(),
        "badge": badge(variant.status),
    }
