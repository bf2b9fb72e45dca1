"""The command `fangpin dashboard` without a browser: what it understands, what it refuses, whom its server answers."""

import asyncio
import socket

import pytest

from experiments.dashboard.serve import Busy, is_from_here, only_from_here, open_port
from fangpin import dashboard as command
from fangpin.cli import run_command
from fangpin.dashboard import read_dashboard, side_of


def test_nothing_asked_is_the_documented_policy_against_support_kept():
    asked, problems = read_dashboard([])
    assert problems == []
    assert (asked.wish.place, [side.name for side in asked.wish.sides]) == ("nanyang", ["documented", "kept"])
    assert (asked.port, asked.lang, asked.wish.households, asked.wish.months) == (8765, "zh", 1000, 60)


def test_all_words_are_understood():
    words = ["place=longyan", "policy=documented;jobs=cliff,documented", "households=2000", "months=24", "seed=5", "port=0"]
    asked, problems = read_dashboard([*words, "lang=en", "dibao.refused_share=0.1"])
    assert problems == []
    assert [side.options for side in asked.wish.sides] == [(("jobs", "cliff"),), ()]
    assert asked.wish.overrides == ("dibao.refused_share=0.1",) and (asked.port, asked.lang) == (0, "en")


def test_a_cell_keeps_its_changes_by_hand_as_typed():
    side = side_of("documented;premium=linear;keep=ecological_rangers;values.job_finding=0.2")
    assert side.options == (("premium", "linear"),)
    assert side.name == "documented;premium=linear;keep=ecological_rangers;values.job_finding=0.2"


def test_one_policy_is_compared_with_support_kept_and_support_kept_with_the_documents():
    for word, names in (("policy=cliff", ["cliff", "kept"]), ("policy=kept", ["kept", "documented"])):
        asked, problems = read_dashboard([word])
        assert problems == [] and [side.name for side in asked.wish.sides] == names


def test_everything_wrong_is_told_at_once(capsys):
    words = ["place=nanyangg", "policy=a,b,c", "households=none", "months=121", "port=80", "lang=fr", "housholds=3", "page"]
    assert run_command(["dashboard", *words]) == 2
    told = capsys.readouterr().err
    assert "8 problems" in told
    for part in (
        "did you mean 'nanyang'?", "one policy, or two", "households: none", "from 1 to 120", "1024 to 65535, or 0", "zh or en",
        "did you mean households?", "key=value",
    ):  # fmt: skip
        assert part in told, part


def test_a_place_of_many_counties_is_refused_with_their_names(capsys):
    assert run_command(["dashboard", "place=national"]) == 2
    assert "one county: national/west_southwest_key" in capsys.readouterr().err


def test_a_busy_port_is_told_with_a_free_one(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Busy) as busy:
            open_port(port)
        open_port(busy.value.free).close()
        assert run_command(["dashboard", f"port={port}"]) == 2
    assert f"{port} is in use; allowed: a free port, or 0 for any. port={busy.value.free} is free" in capsys.readouterr().err


def test_the_port_is_of_this_machine_alone():
    with open_port(0) as held:
        assert held.getsockname()[0] == "127.0.0.1"


def test_without_the_extra_one_line_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(command, "NEEDED", ("solara", "nothing_of_this_name"))
    assert run_command(["dashboard"]) == 2
    told = capsys.readouterr().err
    assert told == 'fangpin dashboard: nothing_of_this_name: not installed; the page needs pip install "fangpin[ui]"\n'


def test_help_names_every_key(capsys):
    assert run_command(["dashboard", "--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"{key}=" in told for key in command.KEYS)


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({"host": "127.0.0.1:8765"}, True),
        ({"host": "localhost:8765", "origin": "http://localhost:8765"}, True),
        ({"host": "evil.example:8765"}, False),
        ({"host": "127.0.0.1.evil.example"}, False),
        ({"host": "127.0.0.1:8765", "origin": "https://evil.example"}, False),
        ({"host": "127.0.0.1:8765", "origin": "null"}, False),
        ({}, False),
    ],
)
def test_only_pages_of_this_machine_are_answered(headers, answered):
    raw = {name.encode(): value.encode() for name, value in headers.items()}
    assert is_from_here(raw) is answered


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_page_of_another_site_reaches_nothing(kind):
    sent, reached = [], []

    async def app(scope, receive, send):
        reached.append(scope)

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "headers": [(b"host", b"127.0.0.1:8765"), (b"origin", b"https://evil.example")]}
    asyncio.run(only_from_here(app)(scope, receive, send))
    assert reached == []
    assert sent[0].get("status") == 403 or sent[0] == {"type": "websocket.close", "code": 1008}


def test_a_page_of_real_persons_is_refused(capsys):
    assert run_command(["dashboard", "population=person_level"]) == 2
    assert "synthetic populations alone" in capsys.readouterr().err
