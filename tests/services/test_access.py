"""Who may act on which product."""

import pytest

from oscar_gan.errors import PermissionRefused
from oscar_gan.models import Colourway, Palette
from oscar_gan.services import access
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("action", access.PERMISSIONS)
def test_the_permission_of_an_action_is_enough_for_it(product, action):
    codename = access.PERMISSIONS[action].removeprefix("oscar_gan.")
    user = factories.make_user(codename)

    access.require(user, action, product)
    others = set(access.PERMISSIONS) - {action, "view"}
    assert not any(access.may(user, other) for other in others)


@pytest.mark.parametrize("action", access.PERMISSIONS)
def test_staff_without_permissions_may_do_nothing(bystander, product, action):
    assert not access.may(bystander, action)
    assert not access.products_for(bystander, action).exists()
    with pytest.raises(PermissionRefused, match=f"permission {access.PERMISSIONS[action]}"):
        access.require(bystander, action, product)


def test_whoever_may_act_may_also_look(product):
    reviewer = factories.make_user("review_variants")
    assert access.products_for(reviewer, "view").get() == product


def test_permission_without_staff_status_is_not_enough():
    customer = factories.make_user("generate_variants", staff=False)
    assert not access.may(customer, "generate")


def test_an_inactive_superuser_may_do_nothing(superuser):
    assert access.may(superuser, "train")
    superuser.is_active = False
    assert not access.may(superuser, "train")


@pytest.mark.parametrize("action", ["view", "generate", "review", "publish"])
def test_partner_staff_act_on_their_own_products_only(partner_user, product, parent, action):
    foreign = factories.make_product(partner=factories.make_partner())
    orphan = factories.make_product()

    allowed = access.products_for(partner_user, action)

    assert set(allowed) == {product, parent, *parent.children.all()}
    for refused in (foreign, orphan):
        with pytest.raises(PermissionRefused, match="another partner"):
            access.require(partner_user, action, refused)


def test_partner_staff_train_no_generators(partner_user):
    assert not access.may(partner_user, "train")


def test_partner_staff_manage_their_own_colours_and_use_the_shops(partner_user, partner):
    shops = factories.make_colourways()[0]
    own = Colourway.objects.create(name="Kelp", colour="#203020", partner=partner)
    other = factories.make_partner()
    Colourway.objects.create(name="Rust", colour="#B5532A", partner=other)
    palette = Palette.objects.create(name="Spring", partner=partner)
    Palette.objects.create(name="Theirs", partner=other)

    assert set(access.colourways_for(partner_user, "manage_colourways")) == {own}
    assert shops in access.colourways_for(partner_user)
    assert set(access.palettes_for(partner_user)) == {palette}
    assert list(access.partners_for(partner_user)) == [partner]
    assert access.may_manage_for(partner_user, partner)
    assert not access.may_manage_for(partner_user, other)
    assert not access.may_manage_for(partner_user, None)
