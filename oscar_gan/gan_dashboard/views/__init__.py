"""Staff pages. Each parses, calls one service and answers; see urls.py for the addresses."""

from .colourways import (
    ColourwayCreateView,
    ColourwayDeleteView,
    ColourwayListView,
    ColourwayUpdateView,
)
from .files import MatteImageView, SourcePreviewView, VariantImageView
from .generate import AnalyseView, EstimateView, GenerateView
from .outline import OutlinePreviewView, OutlineView
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

__all__ = [
    "AnalyseView",
    "ColourwayCreateView",
    "ColourwayDeleteView",
    "ColourwayListView",
    "ColourwayUpdateView",
    "EstimateView",
    "GenerateView",
    "MatteImageView",
    "OutlinePreviewView",
    "OutlineView",
    "PublicationListView",
    "PublicationRevertView",
    "RequestCancelView",
    "RequestListView",
    "RequestRetryView",
    "RequestStatusView",
    "SourcePreviewView",
    "VariantApproveView",
    "VariantImageView",
    "VariantListView",
    "VariantPublishView",
    "VariantRejectView",
    "VariantUndoView",
]
