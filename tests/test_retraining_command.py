"""`manage.py retrain_generator` on real feedback; its runs are tested with the services."""

import io

import pytest
from django.core.management import CommandError, call_command

from oscar_gan.models import TrainingRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(stub_generator, sent):
    pass


def told(*arguments) -> str:
    out = io.StringIO()
    call_command("retrain_generator", *arguments, stdout=out)
    return out.getvalue()


def test_a_shop_where_nothing_was_decided():
    out = told("--dry-run")
    assert "0 new quality decisions: 0 approved, rejected: none." in out
    assert "Nothing can be learnt yet: 0 of 40 photos have a trusted outline" in out
    assert "The schedule would not start it: 0 of 100 new decisions" in out
    assert told().startswith("No training is due: 0 of 100 new decisions")
    with pytest.raises(CommandError, match="0 of 40 photos have a trusted outline"):
        told("--now")
    assert not TrainingRun.objects.exists()
