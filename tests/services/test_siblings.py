"""One outline for several photos of a product."""

import io

import numpy as np
import pytest
from PIL import Image, ImageChops

from oscar_gan.errors import InvalidRequest, PermissionRefused
from oscar_gan.imaging.clicks import Click
from oscar_gan.imaging.layers import Layers
from oscar_gan.imaging.photo import read_photo
from oscar_gan.models import Matte
from oscar_gan.services import mattes, media, siblings
from oscar_gan.services.canvases import read
from oscar_gan.services.outlines import correct
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def matte(source, matte_data):
    return mattes.add_staff_matte(source=source, data=matte_data)


@pytest.fixture
def large(product, source):
    """A photo of the product, and another of the same framing in navy."""
    one, other = (
        factories.add_photo(product, factories.photo_bytes(colour, size=(480, 360)))
        for colour in ("#AF2430", "#24345C")
    )
    return one, other


def outline_of(image) -> Matte:
    photo = read_photo(media.read_original(image))
    matte = np.where(photo.pixels.min(axis=2) < 200, 255, 0).astype(np.uint8)
    return mattes.add_layers(source=image, photo=photo, layers=Layers.of_matte(matte))


def test_beside_are_the_products_other_photos_by_people(source, product, staff):
    second = factories.add_photo(product)
    factories.make_product(title="Another").images.get()
    assert list(siblings.photos_beside(source, staff)) == [second]


def test_sisters_and_the_parent_count(parent, staff):
    own = parent.images.get()
    photos = [image for child in parent.children.all() for image in child.images.all()]
    assert len(photos) == 2
    assert set(siblings.photos_beside(photos[0], staff)) == {photos[1], own}
    assert set(siblings.photos_beside(own, staff)) == set(photos)


def test_other_partners_photos_are_not_shown(parent, partner_user):
    one, other = (image for child in parent.children.all() for image in child.images.all())
    assert other in set(siblings.photos_beside(one, partner_user))
    other.product.stockrecords.update(partner=factories.make_partner())
    assert other not in set(siblings.photos_beside(one, partner_user))


def test_it_says_what_fits_and_what_does_not(large, source, staff):
    one, other = large
    found = {each.image: each for each in siblings.look_at(matte=outline_of(one), user=staff)}
    assert (found[source].fits, found[source].size) == (False, (96, 72))
    assert found[other].fits
    assert not found[other].is_doubtful


def test_another_framing_is_doubtful(large, product, staff):
    one, _ = large
    moved = Image.open(io.BytesIO(factories.photo_bytes("#24345C", size=(480, 360))))
    file = io.BytesIO()
    ImageChops.offset(moved, 60, 0).save(file, "JPEG")
    third = factories.add_photo(product, file.getvalue())
    found = {each.image: each for each in siblings.look_at(matte=outline_of(one), user=staff)}
    assert found[third].fits
    assert found[third].is_doubtful


def test_a_photo_that_cannot_be_read_says_why(matte, product, staff):
    broken = factories.add_photo(product, b"no picture")
    (found,) = siblings.look_at(matte=matte, user=staff)
    assert (found.image, found.size, found.fits) == (broken, None, False)
    assert found.problem


def test_using_it_gives_each_photo_a_version_of_its_own(large, staff):
    one, other = large
    matte = outline_of(one)
    (made,) = siblings.use_on(matte=matte, images=[other], created_by=staff)
    assert mattes.staff_matte(other) == made
    assert (made.digest, made.created_by, made.version) == (matte.digest, staff, 1)
    assert made.source_digest != matte.source_digest
    photo, layers = read(made)
    assert layers.shape == (photo.height, photo.width)


def test_what_is_protected_goes_along(large):
    one, other = large
    matte = outline_of(one)
    matte = correct(base=matte, clicks=[Click("keep", 0.5, 0.5)])
    (made,) = siblings.use_on(matte=matte, images=[other])
    assert read(made)[1].protect.any()
    assert made.layers_name == matte.layers_name


def test_another_size_is_refused_for_all(matte, large, product):
    same = factories.add_photo(product)
    with pytest.raises(InvalidRequest, match="480 × 360 pixels and the outline 96 × 72"):
        siblings.use_on(matte=matte, images=[same, large[0]])
    assert Matte.objects.count() == 1


def test_it_needs_the_permission(matte, product, bystander):
    with pytest.raises(PermissionRefused):
        siblings.use_on(matte=matte, images=[factories.add_photo(product)], created_by=bystander)
