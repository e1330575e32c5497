"""Property tests take as long as the machine needs: a slow first example is no failure."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
