"""One bar over all batches of a calibration: what is expected, what was stored already, what turns out to take more."""

from types import SimpleNamespace

import pytest

from fangpin import calibration_course
from fangpin.calibration_course import Course

EXPECTED = {"look": 9, "search": 20, "pilot": 8, "design": 64, "check": 50}


class Seen:
    """Remembers what it is told to expect."""

    def __init__(self):
        self.total = self.runs = self.moved = 0
        self.text = ""

    def say(self, text):
        self.text = text

    def advance(self, amount):
        self.moved += amount

    def ran(self, failed=False):
        pass

    def expect(self, total, runs):
        self.total, self.runs = total, runs


@pytest.fixture
def course(monkeypatch):
    """A course whose runs are made by nobody; of each batch the last `missing` are not stored."""

    def run(plan, store, workers, progress):
        for _ in range(plan.missing):
            progress.advance(96)
            progress.ran()

    monkeypatch.setattr(calibration_course, "missing_tasks", lambda plan, store: [None] * plan.missing)
    monkeypatch.setattr(calibration_course, "run_plan", run)
    return Course(Seen(), EXPECTED, 96, None, None, "en")


def batch(asked, missing):
    """Return a plan of all that was asked for so far."""
    return SimpleNamespace(tasks=(None,) * asked, missing=missing)


def test_what_is_left_follows_what_was_done(course):
    course.begin("look", 9)
    assert course.progress.runs == sum(EXPECTED.values()) and course.progress.total == 96 * course.progress.runs
    course.make(batch(9, 9))
    course.begin("search", 20)
    course.make(batch(24, 15))
    assert course.done == 24 and course.progress.moved == 24 * 96
    course.make(batch(39, 15))
    assert course.progress.runs == 9 + 30 + 8 + 64 + 50, "a search that takes more than was thought makes the total grow"
    course.begin("pilot", 8)
    assert course.progress.runs == 39 + 8 + 64 + 50
    assert course.progress.text == "runs at the estimate"


def test_stored_runs_are_not_waited_for(course):
    course.begin("look", 9)
    course.make(batch(9, 0))
    course.begin("search", 20)
    course.make(batch(25, 4))
    assert course.done == 4
    assert course.progress.runs == 4 + 4 + 8 + 64 + 50, "of twenty, twelve were there and four were made"


def test_a_third_design_is_counted_when_it_comes(course):
    course.begin("pilot", 8)
    course.begin("design", 32)
    assert course.progress.runs == 8 * 0 + 64 + 50
    course.make(batch(32, 32))
    course.begin("design", 32)
    assert course.progress.text == "design of the posterior 2" and course.progress.runs == 32 + 32 + 50
    course.make(batch(64, 32))
    course.begin("design", 32)
    assert course.progress.runs == 64 + 32 + 50
