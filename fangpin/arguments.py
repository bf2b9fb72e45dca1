"""The words after ``fangpin run``: ``key=value`` in the grammar of Hydra's overrides, all mistakes told together."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.study import PERSON_LEVEL, POPULATIONS, SYNTHETIC, Study
from experiments.workers import Workers
from fangpin.size import DEFAULT_HOUSEHOLDS
from scenarios.problems import Problem

if TYPE_CHECKING:
    from scenarios import ScenarioSet

KEYS = (
    "place", "policy", "set", "arms", "stress", "levers", "parameters", "population", "households", "months", "reps", "seed",
    "workers", "threads", "cluster", "out", "lang",
)  # fmt: skip
STRESS_WORDS = {"off": "none", "all": "all at once", "apart": "none, then each alone"}
"""Words for stresses besides their names, and what they mean."""
NO_STRESS = "baseline"
"""Folder of the study without stress, beside those with."""
MAXIMUM_MONTHS = 120
MAXIMUM_SEED = 2**63 - 1
FILE_ENDINGS = (".yaml", ".yml")
FOUNDERS = ".parquet"
"""Ending of a file of founders (`scenarios.founders`)."""
CELL = ";"
"""Between the policy and the changes of a cell (`scenarios.cell`)."""


@dataclass(frozen=True)
class Asked:
    """What is asked for of a scenario set.

    Attributes:
        set_name: a shipped set, or the path of a file; empty where none is run.
        arms: names of arms, or of those that a list unfolds into several; empty for all.
        stress: names of stresses, or one of `STRESS_WORDS`; empty for what the set says.
        keys: the words given, so that they are refused without a set.
        scenario_set: the set, once read.
        cases: stresses that act together, one tuple for each study that is made.
        case: the folder of one of several such studies; empty where there is one.
    """

    set_name: str = ""
    arms: tuple[str, ...] = ()
    stress: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    scenario_set: ScenarioSet | None = None
    cases: tuple[tuple[str, ...], ...] = ()
    case: str = ""


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes:
        study: the comparison.
        workers: who makes the runs: how many at a time, with how many threads, here or on a cluster.
        out: the folder for results.
        lang: language of tables and charts, ``zh`` or ``en``.
        asked: the scenario set that is run, its arms and stresses as given; empty without a set.
    """

    study: Study = field(default_factory=lambda: Study(households=DEFAULT_HOUSEHOLDS))
    workers: Workers = field(default_factory=Workers)
    out: Path | None = None
    lang: str = "zh"
    asked: Asked = field(default_factory=Asked)

    @property
    def folder(self) -> Path:
        """The folder for results: ``out``, or ``runs/<place>``, or ``runs/<set>-<place>``, under the current folder."""
        parts = [_stem(name) for name in (self.asked.set_name, self.study.place) if name]
        return (self.out or Path("runs") / "-".join(parts)) / self.asked.case

    def by_case(self) -> list[Request]:
        """Return one request for each study to make: one for each group of stresses that act together."""
        cases = self.asked.cases
        if len(cases) < 2:
            return [self]
        return [
            replace(
                self,
                study=replace(self.study, stress=tuple(f"{self.asked.set_name}/{part}" for part in case)),
                asked=replace(self.asked, case="+".join(case) or NO_STRESS),
            )
            for case in cases
        ]


Change = Callable[[Request, Any], Request]
"""Takes one word's value into a request."""


def _stem(name: str) -> str:
    """Return a name of a place or set for a folder."""
    return Path(name).stem if name.endswith(FILE_ENDINGS) else name.replace("/", "-")


class Refused(Exception):
    """A value that cannot be taken: what is allowed, and what to do."""

    def __init__(self, allowed: str, hint: str = "") -> None:
        """Keep what is allowed and the hint."""
        super().__init__(allowed)
        self.allowed, self.hint = allowed, hint


def nearest(word: str, known: Sequence[str]) -> str:
    """Return a hint that names the known word most like this one, or nothing."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {found[0]}?" if found else ""


def parse_value(text: str) -> Any:
    """Return the value of a word: a number, a word, or a list where commas separate several.

    Hydra's grammar knows no characters beyond ASCII outside quotes; such values are quoted for it.

    Raises:
        Refused: if the value does not fit the grammar.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    if not text.isascii() and not text.startswith(("'", '"')):
        text = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    try:
        # a key of ours: dates after @ in a key are no words of Hydra's grammar
        override = OverridesParser.create().parse_override(f"value={text}")
    except HydraException as error:
        raise Refused("a value, or values separated by commas", "quote values with special characters: key='...'") from error
    if override.is_sweep_override():
        return [_scalar(value) for value in override.sweep_iterator()]
    return _scalar(override.value())


def parse_axis(text: str, matching: Callable[[Sequence[str], Sequence[str]], list[str]]) -> list[str]:
    """Return the values of an axis as text: ``a,b``, ``range(0,1,0.25)``, ``choice(a,b)``, ``glob(cut*)``, or one value.

    Args:
        text: the axis in Hydra's grammar.
        matching: returns the options that the patterns of a ``glob`` include and exclude.

    Raises:
        Refused: if the text does not fit the grammar.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import Glob
    from hydra.errors import HydraException

    if not text:
        return []
    if not text.isascii():
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        override = OverridesParser.create().parse_override(f"value={text}")
        value = override.value()
        if isinstance(value, Glob):
            return matching(value.include, value.exclude)
        items = list(override.sweep_iterator()) if override.is_sweep_override() else [value]
    except (HydraException, ValueError) as error:
        raise Refused(
            "values separated by commas, range(low,high,step), choice(...) or glob(...)", "quote special characters"
        ) from error
    return [_axis_text(item) for item in items]


def _axis_text(value: Any) -> str:
    """Return a value of an axis as it stands in the name of a cell.

    Raises:
        Refused: on a list or a mapping.
    """
    if isinstance(value, list | dict):
        raise Refused("plain values", "a path of several years is an option of a group: a .yaml file with name and set")
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else str(value).strip("'\"")


def _scalar(value: Any) -> Any:
    """Return a value as Hydra gives it, numbers in words turned back."""
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return value
    return value


def whole_number(value: Any, low: int, high: int | None, hint: str = "") -> int:
    """Return a whole number within limits.

    Raises:
        Refused: if it is none, or lies outside.
    """
    limits = f"a whole number from {low}" + (f" to {high}" if high is not None else " on")
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(limits, hint)
    if value < low or (high is not None and value > high):
        raise Refused(limits, hint)
    return value


def _is_path(name: str) -> bool:
    """Return whether a name is a file, or a county that a file lists (``mine.yaml/west``)."""
    return name.endswith(FILE_ENDINGS) or any(f"{ending}/" in name for ending in FILE_ENDINGS)


def _names(value: Any, known: Sequence[str]) -> tuple[str, ...]:
    """Return distinct known names.

    Raises:
        Refused: on an unknown or repeated name.
    """
    names = tuple(str(part) for part in (value if isinstance(value, list) else [value]))
    for name in names:
        if name not in known and not _is_path(name) and not _is_arm(name) and CELL not in name:
            raise Refused(", ".join(known) + ", or the path of a .yaml file", nearest(name, known))
    if len(set(names)) < len(names):
        raise Refused("each policy once", f"leave out the second {max(names, key=names.count)}")
    return names


def _is_arm(name: str) -> bool:
    """Return whether a name asks for an arm of a shipped set: ``premium_subsidy_exit/keep_full``."""
    from scenarios import sets

    return name.partition("/")[0] in sets() and "/" in name


def _texts(value: Any) -> tuple[str, ...]:
    """Return the texts of one value or a list."""
    return tuple(str(part) for part in (value if isinstance(value, list) else [value]))


def _files(value: Any) -> tuple[str, ...]:
    """Return paths of files of levers.

    Raises:
        Refused: on what is no path of a YAML file.
    """
    for path in _texts(value):
        if not path.endswith(FILE_ENDINGS):
            raise Refused("paths of .yaml files of levers, separated by commas", "levers=my-levers.yaml")
    return _texts(value)


def _parameters(value: Any) -> str:
    """Return where parameter draws come from.

    Raises:
        Refused: on a list, or what is neither ``priors`` nor ``posterior`` nor a file.
    """
    words, endings = ("priors", "posterior"), (*FILE_ENDINGS, ".parquet", ".csv")
    if isinstance(value, list) or not (value in words or str(value).endswith(endings)):
        allowed = "priors, posterior, a .yaml file of priors, or a .parquet or .csv table of draws"
        raise Refused(allowed, nearest(str(value), words) or "parameters=priors")
    return str(value)


def _population(request: Request, value: Any) -> Request:
    """Return the request with where the simulated persons come from: a word, or a file of founders that says so itself.

    Raises:
        Refused: on anything but `POPULATIONS` and files.
    """
    study = request.study
    if str(value).endswith(FOUNDERS):
        from scenarios.founders import describe
        from scenarios.problems import Report

        report = Report()
        about = describe(str(value), report)
        if report.problems:
            raise Refused(report.problems[0].allowed, report.problems[0].hint)
        kind = PERSON_LEVEL if about["person_level"] else SYNTHETIC
        return replace(request, study=replace(study, population=kind, founders=str(value)))
    if value not in POPULATIONS:
        raise Refused(f"{' or '.join(POPULATIONS)}, or a {FOUNDERS} file of founders", nearest(str(value), POPULATIONS))
    return replace(request, study=replace(study, population=str(value)))


def _one_set(value: Any) -> str:
    """Return the name of a set.

    Raises:
        Refused: on a list or an unknown name.
    """
    from scenarios import sets

    if isinstance(value, list):
        raise Refused("one set", "one set a command")
    if value not in sets() and not _is_path(str(value)):
        raise Refused(", ".join(sets()) + ", or the path of a .yaml file", nearest(str(value), sets()))
    return str(value)


def _ask(**changes: Callable[[Any], Any]) -> Change:
    """Return a change of one field of what is asked of a set."""
    ((name, read),) = changes.items()

    def change(request: Request, value: Any) -> Request:
        keys = (*request.asked.keys, name)
        return replace(request, asked=replace(request.asked, keys=keys, **{name: read(value)}))

    return change


def _one_name(value: Any, known: Sequence[str]) -> str:
    """Return one known name.

    Raises:
        Refused: on a list or an unknown name.
    """
    if isinstance(value, list):
        raise Refused("one of " + ", ".join(known), "one place a command")
    return _names(value, known)[0]


def place_names_of(text: str) -> tuple[str, ...]:
    """Return the places of an axis: ``nanyang,longyan``, or ``glob(*)`` for all shipped ones.

    Raises:
        Refused: if there are none, one twice, or one is not known.
    """
    from scenarios import places

    def matching(include: Sequence[str], exclude: Sequence[str]) -> list[str]:
        return [
            name
            for name in places()
            if any(fnmatch.fnmatchcase(name, one) for one in include)
            and not any(fnmatch.fnmatchcase(name, one) for one in exclude)
        ]

    names = parse_axis(text, matching)
    if not names:
        raise Refused("at least one place", "place=nanyang,longyan; `fangpin places` lists them")
    for name in names:
        if name not in (known := _known_places()) and not _is_path(name):
            raise Refused(", ".join(known) + ", or the path of a .yaml file", nearest(name, known))
    if len(set(names)) < len(names):
        raise Refused("each place once", f"leave out the second {max(names, key=names.count)}")
    return tuple(names)


def _language(value: Any) -> str:
    """Return ``zh`` or ``en``."""
    if value not in ("zh", "en"):
        raise Refused("zh or en")
    return str(value)


def _households(value: Any) -> int | None:
    """Return a number of households, or None for all."""
    return None if value == "all" else whole_number(value, 1, None, "or households=all")


def _study(**changes: Callable[[Any], Any]) -> Change:
    """Return a change of one field of the study."""
    ((name, read),) = changes.items()
    return lambda request, value: replace(request, study=replace(request.study, **{name: read(value)}))


def _workers(**changes: Callable[[Any], Any]) -> Change:
    """Return a change of one field of who makes the runs."""
    ((name, read),) = changes.items()
    return lambda request, value: replace(request, workers=replace(request.workers, **{name: read(value)}))


def _cluster(text: str) -> str:
    """Return ``local`` or the address of a scheduler.

    Raises:
        Refused: on anything else.
    """
    if text != "local" and not re.fullmatch(r"(tcp|tls)://[^\s/:]+:\d{1,5}", text):
        raise Refused(
            "local, or the address of a Dask scheduler, tcp://host:port or tls://host:port", "cluster=tcp://10.0.0.5:8786"
        )
    return text


def _known_places() -> list[str]:
    """Return the names of the places, and of the counties that they list."""
    from scenarios import counties, places

    listed = [county.name for place in places() for county in counties(place)]
    return list(dict.fromkeys((*places(), *listed)))


def _known_policies() -> list[str]:
    """Return the names of the policies."""
    from scenarios import policies

    return list(policies())


_CHANGES: dict[str, Change] = {
    "place": _study(place=lambda value: _one_name(value, _known_places())),
    "policy": _study(policies=lambda value: _names(value, _known_policies())),
    "households": _study(households=_households),
    "months": _study(
        months=lambda value: whole_number(value, 1, MAXIMUM_MONTHS, "the horizon begins in 2021-01 and may end in 2030-12")
    ),
    "reps": _study(replications=lambda value: whole_number(value, 1, None)),
    "seed": _study(seed=lambda value: whole_number(value, 0, MAXIMUM_SEED)),
    "parameters": _study(parameters=lambda value: _parameters(value)),
    "population": _population,
    "set": _ask(set_name=_one_set),
    "arms": _ask(arms=_texts),
    "stress": _ask(stress=_texts),
    "levers": _study(levers=_files),
    "threads": _workers(threads=lambda value: whole_number(value, 1, 1024)),
    "workers": _workers(jobs=lambda value: whole_number(value, 1, 1024)),
    "lang": lambda request, value: replace(request, lang=_language(value)),
}


def _read_word(request: Request, word: str, seen: set[str]) -> Request:
    """Return the request with one word taken in.

    Raises:
        Refused: if the word cannot be taken.
    """
    key, equals, text = word.partition("=")
    if not equals:
        raise Refused("key=value", f"write {key}=..." if key in KEYS else nearest(key, KEYS))
    if key in seen:
        raise Refused("each key once", f"leave out one of the two {key}=")
    seen.add(key)
    if key == "out":
        if not text:
            raise Refused("a folder", "out=results")
        return replace(request, out=Path(text))
    if key == "cluster":
        return replace(request, workers=replace(request.workers, cluster=_cluster(text)))
    if key == "policy" and CELL in text:
        # names of cells hold characters that Hydra's grammar keeps for itself, and no commas
        return _CHANGES[key](request, [part.strip(" '\"") for part in text.split(",")])
    if key in _CHANGES:
        return _CHANGES[key](request, parse_value(text))
    return _add_override(request, word)


def _add_override(request: Request, word: str) -> Request:
    """Return the request with a change of the scenario; whether it exists is the loader's to say.

    Raises:
        Refused: if the key has no dot, or the value is a list.
    """
    key, _, text = word.partition("=")
    if "." not in key:
        raise Refused(", ".join(KEYS) + ", or lever.field", nearest(key, KEYS))
    if isinstance(parse_value(text), list):
        raise Refused("one value", "run the command once for each value, each with its own out=")
    study = replace(request.study, overrides=(*request.study.overrides, word))
    return replace(request, study=study)


def _dates_after_the_end(study: Study) -> list[Problem]:
    """Return a problem for each change that is dated after the last simulated month: it would change nothing."""
    last = f"{study.last_month // 12}-{study.last_month % 12 + 1:02d}"
    problems = []
    for override in study.overrides:
        key, _, value = override.partition("=")
        month = key.partition("@")[2].strip()
        if re.fullmatch(r"\d{4}-\d{2}", month) and month > last:
            problems.append(Problem("command line", key, value, f"a month up to {last}, where this run ends", "raise months="))
    return problems


def read_words(words: Sequence[str], default: Request | None = None) -> tuple[Request, list[Problem]]:
    """Return what the words ask for, and every problem with them.

    Args:
        words: the words after ``fangpin run``.
        default: what holds where the words say nothing; that of ``fangpin run`` if none is given.
    """
    problems: list[Problem] = []
    request = default or Request()
    seen: set[str] = set()
    for word in words:
        try:
            request = _read_word(request, word, seen)
        except Refused as refused:
            key, equals, text = word.partition("=")
            problems.append(Problem("command line", key or word, text if equals else word, refused.allowed, refused.hint))
    request, more = _of_set(request, seen)
    if request.study.founders and "households" in seen:
        given, hint = str(request.study.households), "grow another population for another size"
        more = [*more, Problem("command line", "households", given, "left out: population= decides the size", hint)]
    return request, [*problems, *more, *_dates_after_the_end(request.study)]


def _of_set(request: Request, seen: set[str]) -> tuple[Request, list[Problem]]:
    """Return the request with the arms and stresses of its set as policies and stress, and what is wrong with them."""
    from scenarios import ScenarioError, open_set

    asked = request.asked
    if not asked.set_name:
        hint = "set=premium_subsidy_exit; `fangpin sets` lists them"
        return request, [Problem("command line", key, "without set=", "with a scenario set", hint) for key in asked.keys]
    try:
        found = open_set(asked.set_name)
    except ScenarioError:
        return request, _all_of_set(request)
    known = tuple(part.id for part in found.stress)
    cases = _cases(asked.stress, known, found.together)
    arms = [arm for arm in found.arms if not asked.arms or arm.id in asked.arms or arm.arm in asked.arms]
    problems = _unknown("arms", asked.arms, {name for arm in found.arms for name in (arm.id, arm.arm)})
    problems += _unknown("stress", [name for case in cases for name in case], set(known))
    problems += _unknown_quantities(found)
    policies = tuple(found.policy(arm) for arm in arms) + (request.study.policies if "policy" in seen else ())
    months = request.study.months if "months" in seen else found.months
    stresses = tuple(f"{asked.set_name}/{part}" for part in cases[0])
    study = replace(request.study, policies=policies, months=months, stress=stresses)
    return replace(request, study=study, asked=replace(asked, scenario_set=found, cases=cases)), problems


def _all_of_set(request: Request) -> list[Problem]:
    """Return what is wrong with a set itself together with what its arms turn wrongly in the place."""
    from scenarios import ScenarioError, counties
    from scenarios.load import set_problems
    from scenarios.problems import Report
    from scenarios.scenarioset import read_set

    try:
        place = counties(request.study.place)[0].name
    except ScenarioError:
        place = request.study.place
    problems = list(set_problems(place, request.asked.set_name, request.study.levers))
    try:
        return problems + _unknown_quantities(read_set(request.asked.set_name, Report()))
    except ScenarioError:
        return problems


def _unknown_quantities(found: ScenarioSet) -> list[Problem]:
    """Return a problem for each quantity that the tables do not have: they are known here, and not to the file's reader."""
    asked = [name for output in found.outputs if output.measure == "quantity" for name in output.of]
    if not asked:
        return []
    from experiments.quantities import QUANTITIES

    known = sorted(one.id for one in QUANTITIES)
    return [
        Problem(found.file, "outputs.quantity", name, ", ".join(known), nearest(name, known))
        for name in asked
        if name not in known
    ]


def _cases(given: tuple[str, ...], known: tuple[str, ...], default: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Return which stresses act together in each study that is to be made."""
    if given == ("apart",):
        return ((), *((name,) for name in known))
    chosen = {(): default, ("off",): ((),), ("all",): (known,)}
    return chosen.get(given, (given,))


def _unknown(key: str, names: Sequence[str], known: set[str]) -> list[Problem]:
    """Return a problem for each name that a set does not have."""
    words = [f"{word} ({meaning})" for word, meaning in STRESS_WORDS.items()] if key == "stress" else []
    allowed = ", ".join([*sorted(known), *words])
    return [Problem("command line", key, name, allowed, nearest(name, sorted(known))) for name in names if name not in known]
