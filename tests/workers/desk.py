"""The shop's side of these tests in a process of its own: asks, cancels, and looks at rows.

Reads one JSON line per call, `{"call": name, "args": {…}}`, and answers with one.
"""

from __future__ import annotations

import json
import sys
import uuid

import django

from tests.workers import training_desk


def prepare() -> str:
    """Make the tables, unless they are there."""
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    return "ready"


def photo(colour: str) -> int:
    """A new product with a photo of its own; returns the photo's id."""
    from tests import factories

    product = factories.make_product(upc=uuid.uuid4().hex, photo=False)
    return factories.add_photo(product, factories.photo_bytes(colour)).pk


def ask(source: int, labels: list[str], queue: str = "interactive") -> str:
    """Ask for colours through the service, as the dashboard does; returns the request's id."""
    from oscar_gan.services.requests import request_variants
    from tests import factories

    image = factories.ProductImage.objects.get(pk=source)
    targets = factories.targets(*labels)
    return str(request_variants(source=image, targets=targets, queue=queue).pk)


def cancel(request: str) -> int:
    from oscar_gan.models import GenerationRequest
    from oscar_gan.services.requests import cancel_request

    return cancel_request(request=GenerationRequest.objects.get(pk=request))


def look(request: str) -> dict:
    """A request as it stands, its variant images by label, and whether their files are whole."""
    from hashlib import sha256

    from oscar_gan.models import GenerationRequest
    from oscar_gan.services import media

    row = GenerationRequest.objects.get(pk=request)
    variants = list(row.variants.order_by("pk"))
    whole = [
        sha256(media.read_draft(variant.file_name)).hexdigest() == variant.digest
        for variant in variants
        if variant.file_name
    ]
    return {
        "status": row.status,
        "attempts": row.attempts,
        "problem": row.problem,
        "variants": {variant.label: variant.status for variant in variants},
        "files": len(whole),
        "whole": all(whole),
    }


def makers(request: str) -> list[str]:
    """Versions that made a request's pictures, as the files themselves say."""
    from oscar_gan.imaging.provenance import read_provenance
    from oscar_gan.models import VariantImage
    from oscar_gan.services import media

    names = VariantImage.objects.filter(request=request).values_list("file_name", flat=True)
    return sorted({read_provenance(media.read_draft(name))["version"] for name in names})


def train() -> int:
    """A challenger with new weights, trained from the champion, that passed; returns its id."""
    import tempfile
    from pathlib import Path

    from oscar_gan.services import registry
    from tests import factories

    with tempfile.TemporaryDirectory() as folder:
        analyser = Path(folder, "analyser.onnx")
        analyser.write_bytes(uuid.uuid4().bytes)
        version = registry.enter_challenger(parent=registry.champion(), analyser=analyser)
    factories.make_verdict(version)
    return version.pk


def promote(version: int) -> str:
    """Promote it; returns who serves then, or why it was refused."""
    from oscar_gan.errors import InvalidTransition
    from oscar_gan.models import GeneratorVersion
    from oscar_gan.services import registry

    try:
        registry.promote(version=GeneratorVersion.objects.get(pk=version))
    except InvalidTransition as error:
        return error.code
    return registry.champion().version


def roll_back() -> str:
    """Roll back; returns who serves then, or why it was refused."""
    from oscar_gan.errors import InvalidTransition
    from oscar_gan.services import registry

    try:
        return registry.roll_back(name="recolour").version
    except InvalidTransition as error:
        return error.code


def decisions() -> list[list]:
    """The log of generators, oldest first: what happened, to which version, after which."""
    from oscar_gan.models import GeneratorEvent

    rows = GeneratorEvent.objects.order_by("pk").exclude(kind="trained")
    rows = rows.values_list("kind", "version__version", "previous__version")
    return [list(row) for row in rows]


def limit(used: int, per_day: int) -> int:
    """Somebody new with a quota of which so many are used; returns their id."""
    from oscar_gan.models import Quota
    from oscar_gan.services import quotas
    from tests import factories

    user = factories.make_user()
    Quota.objects.create(user=user, per_day=per_day)
    quotas.spend(user=user, count=used)
    return user.pk


def spend(user: int, count: int) -> str:
    """Take so many off somebody's quota; returns how that went."""
    from django.contrib.auth import get_user_model

    from oscar_gan.errors import QuotaExceeded
    from oscar_gan.services import quotas

    try:
        quotas.spend(user=get_user_model().objects.get(pk=user), count=count)
    except QuotaExceeded as error:
        return error.code
    return "had"


def left(user: int) -> int:
    from django.contrib.auth import get_user_model

    from oscar_gan.services import quotas

    return quotas.tightest(user=get_user_model().objects.get(pk=user)).left


def crown(generator: str) -> int:
    """The champion of a generator that nobody asked for before; returns its id."""
    from oscar_gan import engine
    from oscar_gan.services import registry
    from tests.stubs import StubGenerator

    engine.GENERATORS.setdefault(generator, lambda device: StubGenerator(generator))
    return registry.champion(generator).pk


def champions() -> list[str]:
    """Versions that serve: one, whatever happens."""
    from oscar_gan.models import GeneratorVersion

    serving = GeneratorVersion.objects.filter(name="recolour", status="champion")
    return [version.version for version in serving]


def ask_sheet(user: str = "designer") -> str:
    """Ask for a sheet of tiles that nobody asked for before; returns its id."""
    from django.contrib.auth import get_user_model

    from oscar_gan.services import sheets, wishes

    asking, _created = get_user_model().objects.get_or_create(
        username=user, defaults={"is_staff": True, "is_superuser": True}
    )
    wish = wishes.Wish(seed=uuid.uuid4().int % 2**31)
    return str(sheets.request_sheet(wish=wish, inks=3, requested_by=asking).pk)


def look_sheet(sheet: str) -> dict:
    """A sheet as it stands, and how many of its tiles have whole files."""
    from hashlib import sha256

    from oscar_gan.models import PrintSheet
    from oscar_gan.services import media

    row = PrintSheet.objects.get(pk=sheet)
    whole = [
        sha256(media.read_draft(tile.file_name)).hexdigest() == tile.digest
        for tile in row.tiles.all()
    ]
    return {"status": row.status, "attempts": row.attempts, "tiles": sum(whole)}


def lose_messages() -> str:
    """Empty the broker's queues, as a flush or a restart without persistence would."""
    from celery import current_app

    with current_app.connection_for_write() as connection:
        for name in ("interactive", "backfill", "training"):
            current_app.amqp.queues[name](connection.default_channel).purge()
    return "lost"


CALLS = {
    call.__name__: call
    for call in (
        *(prepare, photo, ask, cancel, look, makers, ask_sheet, look_sheet, lose_messages),
        *(train, promote, roll_back, decisions, crown, champions, limit, spend, left),
    )
}


def main() -> None:
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever prints must not be taken for an answer
    django.setup()
    from shop.celery import app

    app.set_default()
    for line in sys.stdin:
        wish = json.loads(line)
        call = (CALLS | training_desk.CALLS)[wish["call"]]
        answers.write(json.dumps(call(**wish["args"])) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
