"""What the README says works."""

import re
import shlex
from pathlib import Path

import pytest

from fangpin.arguments import read_words

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line.partition("#")[0] for line in README.splitlines() if line.startswith("fangpin run ")]
PYTHON = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(command):
    from scenarios import counties, load

    request, problems = read_words(shlex.split(command)[2:])
    assert problems == []
    load(counties(request.study.place)[0].name, request.study.policies[0], request.study.overrides)


def test_the_first_screen_has_the_two_commands():
    head = README[:2500]
    assert "pip install . && fangpin run" in head
    assert 'pip install -e ".[dev]" && pytest' in head


def test_the_python_examples_run(capsys, here):
    assert len(PYTHON) == 3
    for example, said in zip(PYTHON[:2], ("differences", "at_risk_persons"), strict=True):
        exec(compile(example, "README.md", "exec"), {})
        assert capsys.readouterr().out and said in example


def test_the_example_for_results_reads_a_study(engine, here):
    from fangpin.cli import run_command

    run_command(["run", "households=500", "months=12", "reps=2"])
    names: dict = {}
    exec(compile(PYTHON[2], "README.md", "exec"), names)
    files = sorted(str(path) for path in here.glob("runs/nanyang/runs/*/indicators.parquet"))
    assert len(names["at_risk"](files)) == 4


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE", "docs/README.md"])
def test_links_between_our_pages_lead_somewhere(name):
    page = ROOT / name
    links = re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    # the picture is made by the real command before a release
    assert [link for link in missing if not link.endswith(".png")] == []
