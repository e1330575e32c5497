"""Addresses of the staff pages; mounted by the shop through the app's `urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from .loading import get_dashboard_class

_ROUTES = (
    ("", "VariantListView", "gan-variant-list"),
    ("products/<int:pk>/", "GenerateView", "gan-product-generate"),
    ("products/<int:pk>/analyse/", "AnalyseView", "gan-analyse"),
    ("estimate/", "EstimateView", "gan-estimate"),
    ("sources/<int:pk>/", "SourcePreviewView", "gan-source-preview"),
    ("sources/<int:pk>/outline/", "OutlineView", "gan-outline"),
    ("sources/<int:pk>/outline/preview/", "OutlinePreviewView", "gan-outline-preview"),
    ("sources/<int:pk>/outline/patches/", "OutlinePatchesView", "gan-outline-patches"),
    ("sources/<int:pk>/outline/siblings/", "OutlineSiblingsView", "gan-outline-siblings"),
    ("mattes/<int:pk>/", "MatteImageView", "gan-matte-image"),
    ("images/<int:pk>/", "VariantImageView", "gan-variant-image"),
    ("images/decide/", "VariantDecideView", "gan-variant-decide"),
    ("images/<int:pk>/takes/", "VariantTakesView", "gan-variant-takes"),
    ("images/<int:pk>/again/", "VariantAgainView", "gan-variant-again"),
    ("images/<int:pk>/approve/", "VariantApproveView", "gan-variant-approve"),
    ("images/<int:pk>/reject/", "VariantRejectView", "gan-variant-reject"),
    ("images/<int:pk>/undo/", "VariantUndoView", "gan-variant-undo"),
    ("images/<int:pk>/publish/", "VariantPublishView", "gan-variant-publish"),
    ("requests/", "RequestListView", "gan-request-list"),
    ("requests/<uuid:pk>/status/", "RequestStatusView", "gan-request-status"),
    ("requests/<uuid:pk>/cancel/", "RequestCancelView", "gan-request-cancel"),
    ("requests/<uuid:pk>/retry/", "RequestRetryView", "gan-request-retry"),
    ("publications/", "PublicationListView", "gan-publication-list"),
    ("publications/<int:pk>/revert/", "PublicationRevertView", "gan-publication-revert"),
    ("publish/", "BulkPublishView", "gan-publish"),
    ("publish/<uuid:pk>/", "PublishingRunView", "gan-publishing-run"),
    ("publish/<uuid:pk>/revert/", "PublishingRunRevertView", "gan-publishing-run-revert"),
    ("radar/", "RadarView", "gan-radar"),
    ("radar/fill/", "RadarFillView", "gan-radar-fill"),
    ("photos/", "PhotoSearchView", "gan-photo-search"),
    ("sources/<int:pk>/look/", "LookPreviewView", "gan-look-preview"),
    ("prints/", "PrintListView", "gan-print-list"),
    ("prints/design/", "PrintDesignerView", "gan-print-designer"),
    ("prints/<int:pk>/", "PrintUpdateView", "gan-print-update"),
    ("prints/<int:pk>/delete/", "PrintDeleteView", "gan-print-delete"),
    ("prints/<int:pk>/picture/", "PrintPictureView", "gan-print-picture"),
    ("prints/styles/<int:pk>/delete/", "StyleDeleteView", "gan-style-delete"),
    ("prints/sheets/", "SheetCreateView", "gan-sheet-create"),
    ("prints/sheets/<uuid:pk>/", "SheetStatusView", "gan-sheet-status"),
    ("prints/sheets/<uuid:pk>/<int:position>/", "SheetPictureView", "gan-sheet-picture"),
    ("prints/sheets/<uuid:pk>/<int:position>/weights/", "SheetWeightsView", "gan-sheet-weights"),
    ("generators/", "GeneratorListView", "gan-generator-list"),
    ("generators/train/", "TrainingStartView", "gan-training-start"),
    ("generators/runs/", "TrainingRunListView", "gan-training-list"),
    ("generators/runs/<uuid:pk>/", "TrainingRunView", "gan-training-run"),
    ("generators/runs/<uuid:pk>/status/", "TrainingStatusView", "gan-training-status"),
    ("generators/runs/<uuid:pk>/samples/", "TrainingSamplesView", "gan-training-samples"),
    ("generators/runs/<uuid:pk>/cancel/", "TrainingCancelView", "gan-training-cancel"),
    ("generators/comparisons/<int:pk>/", "ComparisonView", "gan-comparison"),
    (
        "generators/comparisons/<int:pk>/pictures/<int:position>/<slug:kind>/",
        "ComparisonPictureView",
        "gan-comparison-picture",
    ),
    ("generators/<int:pk>/promote/", "GeneratorPromoteView", "gan-generator-promote"),
    ("generators/<int:pk>/roll-back/", "GeneratorRollBackView", "gan-generator-roll-back"),
    ("generators/<int:pk>/pin/", "GeneratorPinView", "gan-generator-pin"),
    ("generators/<int:pk>/unpin/", "GeneratorUnpinView", "gan-generator-unpin"),
    ("colourways/", "ColourwayListView", "gan-colourway-list"),
    ("colourways/new/", "ColourwayCreateView", "gan-colourway-create"),
    ("colourways/import/", "ColourwayImportView", "gan-colourway-import"),
    ("colourways/export/", "ColourwayExportView", "gan-colourway-export"),
    ("colourways/pick/", "ColourPickView", "gan-colour-pick"),
    ("colourways/pick/<int:pk>/", "PickPhotoView", "gan-pick-photo"),
    ("colourways/cloth/", "ClothMeasureView", "gan-cloth-measure"),
    ("colourways/<int:pk>/", "ColourwayUpdateView", "gan-colourway-update"),
    ("colourways/<int:pk>/delete/", "ColourwayDeleteView", "gan-colourway-delete"),
    ("palettes/new/", "PaletteCreateView", "gan-palette-create"),
    ("palettes/<int:pk>/", "PaletteUpdateView", "gan-palette-update"),
    ("palettes/<int:pk>/delete/", "PaletteDeleteView", "gan-palette-delete"),
    ("runs/", "RunListView", "gan-run-list"),
    ("runs/notifications/", "PreferenceView", "gan-preferences"),
    ("runs/<uuid:pk>/", "RunView", "gan-run"),
    ("runs/<uuid:pk>/status/", "RunStatusView", "gan-run-status"),
    ("runs/<uuid:pk>/cancel/", "RunCancelView", "gan-run-cancel"),
    ("runs/<uuid:pk>/pause/", "RunPauseView", "gan-run-pause"),
    ("runs/<uuid:pk>/report/", "RunReportView", "gan-run-report"),
    ("log/", "LogView", "gan-log"),
    ("log/export/", "LogExportView", "gan-log-export"),
)


def urlpatterns() -> list[URLPattern]:
    """One pattern per page, with the shop's own view class where it overrides one."""
    return [
        path(route, get_dashboard_class("views", view).as_view(), name=name)
        for route, view, name in _ROUTES
    ]
