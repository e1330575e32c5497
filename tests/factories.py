"""Rows and pictures for tests: products with photos, colour children, people, variant images."""

from __future__ import annotations

import hashlib
import io
from decimal import Decimal
from itertools import count

import numpy as np
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from oscar.core.loading import get_model
from PIL import Image

from oscar_gan.conf import get_config
from oscar_gan.imaging.tiles import Tile, encode_tile
from oscar_gan.models import (
    Colourway,
    Comparison,
    GenerationRequest,
    GeneratorVersion,
    Matte,
    Print,
    Review,
    TrainingRun,
    VariantImage,
)
from oscar_gan.services import doubts, media
from oscar_gan.services.colours import Target
from oscar_gan.services.recipes import colour_recipe

AttributeOptionGroup = get_model("catalogue", "AttributeOptionGroup")
AttributeOption = get_model("catalogue", "AttributeOption")
Category = get_model("catalogue", "Category")
Product = get_model("catalogue", "Product")
ProductAttribute = get_model("catalogue", "ProductAttribute")
ProductClass = get_model("catalogue", "ProductClass")
ProductImage = get_model("catalogue", "ProductImage")
Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")

COLOURS = {"Red": "#AF2430", "Navy": "#24345C", "Forest green": "#235A3C", "Mustard": "#D29B2A"}
"""Colour options of the tests' shop with the colour of each."""

ACTIONS = (
    "generate_variants",
    "review_variants",
    "publish_variants",
    "manage_colourways",
    "manage_prints",
    "train_generators",
    "view_variantimage",
    "view_auditevent",
)
"""Codenames of everything a member of staff may be allowed to do."""

_number = count(1)


def photo_bytes(
    colour: str = "#AF2430", *, size: tuple[int, int] = (96, 72), format: str = "JPEG"
) -> bytes:
    """A photo of a shaded ball of `colour` on a light-grey backdrop, as an encoded file."""
    width, height = size
    y, x = np.mgrid[:height, :width]
    radius = 0.36 * min(size)
    dx, dy = (x - width / 2) / radius, (y - height / 2) / radius
    squared = dx**2 + dy**2
    ball = (squared < 1)[..., None]
    # Lambert's law, the lamp at the upper left; some light everywhere.
    z = np.sqrt(np.clip(1 - squared, 0, 1))
    shade = 0.45 + 0.55 * np.clip(-0.4 * dx - 0.5 * dy + 0.77 * z, 0, 1)
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    pixels = np.where(ball, shade[..., None] * rgb, 232.0).round().astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, quality=92)
    return file.getvalue()


def make_partner(name: str = "") -> Partner:
    return Partner.objects.create(name=name or f"Partner {next(_number)}")


def make_product_class(name: str = "Clothing") -> ProductClass:
    """A product class with the option attributes `colour` and `size`."""
    product_class, created = ProductClass.objects.get_or_create(name=name)
    if created:
        for code, options in {"colour": COLOURS, "size": ["S", "M", "L"]}.items():
            group, _ = AttributeOptionGroup.objects.get_or_create(name=code)
            for option in options:
                AttributeOption.objects.get_or_create(group=group, option=option)
            ProductAttribute.objects.create(
                product_class=product_class,
                name=code.title(),
                code=code,
                type="option",
                option_group=group,
            )
    return product_class


def make_colourways() -> list[Colourway]:
    """The named colours behind the colour options: what gives an option its hex colour."""
    return [
        Colourway.objects.get_or_create(name=name, defaults={"colour": colour})[0]
        for name, colour in COLOURS.items()
    ]


def add_photo(
    product: Product, data: bytes | None = None, *, name: str = "", order: int | None = None
) -> ProductImage:
    """Give `product` one more photo, last in its gallery unless `order` is given."""
    name = name or f"photo-{next(_number)}.jpg"
    content = ContentFile(photo_bytes() if data is None else data, name)
    return ProductImage.objects.create(
        product=product,
        original=content,
        display_order=product.images.count() if order is None else order,
    )


def make_product(
    *,
    title: str = "",
    upc: str | None = None,
    colour: str | None = None,
    partner: Partner | None = None,
    photo: bool = True,
    class_name: str = "Clothing",
    category: Category | None = None,
) -> Product:
    """A standalone product; `colour` is an option's name, `photo` puts a red ball on show."""
    number = next(_number)
    product = Product(
        title=title or f"Product {number}",
        upc=upc or f"UPC-{number}",
        product_class=make_product_class(class_name),
    )
    if colour:
        product.attr.colour = AttributeOption.objects.get(group__name="colour", option=colour)
    product.save()
    if category:
        product.categories.add(category)
    if partner:
        add_stock(product, partner)
    if photo:
        add_photo(product)
    return product


def make_parent(
    *,
    colours: tuple[str, ...] = ("Red", "Navy", "Forest green"),
    sizes: tuple[str, ...] = ("M",),
    with_photo: tuple[str, ...] = (),
    partner: Partner | None = None,
) -> Product:
    """A parent with a red photo and a child per colour and size; few children have photos.

    `with_photo`: colours whose children get a picture of their own.
    """
    number = next(_number)
    parent = Product.objects.create(
        title=f"Tee {number}",
        upc=f"TEE-{number}",
        structure=Product.PARENT,
        product_class=make_product_class(),
    )
    add_photo(parent)
    for colour in colours:
        for size in sizes:
            child = make_child(parent, colour, size, partner=partner)
            if colour in with_photo:
                add_photo(child, photo_bytes(COLOURS[colour]))
    return parent


def make_child(
    parent: Product, colour: str, size: str = "M", *, partner: Partner | None = None
) -> Product:
    child = Product(structure=Product.CHILD, parent=parent, upc=f"{parent.upc}-{colour}-{size}")
    child.attr.colour = AttributeOption.objects.get(group__name="colour", option=colour)
    child.attr.size = AttributeOption.objects.get(group__name="size", option=size)
    child.save()
    add_stock(child, partner or make_partner())
    return child


def add_stock(product: Product, partner: Partner) -> StockRecord:
    return StockRecord.objects.create(
        product=product,
        partner=partner,
        partner_sku=f"SKU-{next(_number)}",
        price=Decimal("9.99"),
        num_in_stock=10,
    )


def make_user(*codenames: str, staff: bool = True, superuser: bool = False):
    """A user with the given permissions of this plugin, e.g. "generate_variants"."""
    name = f"user{next(_number)}"
    user = get_user_model().objects.create_user(
        name, f"{name}@example.com", "secret", is_staff=staff, is_superuser=superuser
    )
    grant(user, *codenames)
    return user


def grant(user, *codenames: str) -> None:
    """Allow `user` things of this plugin, and what Oscar's own product pages ask for."""
    for codename in codenames:
        label = "oscar_gan" if codename in ACTIONS else "catalogue"
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=label, codename=codename)
        )


def make_partner_user(partner: Partner, *codenames: str):
    """Somebody of `partner` with Oscar's limited dashboard access: own products only."""
    user = make_user(*codenames, staff=False)
    user.user_permissions.add(
        Permission.objects.get(content_type__app_label="partner", codename="dashboard_access")
    )
    partner.users.add(user)
    return user


def make_generator_version(
    name: str = "recolour", version: str = "1", **fields
) -> GeneratorVersion:
    digest = hashlib.sha256(f"{name} {version}".encode()).hexdigest()
    fields = {"status": GeneratorVersion.Status.CHAMPION, **fields}
    return GeneratorVersion.objects.get_or_create(
        digest=digest, defaults={"name": name, "version": version, **fields}
    )[0]


def make_verdict(version: GeneratorVersion, *, passed: bool = True, **report) -> Comparison:
    """What a comparison with the champion that reigns now came to, without its figures."""
    report = {"verdict": "Mattes are 0.012 IoU better.", **report}
    champion = GeneratorVersion.objects.get(
        name=version.name, status=GeneratorVersion.Status.CHAMPION
    )
    return Comparison.objects.create(
        version=version, against=champion, passed=passed, report=report
    )


def make_training(base: GeneratorVersion, **fields) -> TrainingRun:
    """A training run as it stands in the table; nothing is sent."""
    fields = {"steps": 400, "budget_seconds": 7200, **fields}
    return TrainingRun.objects.create(name=base.name, base=base, **fields)


def make_full_comparison(
    version: GeneratorVersion, against: GeneratorVersion, *, passed: bool = True, photo=None
) -> Comparison:
    """A comparison with three gates and one photo (of `photo`, if given) with real pictures."""
    kinds = ("champion", "challenger", "classic")
    pictures = {kind: make_draft(colour) for kind, colour in zip(kinds, COLOURS, strict=False)}
    report = {
        **dict(zip(kinds, (str(against), str(version), "classic 1"), strict=True)),
        "bench": {"count": 120, "digest": "0" * 64},
        "shadow": {"count": 24},
        "seconds": 95.0,
        "passed": passed,
        "verdict": "Passed: every gate holds." if passed else "Refused: the outline is worse.",
        "rows": [
            _row("matte-iou", "shadow", "all", "IoU", (0.91, 0.94, 0.83), limit=0.01, p=0.004),
            _row("structure", "bench", "all", "cosine", (0.9, 0.88, 0.7), limit=0.01, gate=passed),
            _row("recolour", "bench", "Rugs", "ΔE", (1.4, 1.3, 2.2), limit=0.5),
            _row("refusals", "bench", "all", "share", (0.02, 0.01, 0.1), limit=0.02),
            _row("boundary", "bench", "all", "px", (2.1, 1.9, 3.4)),
            _row("latency", "machine", "all", "ms", (41.0, 41.5, None), limit=10.0, p=None),
        ],
        "pictures": [
            {
                "source": photo.pk if photo else None,
                "name": "Canvas bag",
                "group": "Clothing",
                "photo": "" if photo else make_draft("#AF2430"),
                **pictures,
                "iou": dict(zip(kinds, (0.91, 0.94, 0.83), strict=True)),
                "delta_e": dict(zip(kinds, (1.2, 0.9, 2.2), strict=True)),
            }
        ],
    }
    return Comparison.objects.create(
        version=version, against=against, passed=passed, report=report
    )


def _row(code, kind, group, unit, values, *, limit=None, p=0.2, gate=True) -> dict:
    champion, challenger, classic = values
    difference = challenger - champion
    return {
        "code": code, "set": kind, "group": group, "unit": unit, "n": 24, "champion": champion,
        "challenger": challenger, "classic": classic, "difference": difference,
        "low": difference - 0.01, "high": difference + 0.01, "p": p,
        "better": "higher" if unit in ("IoU", "cosine") else "lower", "limit": limit,
        "gate": limit is not None, "passed": gate, "reason": "" if gate else "Worse by 0.020.",
    }  # fmt: skip


def make_draft(colour: str = "#24345C") -> str:
    """A picture in the drafts storage; its name."""
    return _draft(COLOURS.get(colour, colour))["file_name"]


def make_variant(
    source: ProductImage,
    *,
    label: str = "Navy",
    status: str = VariantImage.Status.AWAITING_REVIEW,
    request: GenerationRequest | None = None,
    **fields,
) -> VariantImage:
    """A variant image in any state; a made one has a real picture in the drafts storage."""
    target = fields.pop("target", COLOURS.get(label, "#24345C"))
    digest = hashlib.sha256(f"{source.pk} {target} {next(_number)}".encode()).hexdigest()
    if status in VariantImage.MADE:
        fields = {**_draft(target), "made": target, "delta_e": 0.4, "structure": 0.99, **fields}
        fields.setdefault("doubt", _doubt(fields))
    elif status in (VariantImage.Status.REFUSED, VariantImage.Status.FAILED):
        fields = {"problem_code": "test", "problem": "It did not work out.", **fields}
    request = request or make_request(source, status=_request_status(status))
    recipe = colour_recipe(
        source_digest=request.source_digest, matte=None, target=target, generator=request.generator
    )
    return VariantImage.objects.create(
        request=request,
        product=source.product,
        source=source,
        source_digest=request.source_digest,
        recipe=recipe,
        recipe_digest=digest,
        label=label,
        target=target,
        status=status,
        **fields,
    )


def make_print(name: str = "Harbour stripe", *, inks=("#0B3D91", "#FFFFFF"), **fields) -> Print:
    """A saved print of two stripes with a real file."""
    weights = np.zeros((16, 16, len(inks)), np.uint8)
    for row in range(16):
        weights[row, :, row * len(inks) // 16] = 255
    data = encode_tile(Tile(weights, tuple(inks)))
    file_name, digest = media.store_draft(data, folder="prints", extension=".png")
    printer = GeneratorVersion.objects.filter(name="print").first()
    design = {"kind": "stripe", "seed": 7, "scale": 0.5, "contrast": 1.0, "angle": 0.0}
    made_by = {"design": design, "generator": printer or make_generator_version("print")}
    return Print.objects.create(
        name=name, inks=list(inks), file_name=file_name, digest=digest, **{**made_by, **fields}
    )


def targets(*labels: str) -> list[Target]:
    """Targets for names of COLOURS, or for free colours as #RRGGBB."""
    return [Target(label=label, colour=COLOURS.get(label, label)) for label in labels]


def make_request(source: ProductImage, **fields) -> GenerationRequest:
    """A generation request as it stands in the table; nothing is sent."""
    if "generator" not in fields:
        fields["generator"] = make_generator_version()
    return GenerationRequest.objects.create(
        product=source.product, source=source, **{"source_digest": "0" * 64, **fields}
    )


def make_matte(source: ProductImage, *, photo: str = "0" * 64, by=None, **fields) -> Matte:
    """The next matte of a photo (by its SHA-256): staff's if `by` somebody, else an analyser's."""
    version = source.gan_mattes.count() + 1
    file = io.BytesIO()
    Image.new("L", (96, 72), next(_number) % 256).save(file, "PNG")
    name, digest = media.store_draft(
        file.getvalue() + str(next(_number)).encode(), folder="mattes", extension=".png"
    )
    return Matte.objects.create(
        **{
            "source": source,
            "source_digest": photo,
            "origin": Matte.Origin.STAFF if by else Matte.Origin.ANALYSER,
            "version": version,
            "file_name": name,
            "digest": digest,
            "coverage": 0.3,
            "created_by": by,
            **fields,
        }
    )


def make_review(variant: VariantImage, reviewer, reason: str = "") -> Review:
    """A decision as it stands in the tables: an approval unless there is a reason."""
    decision = Review.Decision.REJECTED if reason else Review.Decision.APPROVED
    VariantImage.objects.filter(pk=variant.pk).update(status=decision)
    return Review.objects.create(
        variant=variant, decision=decision, reason=reason, reviewer=reviewer
    )


def _doubt(fields: dict) -> float:
    colourway = fields.get("colourway")
    return doubts.score(
        findings=fields.get("findings", ()),
        delta_e=fields["delta_e"],
        structure=fields["structure"],
        tolerance=colourway.tolerance if colourway else None,
    )


def _request_status(variant_status: str) -> str:
    if variant_status == VariantImage.Status.QUEUED:
        return GenerationRequest.Status.QUEUED
    return GenerationRequest.Status.DONE


def _draft(colour: str) -> dict:
    """Store a picture of `colour` in drafts; return the fields that describe it."""
    data = photo_bytes(colour)
    digest = hashlib.sha256(data).hexdigest()
    storage = storages[get_config().drafts_storage]
    name = f"variants/{digest[:2]}/{digest}.jpg"
    if not storage.exists(name):
        storage.save(name, ContentFile(data, name))
    return {"file_name": name, "digest": digest, "width": 96, "height": 72}
