from django.db import models
from oscar.apps.catalogue.abstract_models import AbstractProduct


class Product(AbstractProduct):
    season = models.CharField(max_length=20, blank=True)


from oscar.apps.catalogue.models import *  # noqa: E402, F403
