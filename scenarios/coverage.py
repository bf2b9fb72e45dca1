"""Coverage of a plan: clause by clause the levers and targets that represent it, or why it is not simulated."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Any

from scenarios.inventory import is_missing
from scenarios.place import plan_of, read_chain
from scenarios.planbook import Clause, PlanBook, plan_book
from scenarios.problems import Report, listing


def coverage(place: str | PathLike[str] = "") -> dict[str, Any]:
    """Return what stands behind each clause of the plan of a place, or of all five plans.

    Args:
        place: a place or its file; empty for all plans.

    Returns:
        ``plans``: by plan ``title``, ``citation``, ``status`` and ``clauses``, a list of ``number``, ``title``, ``levers``,
        ``targets`` and ``not_simulated`` (codes); ``reasons``: the words of the codes; ``missing``: levers of these plans of
        which the shipped files have neither an entry nor a knob; ``unmeasured``: targets that no measure computes yet.

    Raises:
        ScenarioError: if the place is not known or has no plan.
    """
    book = plan_book()
    plans = (_plan(fspath(place)),) if place else tuple(book.plans)
    return {
        "plans": {plan: _covered(plan, book) for plan in plans},
        "reasons": {code: dict(words) for code, words in book.reasons.items()},
        "missing": [key for key, lever in book.levers.items() if set(plans) & set(lever.plans) and is_missing(key)],
        "unmeasured": [key for key, one in book.targets.items() if set(plans) & set(one.plans) and not one.measure],
    }


def _plan(place: str) -> str:
    """Return the plan of a place.

    Raises:
        ScenarioError: if it is not known or has none.
    """
    report = Report()
    plan = plan_of(read_chain(place, report))
    if not plan:
        report.add("coverage", "place", f"'{place}' has no plan", listing(plan_book().plans), "or a place below one of them")
    report.stop()
    return plan


def _covered(plan: str, book: PlanBook) -> dict[str, Any]:
    """Return a plan as plain data."""
    told = book.plans[plan]
    clauses = [_clause(plan, clause, book) for clause in told.clauses.values()]
    return {"title": told.title, "citation": dict(told.citation), "status": told.status, "clauses": clauses}


def _clause(plan: str, clause: Clause, book: PlanBook) -> dict[str, Any]:
    """Return what stands behind one clause."""
    number = clause.number
    levers = [key for key, lever in book.levers.items() if plan in lever.plans and number in lever.plans[plan].clauses]
    targets = [key for key, target in book.targets.items() if number in target.plans.get(plan, ())]
    told = {"number": number, "title": clause.title, "levers": levers, "targets": targets}
    return told | {"not_simulated": list(clause.not_simulated)}
