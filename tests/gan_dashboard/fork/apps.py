"""How a shop declares its fork."""

from oscar.core.application import OscarConfig


class ForkConfig(OscarConfig):
    name = "tests.gan_dashboard.fork"
    label = "gan_dashboard"
