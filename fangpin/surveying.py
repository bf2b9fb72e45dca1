"""The command ``fangpin survey``: read a survey by its codebook and tell what is in it, or make one from a simulated county."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.labels import Label
from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.screen import Screen
from fangpin.words import Words, read_words

if TYPE_CHECKING:
    from calibration.panel import Panel
    from calibration.reader import Reading

HELP = """fangpin survey FILE codebook=NAME [key=value ...] - read a survey, check it, tell what is in it; no value is shown
fangpin survey made OUT shape=NAME [key=value ...] - write a made survey of a simulated county: it holds nobody's data

  FILE                      a file (.dta .sav .csv .xlsx .parquet), or the folder with the files of all waves
  codebook=                 cfps, charls, monitoring, or a .yaml file of your own
  encoding=                 of text in old files, such as gb18030; found out without it
  place=                    a place that is one county: says which households `fangpin calibrate` would compare with its own
  sample=                   the same for poorer, registered or all (`fangpin calibrate --help`)
  lang=zh                   zh or en

  OUT                       an existing or new folder
  shape=cfps                cfps, charls, monitoring, or a .yaml file of your own
  place=nanyang             the place, one county
  policy=documented         the policy
  households=2000           rural households of the simulated county
  waves=2016,2018,2020      years of the waves, from 2014 to 2030
  seed=1                    luck of county and survey
  format=csv                csv, dta, sav, xlsx or parquet
  error=yes                 yes: reporting error, attrition, unanswered questions; no: everybody asked, nothing misreported

A file with names, identity card, telephone or bank numbers or addresses of persons is refused: drop the columns first.
Exit code: 0 read, 2 refused; all problems are listed together, in counts and columns.

examples:
  fangpin survey made panels shape=cfps waves=2016,2018,2020
  fangpin survey panels codebook=cfps lang=en
"""
_READ = {"codebook": "", "encoding": "", "place": "", "sample": "", "lang": "zh"}
_MAKE = {
    "shape": "cfps", "place": "nanyang", "policy": "documented", "households": "2000", "waves": "2016,2018,2020",
    "seed": "1", "format": "csv", "encoding": "utf-8-sig", "error": "yes", "lang": "zh",
}  # fmt: skip
OPERATOR_LABELS = {
    "registry": Label("登记口径（户籍人口，外出者收入全计）", "registry (registered members, absent earners in full)"),
    "survey": Label("住户调查口径（常住人口，外出者只计寄回）", "survey (residents, and what the absent send)"),
    "latent": Label("真实口径（只在模拟中可知）", "latent (known of a simulation alone)"),
}


def survey(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    if not words or any(word in HELP_WORDS for word in words):
        print(HELP, end="")
        return DONE if words else NOT_UNDERSTOOD
    from scenarios.problems import ScenarioError

    making = words[0] == "made"
    found = read_words(words[1:] if making else words, _MAKE if making else _READ, "OUT" if making else "FILE")
    _needs(found, making)
    try:
        if found.problems:
            raise ScenarioError(found.problems)
        (_make if making else _tell)(found)
    except ScenarioError as error:
        return refuse(error.problems, "survey", "")
    return DONE


def _needs(found: Words, making: bool) -> None:
    """Note what the command cannot do without."""
    from scenarios.problems import Problem

    if not found.plain:
        what = "a folder to write to" if making else "a file or a folder"
        found.problems.append(Problem("command line", "OUT" if making else "FILE", "missing", what))
    if not making and not found.options["codebook"]:
        from calibration.codebook import codebooks

        allowed = ", ".join(codebooks()) + ", or the path of a .yaml file"
        found.problems.append(Problem("command line", "codebook", "missing", allowed, "codebook=cfps"))


def _tell(found: Words) -> None:
    """Read a survey and print what is in it."""
    from calibration.reader import read_files

    options = found.options
    share = _simulated_share(options)
    reading = read_files(found.plain, options["codebook"], options["encoding"])
    screen = Screen(options["lang"])
    _print_files(screen, reading)
    _print_panel(screen, reading)
    if share is not None:
        _print_sample(screen, options | {"data": found.plain}, reading.panel, share)
    _print_columns(screen, reading.panel)
    _print_lacking(screen, reading)


def _simulated_share(options: dict[str, str]) -> float | None:
    """Return the share of households that the place simulates; None where neither a place nor a sample was named.

    Raises:
        ScenarioError: on a sample or a county that there is not.
    """
    from calibration.sample import SAMPLES
    from fangpin.panelwords import not_a_county
    from fangpin.sampled import sample_problems
    from scenarios import load
    from scenarios.problems import ScenarioError

    if not options["place"] and not options["sample"]:
        return None
    place = options["place"] or "nanyang"
    problems = sample_problems(options["sample"], SAMPLES) + not_a_county(place)
    if problems:
        raise ScenarioError(problems)
    return float(load(place).rules.values["simulated_share"].values[0])


def _print_files(screen: Screen, reading: Reading) -> None:
    """Print what each file gave."""
    name = reading.book.names.get(screen.lang, reading.book.id)
    screen.heading(Label(f"读入的文件（编码簿：{name}）", f"files read (codebook: {name})"))
    heads = [Label("文件", "file"), Label("表", "table"), Label("行数", "rows"), Label("保留", "kept"), Label("变量", "columns")]
    tables = {"households": Label("户", "households"), "persons": Label("人", "persons")}
    said = {table: label.said(screen.lang) for table, label in tables.items()}
    rows = [[one.file, said[one.table], f"{one.rows:,}", f"{one.kept:,}", str(len(one.found))] for one in reading.files]
    screen.table(heads, rows, left=2)


def _print_panel(screen: Screen, reading: Reading) -> None:
    """Print rows, weights and design by wave, and how the panel measures."""
    panel, meta = reading.panel, reading.panel.meta
    screen.heading(Label("各轮", "waves"))
    heads = [Label("轮次", "wave"), Label("户", "households"), Label("人", "persons"), Label("权数合计", "sum of weights")]
    heads.append(Label("有效样本", "effective sample"))
    screen.table(heads, [_wave_row(panel, wave) for wave in panel.waves])
    followed = panel.households.groupby("household").size()
    share = f"{int((followed > 1).sum()):,} / {len(followed):,}"
    screen.line(Label(f"两轮及以上都有的户：{share}", f"households in two waves or more: {share}"))
    for key, label in (("stratum", Label("层", "strata")), ("cluster", Label("初级抽样单元", "clusters"))):
        if panel.has(key):
            count = f"{panel.households[key].nunique():,}"
            screen.line(Label(f"{label.zh}：{count}", f"{label.en}: {count}"))
    operator = OPERATOR_LABELS[meta.operator]
    screen.line(Label(f"收入口径：{operator.zh}", f"income operator: {operator.en}"))
    weights = Label("文件", "of the file") if meta.weighted else Label("每行一", "one a row")
    screen.line(
        Label(
            f"间隔 {meta.interval} 年；回溯 {meta.recall_months} 个月；权数：{weights.zh}",
            f"interval {meta.interval} years; recall {meta.recall_months} months; weights: {weights.en}",
        )
    )


def _print_sample(screen: Screen, options: dict[str, str], panel: Panel, share: float) -> None:
    """Print which households stand beside those that a place simulates; nothing is left out here."""
    from calibration.sample import SAMPLES, cut_panel
    from fangpin.sampled import sample_of, tell_kept

    tell_kept(screen, cut_panel(panel, sample_of(options, SAMPLES), share)[1])


def _wave_row(panel: Panel, wave: int) -> list[str]:
    """Return the counts of a wave; the effective sample is Kish's, (sum of w)^2 / sum of w^2."""
    weights = panel.households.loc[panel.households["wave"] == wave, "weight"].to_numpy()
    persons = int((panel.persons["wave"] == wave).sum())
    effective = weights.sum() ** 2 / (weights**2).sum()
    return [str(wave), f"{len(weights):,}", f"{persons:,}", f"{weights.sum():,.0f}", f"{effective:,.0f}"]


def _print_columns(screen: Screen, panel: Panel) -> None:
    """Print each column with its unit and the share of rows in which it was observed."""
    from calibration.columns import CHINESE, column

    titles = {"households": Label("户表变量", "columns of households"), "persons": Label("人表变量", "columns of persons")}
    for table, title in titles.items():
        frame = panel.table(table)
        if not len(frame):
            continue
        screen.heading(title)
        rows = []
        for name in frame.columns:
            known = column(table, name)
            meaning = CHINESE[name] if screen.lang == "zh" else known.meaning
            rows.append([name, known.unit, meaning, f"{100 * frame[name].notna().mean():.1f}"])
        heads = [Label("变量", "column"), Label("单位", "unit"), Label("含义", "meaning"), Label("有值（%）", "observed (%)")]
        screen.table(heads, rows, left=3)


def _print_lacking(screen: Screen, reading: Reading) -> None:
    """Print which columns no file gave, and the notes."""
    given = {name for one in reading.files for name in one.found}
    lacking = sorted({name for one in reading.files for name in one.lacking} - given)
    if lacking:
        screen.line(Label(f"文件中没有：{'、'.join(lacking)}", f"not in the files: {', '.join(lacking)}"))
    for note in reading.panel.notes:
        screen.line(Label(f"注意：{note.zh}", f"note: {note.en}"))
    said = reading.book.note
    if said:
        screen.line(Label(f"编码簿说明：{said['zh']}", f"codebook: {said['en']}"))


def _make(found: Words) -> None:
    """Simulate a county, ask it, write what it answers."""
    from calibration.codebook import load_codebook
    from calibration.made import Design, exact, make_survey, years_needed
    from calibration.shape import check_shape, write_shape
    from experiments.latent import live_county
    from fangpin.size import sized_scenario

    options = found.options
    book = load_codebook(options["shape"])
    check_shape(book, options["format"])
    waves, numbers = _numbers(options)
    operator = book.meta.operator
    design = Design(waves, operator) if options["error"] == "yes" else exact(waves, operator)
    scenario = sized_scenario(options["place"], options["policy"], (), numbers["households"])
    folder = _folder(found.plain)
    panel = make_survey(live_county(scenario, years_needed(design), numbers["seed"]), design, numbers["seed"])
    screen = Screen(options["lang"])
    for path in write_shape(panel, book, folder, options["format"], options["encoding"]):
        screen.line(Label(f"已写入 {path}", f"wrote {path}"))
    rows = (len(panel.households), len(panel.persons))
    screen.line(
        Label(
            f"虚构调查：{rows[0]:,} 户次、{rows[1]:,} 人次，由模型生成，不含任何真实数据",
            f"a made survey of {rows[0]:,} household and {rows[1]:,} person rows: from the model, nobody's data",
        )
    )


def _folder(name: str) -> Path:
    """Return the folder to write to, made where it is new.

    Raises:
        ScenarioError: when it cannot be one.
    """
    import os

    from scenarios.problems import Problem, ScenarioError

    folder, hint = Path(name), ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            hint = "nothing can be written there"
    except OSError as error:
        hint = f"{error.strerror or type(error).__name__}".lower()
    if hint:
        raise ScenarioError([Problem("command line", "OUT", name, "an existing or new folder that can be written to", hint)])
    return folder


def _numbers(options: dict[str, str]) -> tuple[tuple[int, ...], dict[str, int]]:
    """Return the waves and whole numbers of the request.

    Raises:
        ScenarioError: with all that cannot be understood.
    """
    from experiments.latent import FIRST_YEAR, LAST_YEAR
    from scenarios.problems import Report, ScenarioError

    report = Report()
    numbers: dict[str, int] = {}
    for key, low in (("households", 1), ("seed", 0)):
        numbers[key] = _whole(options[key], low, 10**9, "command line", key, report)
    years = [_whole(text, FIRST_YEAR, LAST_YEAR, "command line", "waves", report) for text in options["waves"].split(",")]
    try:
        codecs.lookup(options["encoding"])
    except LookupError:
        report.add("command line", "encoding", options["encoding"], "names such as utf-8-sig, gb18030, gbk")
    if options["error"] not in ("yes", "no"):
        report.add("command line", "error", options["error"], "yes or no")
    if report.problems:
        raise ScenarioError(report.problems)
    return tuple(sorted(set(years))), numbers


def _whole(text: str, low: int, high: int, where: str, key: str, report: Any) -> int:
    """Return a whole number within limits; note what is none."""
    if text.strip().isdigit() and low <= int(text) <= high:
        return int(text)
    report.add(where, key, text, f"a whole number from {low} to {high}")
    return low
