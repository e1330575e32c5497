"""System checks: each trap that we know is named at start, with what to do about it.

`oscar_gan.E…` stops `manage.py`, `oscar_gan.W…` warns. Django runs them on `manage.py check` and
before most commands; W006 asks the storage, so only `manage.py check --deploy` runs it.
"""

from . import extensions, generator, jobs, oscar, storage

__all__ = ["extensions", "generator", "jobs", "oscar", "storage"]
