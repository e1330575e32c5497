"""The season's shop: the demo shop, in a hurry."""

from shop.settings import *  # noqa: F403
from shop.settings import CELERY_BEAT_SCHEDULE

OSCAR_SHOP_NAME = "A season"
OSCAR_GAN = {
    "RETRAIN_MIN_DECISIONS": 40,
    "RETRAIN_MIN_PHOTOS": 30,
    "SWEEP_AFTER_HOURS": 1000,
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BEAT_SCHEDULE = {
    **CELERY_BEAT_SCHEDULE,
    "oscar-gan-retrain": {**CELERY_BEAT_SCHEDULE["oscar-gan-retrain"], "schedule": 5.0},
}
