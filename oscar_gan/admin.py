"""Django's admin: everything to look at, little to edit, and a way in from the products."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from .gan_dashboard.loading import is_hidden
from .models import (
    AuditEvent,
    BackfillRun,
    Colourway,
    Comparison,
    GenerationRequest,
    GeneratorEvent,
    GeneratorVersion,
    Heartbeat,
    LeftOut,
    Matte,
    NotificationPreference,
    Palette,
    Print,
    PrintSheet,
    Publication,
    PublishedImage,
    PublishingItem,
    PublishingRun,
    Quota,
    QuotaUse,
    RenditionSet,
    Review,
    SheetTile,
    Style,
    TrainingOptOut,
    TrainingRun,
    VariantImage,
)


@admin.register(Colourway)
class ColourwayAdmin(admin.ModelAdmin):
    """Edited here, as opt-outs from training are; the rest is made by requests and decisions."""

    list_display = ("name", "partner", "colour", "tolerance", "option")
    list_select_related = ("partner", "option")
    search_fields = ("name", "colour")
    raw_id_fields = ("option",)


@admin.register(Palette)
class PaletteAdmin(admin.ModelAdmin):
    list_display = ("name", "partner", "category")
    list_select_related = ("partner", "category")
    search_fields = ("name",)
    raw_id_fields = ("category",)
    filter_horizontal = ("colourways",)


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):
    """Limits of one user or partner instead of the settings'; who changed them is on record."""

    list_display = ("user", "partner", "per_day")
    list_select_related = ("user", "partner")
    raw_id_fields = ("user", "partner")

    def save_model(self, request: HttpRequest, obj: Quota, form, change: bool) -> None:
        from .services.audit_trail import log_quota

        before = Quota.objects.get(pk=obj.pk).per_day if change else None
        super().save_model(request, obj, form, change)
        log_quota(quota=obj, by=request.user, before=before)


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(admin.ModelAdmin):
    list_display = ("user", "channel")
    list_select_related = ("user",)
    raw_id_fields = ("user",)


class RecordAdmin(admin.ModelAdmin):
    """Rows that services write: to be read here, never changed or deleted behind their backs."""

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(QuotaUse)
class QuotaUseAdmin(RecordAdmin):
    list_display = ("day", "user", "partner", "used")
    list_select_related = ("user", "partner")
    date_hierarchy = "day"


@admin.register(AuditEvent)
class AuditEventAdmin(RecordAdmin):
    """Read-only, page by page without counting; the page in the dashboard has more filters."""

    list_display = ("at", "actor_name", "action", "object_name")
    list_filter = ("action",)
    search_fields = ("=actor_name",)
    show_full_result_count = False


class ReviewInline(admin.TabularInline):
    model = Review
    fields = readonly_fields = ("decision", "reason", "comment", "reviewer", "created_at")
    can_delete = False
    extra = max_num = 0


class VariantInline(admin.TabularInline):
    model = VariantImage
    fields = readonly_fields = ("label", "target", "status", "delta_e", "problem")
    can_delete = False
    show_change_link = True
    extra = max_num = 0


class PublishedImageInline(admin.TabularInline):
    model = PublishedImage
    fk_name = "publication"
    fields = readonly_fields = ("product", "file_name")
    can_delete = False
    extra = max_num = 0


class SheetTileInline(admin.TabularInline):
    model = SheetTile
    fields = readonly_fields = ("position", "design", "file_name")
    can_delete = False
    extra = max_num = 0


@admin.register(VariantImage)
class VariantImageAdmin(RecordAdmin):
    """One line per picture; pictures themselves are looked at in the dashboard."""

    date_hierarchy = "created_at"
    list_display = ("product", "label", "target", "status", "delta_e", "created_at", "picture")
    list_display_links = ("label",)
    list_filter = ("status",)
    list_select_related = ("product__parent",)
    search_fields = ("label", "target", "product__title", "product__upc")
    inlines = (ReviewInline,)

    @admin.display(description=_("picture"))
    def picture(self, variant: VariantImage) -> str:
        if not variant.file_name:
            return "–"
        url = reverse("oscar_gan:gan-variant-image", args=[variant.pk])
        return format_html('<a href="{}">{}</a>', url, _("Show"))


@admin.register(GenerationRequest)
class GenerationRequestAdmin(RecordAdmin):
    date_hierarchy = "created_at"
    list_display = ("id", "product", "status", "queue", "attempts", "requested_by", "created_at")
    list_filter = ("status", "queue")
    list_select_related = ("product__parent", "requested_by")
    search_fields = ("id", "product__title", "product__upc")
    inlines = (VariantInline,)


@admin.register(Publication)
class PublicationAdmin(RecordAdmin):
    date_hierarchy = "published_at"
    list_display = ("variant", "scope", "published_by", "published_at", "reverted_at")
    list_filter = ("scope", ("reverted_at", admin.EmptyFieldListFilter))
    list_select_related = ("variant", "published_by")
    inlines = (PublishedImageInline,)


class PublishingItemInline(admin.TabularInline):
    model = PublishingItem
    fields = readonly_fields = ("variant", "publication", "problem", "done_at")
    can_delete = False
    extra = max_num = 0


@admin.register(PublishingRun)
class PublishingRunAdmin(RecordAdmin):
    date_hierarchy = "created_at"
    list_display = ("id", "automatic", "started_by", "created_at", "finished_at", "reverted_at")
    list_filter = ("automatic", ("finished_at", admin.EmptyFieldListFilter))
    list_select_related = ("started_by",)
    inlines = (PublishingItemInline,)


@admin.register(RenditionSet)
class RenditionSetAdmin(RecordAdmin):
    list_display = ("image", "stem", "problem", "made_at")
    list_select_related = ("image",)


@admin.register(Heartbeat)
class HeartbeatAdmin(RecordAdmin):
    list_display = ("name", "at")


@admin.register(Review)
class ReviewAdmin(RecordAdmin):
    date_hierarchy = "created_at"
    list_display = ("variant", "decision", "reason", "reviewer", "created_at")
    list_filter = ("decision", "reason")
    list_select_related = ("variant", "reviewer")


@admin.register(Matte)
class MatteAdmin(RecordAdmin):
    list_display = ("source", "origin", "version", "swatch", "coverage", "created_at")
    list_filter = ("origin",)
    list_select_related = ("source__product__parent",)


class GeneratorEventInline(admin.TabularInline):
    model = GeneratorEvent
    fk_name = "version"
    fields = readonly_fields = ("kind", "previous", "by", "note", "created_at")
    can_delete = False
    extra = max_num = 0


@admin.register(GeneratorVersion)
class GeneratorVersionAdmin(RecordAdmin):
    list_display = ("name", "version", "status", "pinned", "parent", "digest", "created_at")
    list_filter = ("name", "status")
    list_select_related = ("parent",)
    inlines = (GeneratorEventInline,)


@admin.register(GeneratorEvent)
class GeneratorEventAdmin(RecordAdmin):
    """Who decided what about generators, and when."""

    date_hierarchy = "created_at"
    list_display = ("version", "kind", "previous", "by", "note", "created_at")
    list_filter = ("kind",)
    list_select_related = ("version", "previous", "by")


@admin.register(Comparison)
class ComparisonAdmin(RecordAdmin):
    date_hierarchy = "created_at"
    list_display = ("version", "against", "passed", "created_at")
    list_filter = ("passed",)
    list_select_related = ("version", "against")


@admin.register(TrainingRun)
class TrainingRunAdmin(RecordAdmin):
    date_hierarchy = "created_at"
    list_display = ("name", "status", "phase", "step", "steps", "base", "result", "created_at")
    list_filter = ("name", "status")
    list_select_related = ("base", "result")


@admin.register(TrainingOptOut)
class TrainingOptOutAdmin(admin.ModelAdmin):
    """Products and partners whose photos nothing may be learnt from."""

    list_display = ("__str__", "product", "partner", "note", "created_by", "created_at")
    list_select_related = ("product__parent", "partner", "created_by")
    search_fields = ("product__title", "product__upc", "partner__name")
    raw_id_fields = ("product", "partner")
    readonly_fields = ("created_by", "created_at")

    def save_model(self, request: HttpRequest, obj, form, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Print)
class PrintAdmin(RecordAdmin):
    """Prints are named and coloured in the dashboard, which keeps tile and digest together."""

    list_display = ("name", "inks", "generator", "created_by", "created_at")
    list_select_related = ("generator", "created_by")
    search_fields = ("name",)


@admin.register(Style)
class StyleAdmin(RecordAdmin):
    list_display = ("name", "style", "colours", "created_by", "created_at")
    list_filter = ("style",)
    list_select_related = ("created_by",)
    search_fields = ("name",)


@admin.register(PrintSheet)
class PrintSheetAdmin(RecordAdmin):
    date_hierarchy = "created_at"
    list_display = ("id", "status", "inks", "attempts", "requested_by", "created_at")
    list_filter = ("status",)
    list_select_related = ("requested_by",)
    inlines = (SheetTileInline,)


@admin.register(BackfillRun)
class BackfillRunAdmin(RecordAdmin):
    list_display = ("id", "started_by", "created_at", "finished_at", "counts")
    list_select_related = ("started_by",)


@admin.register(LeftOut)
class LeftOutAdmin(RecordAdmin):
    list_display = ("run", "product", "code", "problem")
    list_select_related = ("run", "product")
    list_filter = ("code",)


@admin.display(description=_("Image variants"))
def generate_link(product) -> str:
    """A column of Oscar's product list: on to our page for this product."""
    url = reverse("oscar_gan:gan-product-generate", args=[product.pk])
    return format_html('<a href="{}">{}</a>', url, _("Generate variants"))


@admin.action(description=_("Generate missing image variants"))
def generate_missing(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset
) -> HttpResponse | None:
    """One product: open our page. Several: queue the colours that have no picture."""
    # Late, because services load the imaging libraries, which not every process needs.
    from .gan_dashboard.bulk_actions import execute
    from .services import access

    if not access.may(request.user, "generate"):
        text = _("You need the permission to generate variant images; ask an administrator.")
        model_admin.message_user(request, text, messages.ERROR)
        return None
    chosen = list(queryset.values_list("pk", flat=True)[:2])
    if len(chosen) == 1:
        return HttpResponseRedirect(reverse("oscar_gan:gan-product-generate", args=chosen))
    execute(request, queryset, everything=False)
    return None


def extend_product_admin(site: admin.AdminSite = admin.site) -> None:
    """Offer both on the product admin that is registered, Oscar's or a fork's.

    The registered instance is extended, not its class, so nobody's registration is replaced.
    """
    if is_hidden():
        return
    # Ours is usually discovered first, because the app stands before Oscar's.
    import_module(f"{apps.get_app_config('catalogue').name}.admin")
    Product = get_model("catalogue", "Product")
    if not site.is_registered(Product):
        return
    product_admin = site.get_model_admin(Product)
    product_admin.list_display = (*product_admin.list_display, generate_link)
    product_admin.actions = (*(product_admin.actions or ()), generate_missing)


extend_product_admin()
