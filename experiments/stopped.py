"""What keeps runs from going on: what is finished stays stored, and the same command continues."""

from __future__ import annotations

import errno

from scenarios.problems import Problem


class Stopped(Exception):
    """Runs cannot go on.

    Attributes:
        problem: what was found, what is allowed and what to do.
    """

    def __init__(self, key: str, given: str, allowed: str, hint: str) -> None:
        """Keep the parts as a problem with a key of the command line."""
        self.problem = Problem("command line", key, given, allowed, hint)
        super().__init__(str(self.problem))


REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG)
"""What a disk says when it takes no more."""


def no_room(error: OSError, where: str = "") -> Stopped:
    """Return what to say when a disk takes no more.

    Args:
        error: what the system said.
        where: the folder, where it is known; else the file that the system names.
    """
    place = where or str(error.filename or "the folder of results")
    hint = "make room or give the rights; the same command goes on where it stopped"
    return Stopped("out", f"{place}: {error.strerror or error}", "a folder that takes files, on a disk with room", hint)


class OtherVersion(ValueError):
    """A run whose counts are those of another version."""
