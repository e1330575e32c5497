"""Staff pages. Each parses, calls one service and answers; see urls.py for the addresses."""

from .colourways import (
    ColourwayCreateView,
    ColourwayDeleteView,
    ColourwayListView,
    ColourwayUpdateView,
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
from .outline import OutlinePreviewView, OutlineView
from .prints import (
    PrintDeleteView,
    PrintListView,
    PrintPictureView,
    PrintUpdateView,
    StyleDeleteView,
)
from .publishing import PublicationListView, PublicationRevertView, VariantPublishView
from .requests import (
    RequestCancelView,
    RequestListView,
    RequestRetryView,
    RequestStatusView,
)
from .review import (
    VariantApproveView,
    VariantListView,
    VariantRejectView,
    VariantUndoView,
)
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
    "ColourwayCreateView",
    "ColourwayDeleteView",
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
    "LookPreviewView",
    "MatteImageView",
    "OutlinePreviewView",
    "OutlineView",
    "PhotoSearchView",
    "PrintDeleteView",
    "PrintDesignerView",
    "PrintListView",
    "PrintPictureView",
    "PrintUpdateView",
    "PublicationListView",
    "PublicationRevertView",
    "RequestCancelView",
    "RequestListView",
    "RequestRetryView",
    "RequestStatusView",
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
    "VariantApproveView",
    "VariantImageView",
    "VariantListView",
    "VariantPublishView",
    "VariantRejectView",
    "VariantUndoView",
]
