"""Fill the demo shop: products, photos, prices, colourways, prints from demo/catalogue.json."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from oscar.core.loading import get_class, get_model

from oscar_gan.inference.printer import Design
from oscar_gan.models import Colourway, Print
from oscar_gan.services import prints

AttributeOption = get_model("catalogue", "AttributeOption")
AttributeOptionGroup = get_model("catalogue", "AttributeOptionGroup")
Country = get_model("address", "Country")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductAttribute = get_model("catalogue", "ProductAttribute")
ProductClass = get_model("catalogue", "ProductClass")
ProductImage = get_model("catalogue", "ProductImage")
StockRecord = get_model("partner", "StockRecord")
create_from_breadcrumbs = get_class("catalogue.categories", "create_from_breadcrumbs")

IN_STOCK = 20


class Command(BaseCommand):
    help = "Load the demo catalogue; what is there already stays as it is."

    def add_arguments(self, parser) -> None:
        folder = settings.BASE_DIR / "demo"
        parser.add_argument("--catalogue", type=Path, default=folder / "catalogue.json")
        parser.add_argument("--photos", type=Path, default=folder / "photos")

    def handle(self, *, catalogue: Path, photos: Path, **options) -> None:
        self.photos = photos
        plan = json.loads(catalogue.read_text(encoding="utf-8"))
        added = self._load(plan)
        if added:  # prices and categories come after a product's own, indexed save
            call_command("update_index", verbosity=0)
        self.stdout.write(f"Added {added} of {len(plan['products'])} products.")
        printed = sum(_print(each) for each in plan["prints"])
        self.stdout.write(f"Added {printed} of {len(plan['prints'])} prints.")

    @transaction.atomic
    def _load(self, plan: dict) -> int:
        """Add everything or nothing; returns the number of new products."""
        self.partner, _ = Partner.objects.get_or_create(name=plan["partner"])
        self.currency = plan["currency"]
        Country.objects.get_or_create(
            iso_3166_1_a2="GB",
            defaults={"printable_name": "United Kingdom", "is_shipping_country": True},
        )
        self.classes = {each["name"]: _product_class(each) for each in plan["product_classes"]}
        _colourways(plan["colours"])
        return sum(self._add(each) for each in plan["products"])

    def _add(self, entry: dict) -> bool:
        """Add one product with its photos and children; False when the shop has it already."""
        if Product.objects.filter(upc=entry["upc"]).exists():
            return False
        product = Product(
            structure=entry["structure"],
            upc=entry["upc"],
            slug=entry["slug"],
            title=entry["title"],
            description=entry["description"],
            product_class=self.classes[entry["product_class"]],
        )
        self._save(product, entry)
        product.categories.add(create_from_breadcrumbs(entry["category"]))
        for order, photo in enumerate(entry["photos"]):
            self._add_photo(product, photo["file"], order=order, caption=photo["alt"])
        for child in entry.get("children", ()):
            self._add_child(product, child)
        return True

    def _add_child(self, parent, entry: dict) -> None:
        child = Product(
            structure=Product.CHILD, parent=parent, upc=entry["upc"], title=entry["title"]
        )
        self._save(child, entry)
        if entry["photo"]:
            self._add_photo(child, entry["photo"], caption=entry["title"])

    def _save(self, product, entry: dict) -> None:
        """Save a product with its colour, size and price; a parent has none of the three."""
        if product.structure != Product.PARENT:
            for code in ("colour", "size"):
                if option := entry.get(code):
                    group = AttributeOptionGroup.objects.get(code=code)
                    setattr(product.attr, code, group.options.get(option=option))
        product.save()
        if product.structure != Product.PARENT:
            StockRecord.objects.create(
                product=product,
                partner=self.partner,
                partner_sku=entry["upc"],
                price=entry["price"],
                price_currency=self.currency,
                num_in_stock=IN_STOCK,
            )

    def _add_photo(self, product, name: str, *, order: int = 0, caption: str) -> None:
        path = self.photos / name
        if not path.is_file():
            raise CommandError(f"{path} is missing; nothing was loaded.")
        with path.open("rb") as file:
            ProductImage.objects.create(
                product=product,
                original=File(file, name=name),
                display_order=order,
                caption=caption,
            )


def _print(entry: dict) -> bool:
    """Print one tile; False when the shop has a print of that name already."""
    if Print.objects.filter(name=entry["name"]).exists():
        return False
    prints.print_tile(design=Design(**entry["design"]), inks=entry["inks"], name=entry["name"])
    return True


def _product_class(entry: dict):
    product_class, _ = ProductClass.objects.get_or_create(name=entry["name"])
    for code in entry["attributes"]:
        group, _ = AttributeOptionGroup.objects.get_or_create(
            code=code, defaults={"name": code.capitalize()}
        )
        for option in entry.get("options", {}).get(code, ()):
            AttributeOption.objects.get_or_create(group=group, option=option)
        ProductAttribute.objects.get_or_create(
            product_class=product_class,
            code=code,
            defaults={
                "name": code.capitalize(),
                "type": ProductAttribute.OPTION,
                "option_group": group,
            },
        )
    return product_class


def _colourways(colours: dict[str, str]) -> None:
    """Name the shop's colours, each tied to the option that products carry."""
    group = AttributeOptionGroup.objects.get(code="colour")
    for name, colour in colours.items():
        option, _ = AttributeOption.objects.get_or_create(group=group, option=name)
        Colourway.objects.get_or_create(
            name=name, partner=None, defaults={"colour": colour, "option": option}
        )
