"""Settings for all tests: the first call of a compiled rule compiles it, so examples have no deadline."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("fangpin", deadline=None)
settings.load_profile("fangpin")
