"""The command ``fangpin grow``: a population with a history from a survey, reweighted to a place's known totals."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, SOME_FAILED, refuse
from fangpin.making import make_runs, prepare
from fangpin.panelwords import not_a_county, read_panel_words
from fangpin.request import Request
from fangpin.sampled import sample_of, sample_problems
from fangpin.screen import Screen
from scenarios.problems import Problem, ScenarioError, listing

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from calibration.grow import Seeds
    from calibration.panel import Panel
    from calibration.reader import Reading
    from calibration.reweight import Reweighted
    from scenarios import Scenario

HOUSEHOLDS = 6_000
"""Rural households that the grown county stands for by default."""
OWN = {"data": "", "codebook": "", "encoding": "", "wave": "", "marginals": "", "sample": "", "lives": "8"}
SAMPLES = ("poorer", "all")
"""A county is grown from households as it simulates them; those of the registered alone are none."""
POOL, GROWN = "pool", "grown"
"""Folders of the runs of all lives, and of the chosen ones."""
LIVES, FILE = "lives.parquet", "population.parquet"
"""Files of founders: all lives, and the chosen ones."""
HELP = """fangpin grow data=PANEL codebook=NAME [key=value ...] - households with a history from a wave of a survey

  data=                     a file (.dta .sav .csv .xlsx .parquet), or the folder with the files of all waves
  codebook=                 cfps, charls, monitoring, or a .yaml file of your own (`fangpin survey --help`)
  encoding=                 of text in old files; found out without it
  wave=                     year of the wave, from 2014 to 2020; the last of these without the word
  marginals=                a .yaml file of known totals (docs/surveys.md); without it the rural and the registered households of
                            the place
  sample=                   poorer: of a survey of all, the registered and the poorer by all its waves; all: it holds such only.
                            Without the word, all for unchanged files of `fangpin survey made`, else poorer
  lives=8                   lives of each household that are lived from 2013 on; the one most like the wave is kept, 1 to 64
  place=nanyang             the place, one county
  policy=documented         what was in force
  households={households}           rural households that the county stands for
  seed= workers= threads= cluster= levers= out= lang=    as for `fangpin run`

Writes population.parquet, which `fangpin run`, `sweep`, `forecast` and the others take by population=, and growth.json and
tables/growth-*.csv with the fit of every marginal and trait. The file holds households made from rows of the survey: keep it as
safe as the survey itself. Tables of runs with it leave through `fangpin release`. A command that was interrupted continues.

Exit code: 0 done, 1 runs failed, 2 the command could not be understood, 130 interrupted.

example:
  fangpin grow data=panels codebook=cfps place=nanyang wave=2020 lang=en
"""


@dataclass(frozen=True)
class Asked:
    """What is asked for: place, size and workers, the words of `OWN`, and the number of lives."""

    request: Request
    options: dict[str, str]
    lives: int

    @property
    def folder(self) -> Path:
        """Where results go."""
        return self.request.out or Path("runs") / f"grow-{self.request.folder.name}"


def grow(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from experiments.stopped import Stopped
    from experiments.store import StoreError

    if not words or any(word in HELP_WORDS for word in words):
        print(HELP.format(households=HOUSEHOLDS), end="")
        return DONE if words else NOT_UNDERSTOOD
    asked, problems = read_grow(words)
    try:
        _carry_out(asked, problems)
        return DONE
    except ScenarioError as error:
        return refuse(error.problems, "grow")
    except StoreError as error:
        return refuse([error.problem], "grow")
    except (RunsFailed, Stopped) as error:
        print(f"fangpin grow: {error}", file=sys.stderr)
        return SOME_FAILED


class RunsFailed(RuntimeError):
    """Counties that could not be lived."""


def read_grow(words: Sequence[str]) -> tuple[Asked, list[Problem]]:
    """Return what the words ask for, and every problem with them."""
    request, options, problems = read_panel_words(words, OWN, HOUSEHOLDS)
    lives = int(options["lives"]) if options["lives"].isdigit() else 0
    if not 1 <= lives <= 64:
        problems.append(Problem("command line", "lives", options["lives"], "a whole number from 1 to 64"))
    return Asked(request, options, max(lives, 1)), problems + sample_problems(options["sample"], SAMPLES)


def _carry_out(asked: Asked, problems: list[Problem]) -> None:
    """Read, reweight, live, choose, live again, write and tell."""
    from calibration.grow import candidates, choose, fit
    from fangpin.growth_telling import tell_begin, tell_end

    scenario, reading = _opened(asked, problems)
    wave = _wave(asked, reading.panel)
    sample = sample_of(asked.options, SAMPLES)
    done, seeds = _seeds(asked, scenario, reading.panel, wave, sample)
    screen = Screen(asked.request.lang)
    tell_begin(screen, done, seeds, wave, asked.lives, sample)
    about = _about(asked, reading, wave, seeds) | {"sample": sample}
    operator = reading.panel.meta.operator
    numbers = candidates(seeds, asked.lives)
    pool = asked.folder / LIVES
    lived = _lived(asked, seeds, numbers, pool, about, wave, operator)
    chosen, gone = choose(seeds, numbers, lived)
    kept = asked.folder / FILE
    again = _lived(asked, seeds, chosen[:, None], kept, about, wave, operator)
    key = _key(seeds, chosen)
    table = fit(seeds, {"all_lives": lived, "chosen": lived.reindex(key), "lived_again": again.reindex(key)})
    _write(asked, done, seeds, table, about | {"lives": asked.lives, "none_lasted": gone})
    tell_end(screen, asked.request.study.place, table, gone, kept)


def _opened(asked: Asked, problems: list[Problem]) -> tuple[Scenario, Reading]:
    """Return the whole place and the survey.

    Raises:
        ScenarioError: with everything that is wrong with the words, the place and the files.
    """
    from calibration.reader import read_files
    from fangpin.size import sized_scenario
    from scenarios import scaled

    options, study = asked.options, asked.request.study
    problems += not_a_county(study.place)

    def attempt(do: Any, *given: Any) -> Any:
        try:
            return do(*given)
        except ScenarioError as error:
            problems.extend(error.problems)
            return None

    def place() -> Scenario:
        whole = sized_scenario(study.place, study.policies[0], study.overrides, None, levers=study.levers)
        scaled(whole, study.households or whole.county.households)  # refuses what is no size of it
        return whole

    scenario = attempt(place)
    reading = None
    if options["data"] and options["codebook"]:
        reading = attempt(read_files, options["data"], options["codebook"], options["encoding"])
    if problems:
        raise ScenarioError({str(problem): problem for problem in problems}.values())
    assert scenario is not None and reading is not None
    return scenario, reading


def _wave(asked: Asked, panel: Panel) -> int:
    """Return the wave asked for.

    Raises:
        ScenarioError: if there is none that the past of the model reaches, or it lacks what growing needs.
    """
    from scenarios.problems import Report

    report = Report()
    allowed = [wave for wave in panel.waves if 2014 <= wave <= 2020]
    text = asked.options["wave"] or (str(allowed[-1]) if allowed else "none")
    if not allowed or text not in map(str, allowed):
        given = text if asked.options["wave"] else f"waves {listing(map(str, panel.waves))}"
        report.add(
            "command line", "wave", given, f"one of {listing(map(str, allowed))}" if allowed else "a wave from 2014 to 2020"
        )
    for table, name in (("households", "income_total"), ("households", "size"), ("persons", "age")):
        if not panel.has(name, table):
            report.add(asked.options["data"], f"{table}.{name}", "not in the panel", "a panel that has it", "see the codebook")
    report.stop()
    return int(text)


def _seeds(asked: Asked, scenario: Scenario, panel: Panel, wave: int, sample: str) -> tuple[Reweighted, Seeds]:
    """Return the reweighted wave and the wanted households."""
    from calibration.grow import poorer, seed_households
    from calibration.marginals import place_marginals, read_marginals, with_counts
    from calibration.reweight import reweight
    from calibration.sample import ordered_by, standing

    counted, simulated = with_counts(panel, wave), sample == "all"
    path = asked.options["marginals"]
    marginals = read_marginals(path, scenario, counted, simulated) if path else place_marginals(scenario, counted, simulated)
    done = reweight(counted, wave, marginals)
    households = asked.request.study.households or scenario.county.households
    share = scenario.rules.values["simulated_share"].values[0]
    # all waves tell who is poor for long
    taken = done if simulated else poorer(done, share, standing(panel, ordered_by(panel)))
    return done, seed_households(taken, counted, scenario, households, asked.request.study.seed)


def _about(asked: Asked, reading: Reading, wave: int, seeds: Seeds) -> dict[str, Any]:
    """Return what a file of founders says of itself: where it came from, and no row."""
    from calibration.codebook import codebook_path
    from calibration.files import digest_of

    meta = reading.panel.meta
    return {
        "source": f"{meta.source}, wave {wave}",
        "person_level": not meta.made,
        "place": asked.request.study.place,
        "rural_households": seeds.rural_households,
        "villages": seeds.villages,
        "townships": seeds.townships,
        "wave": wave,
        "survey_sha256": digest_of(asked.options["data"]),
        "codebook": reading.book.id,
        "codebook_sha256": digest_of(codebook_path(asked.options["codebook"])),
        "operator": meta.operator,
        "seed": asked.request.study.seed,
    }


def _lived(
    asked: Asked, seeds: Seeds, numbers: np.ndarray, path: Path, about: dict[str, Any], wave: int, operator: str
) -> pd.DataFrame:
    """Return the traits of all lives in the wave: written as founders, lived by the runner, read from its store.

    Raises:
        RunsFailed: when the county cannot be lived.
    """
    from calibration.grow import asked_again, founders_table
    from experiments.latent import months_after, read_latent
    from experiments.store import Store
    from scenarios.founders import write_population

    write_population(path, founders_table(seeds, numbers), about)
    folder = asked.folder / (POOL if path.name == LIVES else GROWN)
    study = replace(asked.request.study, founders=str(path), households=None, records=(wave,), months=months_after((wave,)))
    request = replace(asked.request, study=study, out=folder)
    plan, problems = prepare(request)
    if plan is None:
        raise ScenarioError(problems)
    store = Store(folder)
    store.open(study)
    with store.locked():
        store.sweep()
        tally = make_runs(request, plan, store)
    if tally.failed:
        raise RunsFailed(f"the county could not be lived; see {store.error_file(tally.failed[0])}")
    return asked_again(read_latent(store.folder(plan.tasks[0])), wave, operator)


def _key(seeds: Seeds, chosen: np.ndarray) -> Any:
    """Return village and number of the chosen lives."""
    import pandas as pd

    return pd.MultiIndex.from_arrays([seeds.homes["village"], chosen], names=["village", "number"])


def _write(asked: Asked, done: Reweighted, seeds: Seeds, table: pd.DataFrame, about: dict[str, Any]) -> None:
    """Write the fit: totals, means and counts, no row of anybody."""
    from experiments.store import write_whole

    marginals = [
        {"name": one.name, "target": one.target, "before": one.before, "after": one.after, "miss": one.miss} for one in done.fits
    ]
    told = about | {
        "method": done.method,
        "ratios": list(done.ratios),
        "effective_sample": list(done.effective),
        "marginals": marginals,
        "left_out": {"no answer to a marginal": done.left_out, **seeds.left_out},
    }
    write_whole(asked.folder / "growth.json", json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    for name, frame in (("marginals", _frame(marginals)), ("traits", table)):
        write_whole(asked.folder / "tables" / f"growth-{name}.csv", frame.to_csv(index=False), "utf-8-sig")


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a table."""
    import pandas as pd

    return pd.DataFrame(rows)
