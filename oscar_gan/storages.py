"""S3 storages: private drafts behind signed links, public media that caches may keep for ever.

Name them as BACKEND in STORAGES and give bucket, endpoint and keys as OPTIONS (or as
django-storages' AWS_* settings). They differ from S3Storage where its defaults hurt a shop:

- sorl-thumbnail 12 creates the default storage without STORAGES' options; here a storage
  without arguments looks its own options up.
- boto3 >= 1.36 adds checksums in a framing that other servers than AWS refuse or, worse, store
  as part of the file; here they are sent only where the operation demands them.
- Two uploads of one name do not replace each other.

Needs the extra: pip install 'django-oscar-gan[s3]'.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import PurePosixPath

from botocore.config import Config
from django.conf import settings
from storages.backends.s3 import S3Storage

CONNECT_TIMEOUT = 5
READ_TIMEOUT = 30
"""Seconds; botocore's own 60 each, five times over, would hold a worker for minutes."""

DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}")


class _GanS3Storage(S3Storage):
    """S3Storage with safe client defaults that finds its own options in STORAGES."""

    default_acl = None  # the bucket's policy decides; many servers have no ACLs

    def __init__(self, **options) -> None:
        self._options = dict(options or _own_options(type(self)))
        given = self._options.get("client_config")
        super().__init__(**self._options)
        config = self._client_config()
        self.client_config = config.merge(given) if given else config

    def _client_config(self) -> Config:
        """Path-style names and no needless checksums, which every server understands."""
        style = self.addressing_style or ("path" if self.endpoint_url else "auto")
        return Config(
            signature_version=self.signature_version or "s3v4",
            s3={"addressing_style": style},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            retries={"max_attempts": 3, "mode": "standard"},
            proxies=self.proxies,
        )


class DraftsS3Storage(_GanS3Storage):
    """Private files: mattes and variant images in review, reached by links that expire.

    Names are the digests of the contents, so writing one again writes the same bytes.
    `public_endpoint_url` signs links for the address that browsers use, where workers reach
    the server by another one (in a container network, say).
    """

    location = "drafts"
    querystring_auth = True
    querystring_expire = 300
    custom_domain = None
    file_overwrite = True

    def get_default_settings(self) -> dict:
        return {**super().get_default_settings(), "public_endpoint_url": None}

    def get_object_parameters(self, name: str) -> dict:
        """Headers of a new file; the shop's own (encryption, say) come on top."""
        return {"CacheControl": "private, no-store", **super().get_object_parameters(name)}

    def url(self, name, parameters=None, expire=None, http_method=None) -> str:
        """A link to one file that works for `expire` seconds (querystring_expire by default)."""
        if self.public_endpoint_url:
            return self._seen_from_outside.url(name, parameters, expire, http_method)
        return super().url(name, parameters, expire, http_method)

    @cached_property
    def _seen_from_outside(self) -> DraftsS3Storage:
        options = {**self._options, "endpoint_url": self.public_endpoint_url}
        return type(self)(**{**options, "public_endpoint_url": None})


class MediaS3Storage(_GanS3Storage):
    """Oscar's media: public, never overwritten; pictures named by content cached for a year."""

    location = "media"
    querystring_auth = False
    file_overwrite = False

    def get_object_parameters(self, name: str) -> dict:
        """Headers of a new file: only a name that holds its digest always means the same bytes."""
        lasting = DIGEST.search(PurePosixPath(name).name)
        caching = "public, max-age=31536000, immutable" if lasting else "public, max-age=3600"
        return {"CacheControl": caching, **super().get_object_parameters(name)}


def _own_options(backend: type) -> dict:
    """OPTIONS of the STORAGES entry whose BACKEND is this class; {} without one."""
    path = f"{backend.__module__}.{backend.__qualname__}"
    for entry in settings.STORAGES.values():
        if entry["BACKEND"] == path:
            return entry.get("OPTIONS", {})
    return {}
