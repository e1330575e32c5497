"""Staff pages. Each parses, calls one service and answers; see urls.py for the addresses."""

from .audit import LogExportView, LogView
from .colour_tables import ColourwayExportView, ColourwayImportView
from .colourways import (
    ColourwayCreateView,
    ColourwayDeleteView,
    ColourwayListView,
    ColourwayUpdateView,
    PaletteCreateView,
    PaletteDeleteView,
    PaletteUpdateView,
)
from .comparisons import ComparisonPictureView, ComparisonView
from .designer import (
    PrintDesignerView,
    SheetCreateView,
    SheetPictureView,
    SheetStatusView,
    SheetWeightsView,
)
from .files import MatteImageView, SourcePreviewView, VariantImageView
from .generate import AnalyseView, EstimateView, GenerateView
from .generators import (
    GeneratorListView,
    GeneratorPinView,
    GeneratorPromoteView,
    GeneratorRollBackView,
    GeneratorUnpinView,
)
from .looks import LookPreviewView, PhotoSearchView
from .measuring import ClothMeasureView, ColourPickView, PickPhotoView
from .outline import OutlinePatchesView, OutlinePreviewView, OutlineView
from .outline_siblings import OutlineSiblingsView
from .prints import (
    PrintDeleteView,
    PrintListView,
    PrintPictureView,
    PrintUpdateView,
    StyleDeleteView,
)
from .publications import (
    PublicationListView,
    PublicationRevertView,
    PublishingRunRevertView,
    PublishingRunView,
)
from .publishing import BulkPublishView, VariantPublishView
from .radar import RadarFillView, RadarView
from .requests import (
    RequestCancelView,
    RequestListView,
    RequestRetryView,
    RequestStatusView,
)
from .review import (
    VariantApproveView,
    VariantDecideView,
    VariantListView,
    VariantRejectView,
    VariantUndoView,
)
from .runs import (
    PreferenceView,
    RunCancelView,
    RunListView,
    RunPauseView,
    RunReportView,
    RunStatusView,
    RunView,
)
from .takes import VariantAgainView, VariantTakesView
from .training import (
    TrainingCancelView,
    TrainingRunListView,
    TrainingRunView,
    TrainingSamplesView,
    TrainingStartView,
    TrainingStatusView,
)

__all__ = [
    "AnalyseView",
    "BulkPublishView",
    "ClothMeasureView",
    "ColourPickView",
    "ColourwayCreateView",
    "ColourwayDeleteView",
    "ColourwayExportView",
    "ColourwayImportView",
    "ColourwayListView",
    "ColourwayUpdateView",
    "ComparisonPictureView",
    "ComparisonView",
    "EstimateView",
    "GenerateView",
    "GeneratorListView",
    "GeneratorPinView",
    "GeneratorPromoteView",
    "GeneratorRollBackView",
    "GeneratorUnpinView",
    "LogExportView",
    "LogView",
    "LookPreviewView",
    "MatteImageView",
    "OutlinePatchesView",
    "OutlinePreviewView",
    "OutlineSiblingsView",
    "OutlineView",
    "PaletteCreateView",
    "PaletteDeleteView",
    "PaletteUpdateView",
    "PhotoSearchView",
    "PickPhotoView",
    "PreferenceView",
    "PrintDeleteView",
    "PrintDesignerView",
    "PrintListView",
    "PrintPictureView",
    "PrintUpdateView",
    "PublicationListView",
    "PublicationRevertView",
    "PublishingRunRevertView",
    "PublishingRunView",
    "RadarFillView",
    "RadarView",
    "RequestCancelView",
    "RequestListView",
    "RequestRetryView",
    "RequestStatusView",
    "RunCancelView",
    "RunListView",
    "RunPauseView",
    "RunReportView",
    "RunStatusView",
    "RunView",
    "SheetCreateView",
    "SheetPictureView",
    "SheetStatusView",
    "SheetWeightsView",
    "SourcePreviewView",
    "StyleDeleteView",
    "TrainingCancelView",
    "TrainingRunListView",
    "TrainingRunView",
    "TrainingSamplesView",
    "TrainingStartView",
    "TrainingStatusView",
    "VariantAgainView",
    "VariantApproveView",
    "VariantDecideView",
    "VariantImageView",
    "VariantListView",
    "VariantPublishView",
    "VariantRejectView",
    "VariantTakesView",
    "VariantUndoView",
]
