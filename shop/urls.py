"""URLs of the demo shop."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.static import serve

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("dashboard/variants/", apps.get_app_config("oscar_gan").urls),
    path("", include("oscar_gan.public.urls")),  # how a picture was made
    path("", include("oscar_gan.operations.urls")),  # /health/…, /metrics
    path("", include(apps.get_app_config("oscar").urls[0])),
]
if settings.STORAGES["default"]["BACKEND"].endswith(".FileSystemStorage"):
    # For the demo only: a real shop's media come from its web server, S3 server or CDN.
    media = path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT})
    urlpatterns.insert(0, media)
