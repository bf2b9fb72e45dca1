"""Moments of a panel: measured, with their covariance, and those that could not be measured said by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.estimation.target import Target
from calibration.moments.families import ECONOMIC
from calibration.moments.moment import Family, Moment, lacking
from calibration.moments.replicates import Replicates, covariance, replicate
from calibration.moments.services import RECEIPT, SERVICES
from calibration.moments.weighted import Numbers
from calibration.moments.wide import Sample, sample_of
from calibration.panel import Panel
from scenarios.problems import listing, nearest

FAMILIES: tuple[Family, ...] = (*ECONOMIC, *SERVICES, *RECEIPT)
MOMENTS: dict[str, Moment] = {moment.name: moment for family in FAMILIES for moment in family.moments}
"""All moments by name."""

LEAST = 30
"""A moment with fewer observations is not used: its error could not be known."""

FEW = 2
"""Sampling units less strata, for each moment: with fewer the covariance has no inverse, or one that is noise. Then errors take
households as drawn."""
UNITS = ("auto", "clusters", "households")
"""What errors take as drawn: the survey's sampling units, its households, or the latter where there are too few of the former."""

LOST = 0.02
"""Share of replicates in which a moment may be undefined before it is given up."""

SETS: dict[str, tuple[str, ...]] = {
    "income": (
        "log_income_first", "income_growth", "autocovariance_0_1", "autocovariance_1_2", "autocovariance_2_3",
        "autocovariance_3", "change_covariance_1", "shared_change",
    ),
    "poverty": (
        "poor_share", "poverty_gap", "entry", "exit_after_1", "exit_after_2", "return_after_1", "return_after_2",
        "transient_share_components", "always_poor",
    ),
    "mobility": tuple(f"fifth_{row}_to_{row}" for row in range(1, 6)),
    "health": (
        "admitted_share", "admitted_again", "admissions_per_admitted", "medical_any", "medical_log_mean", "medical_log_sd",
    ),
    "insurance": ("insured_share", "insured_kept", "insured_gained"),
    "work": ("works_share", "works_kept", "works_found", "migrant_kept", "months_worked"),
    "benefits": tuple(f"{family.name}_share" for family in RECEIPT),
    "flows": tuple(f"{family.name}_{part}" for family in RECEIPT for part in ("kept", "gained")),
}  # fmt: skip
"""Named sets; each is chosen so that none of its moments follows from the others."""

SETS["standard"] = tuple(
    name
    for part in ("income", "poverty", "mobility", "health", "insurance", "work")
    for name in SETS[part]
    if name != "fifth_3_to_3"
)


@dataclass(frozen=True)
class Measured:
    """Moments of a panel.

    Attributes:
        moments: those that could be measured, in the order asked for.
        values: of each.
        covariance: by the sampling design.
        counts: observations that each rests on.
        unavailable: why, for each that could not be measured.
        method: how the covariance was worked out.
        replicates: how many there were.
        units: what errors took as drawn: sampling units, or households.
        drawn: which of the two, ``clusters`` or ``households``.
        clusters: sampling units of the survey.
        collapsed: strata of one unit that were put together with a neighbour.
        operator: which income was counted, one of `calibration.panel.OPERATORS`; only the same one may be compared.
    """

    moments: tuple[Moment, ...]
    values: Numbers
    covariance: Numbers
    counts: tuple[int, ...]
    unavailable: dict[str, str]
    method: str
    replicates: int
    units: int
    collapsed: int
    operator: str
    drawn: str = "clusters"
    clusters: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the measured moments."""
        return tuple(moment.name for moment in self.moments)

    @property
    def errors(self) -> Numbers:
        """Standard errors."""
        return np.sqrt(np.diag(self.covariance))

    def target(self) -> Target:
        """Return what estimation is to match.

        Raises:
            EstimationError: when some moments follow from the others.
        """
        return Target(self.names, self.values, self.covariance)

    def table(self) -> list[dict[str, object]]:
        """Return one row for each moment."""
        return [
            {
                "moment": moment.name,
                "unit": moment.unit,
                "value": value,
                "error": error,
                "n": count,
                "definition": moment.definition,
            }
            for moment, value, error, count in zip(self.moments, self.values, self.errors, self.counts, strict=True)
        ]


def names_of(asked: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of moments: of sets, of families, or of moments themselves, each once.

    Args:
        asked: one or several names of sets, families or moments; ``all`` for all.

    Raises:
        ValueError: naming what is unknown.
    """
    given = [asked] if isinstance(asked, str) else list(asked)
    families = {family.name: tuple(moment.name for moment in family.moments) for family in FAMILIES}
    known = {"all": tuple(MOMENTS)} | families | SETS | {name: (name,) for name in MOMENTS}
    unknown = [name for name in given if name not in known]
    if unknown:
        hints = "; ".join(f"'{name}' {nearest(name, known)}".strip() for name in unknown)
        raise ValueError(f"unknown moments: {hints}. Sets: {listing(SETS)}; or names of moments")
    return tuple(dict.fromkeys(name for part in given for name in known[part]))


def values_of(sample: Sample, names: Iterable[str]) -> dict[str, tuple[float, int]]:
    """Return value and observations of each moment that the sample can give; the others are absent."""
    wanted = set(names)
    found: dict[str, tuple[float, int]] = {}
    for family in FAMILIES:
        if wanted & {moment.name for moment in family.moments} and not lacking(family, sample):
            found |= {name: pair for name, pair in family.measure(sample).items() if name in wanted}
    return found


def why_unavailable(sample: Sample, names: Iterable[str], found: dict[str, tuple[float, int]]) -> dict[str, str]:
    """Say why moments cannot be used."""
    lack = {moment.name: lacking(family, sample) for family in FAMILIES for moment in family.moments}
    told = {}
    for name in names:
        value, count = found.get(name, (np.nan, 0))
        if lack[name]:
            told[name] = lack[name]
        elif count < LEAST:
            told[name] = f"{count} observations; at least {LEAST}"
        elif not np.isfinite(value):
            told[name] = "not defined for these data"
    return told


def measure(
    panel: Panel,
    moments: str | Sequence[str] = "standard",
    lines: float | dict[int, float] | None = None,
    method: str = "bootstrap",
    count: int = 200,
    seed: int = 1,
    units: str = "auto",
) -> Measured:
    """Measure moments with their covariance by the sampling design.

    Args:
        panel: checked.
        moments: names of sets, families or moments.
        lines: poverty line, yuan a person and year: one, or by year of the wave. Without it moments of poverty are unavailable.
        method: ``bootstrap`` or ``jackknife``.
        count: bootstrap replicates; more than twice the number of moments.
        seed: of the bootstrap.
        units: one of `UNITS`. Households leave out what villages share; a simulated county has that in the noise of its runs.

    Raises:
        ValueError: on unknown moments or units, missing lines, or a single sampling unit.
    """
    if units not in UNITS:
        raise ValueError(f"units '{units}'; allowed: {', '.join(UNITS)}")
    names = names_of(moments)
    whole = sample_of(panel, lines)
    found = values_of(whole, names)
    told = why_unavailable(whole, names, found)
    kept = [name for name in names if name not in told]
    few = len(whole.strata) - len(np.unique(whole.strata)) < FEW * len(kept)
    apart = units == "households" or (units == "auto" and few)
    sample = whole.by_household() if apart else whole
    made = replicate(sample.strata, method, count, seed)
    rows = np.array([_row(sample.weighted(factors), kept) for factors in made.factors]).reshape(len(made.factors), len(kept))
    lost = np.isnan(rows).mean(axis=0)
    told |= {
        name: f"not defined in {share:.0%} of the replicates" for name, share in zip(kept, lost, strict=True) if share > LOST
    }
    point = np.array([found[name][0] for name in kept])
    still = _still(rows, point)
    told |= {name: "the same in every replicate: no error is known" for name, flat in zip(kept, still, strict=True) if flat}
    fine = [place for place, name in enumerate(kept) if name not in told]
    spread = _covariance(rows[:, fine], point[fine], made)
    used = [kept[place] for place in fine]
    return Measured(
        tuple(MOMENTS[name] for name in used),
        point[fine],
        spread,
        tuple(found[name][1] for name in used),
        {name: told[name] for name in names if name in told},
        method,
        len(rows),
        len(sample.strata),
        made.collapsed,
        panel.meta.operator,
        "households" if apart else "clusters",
        len(whole.strata),
    )


def _still(rows: Numbers, point: Numbers) -> np.ndarray:
    """Return which moments never move."""
    known = np.where(np.isnan(rows), point, rows)
    return (
        np.asarray(np.ptp(known, axis=0) <= 1e-12 * np.maximum(np.abs(point), 1e-300)) if len(rows) else np.zeros(0, dtype=bool)
    )


def _row(sample: Sample, names: Sequence[str]) -> Numbers:
    """Return the values of moments in order, NaN where not defined."""
    found = values_of(sample, names)
    return np.array([found[name][0] for name in names])


def _covariance(rows: Numbers, point: Numbers, made: Replicates) -> Numbers:
    """Return the covariance over the replicates in which all moments are defined."""
    whole = np.isfinite(rows).all(axis=1)
    scales = made.scales[whole] * (made.scales.sum() / made.scales[whole].sum() if whole.any() else 1.0)
    return covariance(rows[whole], point, made._replace(scales=scales))
