"""The live page in a real browser without a window: load, choose, move a slider, run, look; nothing leaves the machine.

``FANGPIN_PICTURES=write pytest tests/fangpin/test_dashboard_page.py`` writes the pictures of the docs anew.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WAIT = 60_000
"""Milliseconds that an answer of the page may take."""
PREPARING = 400_000
"""Milliseconds until a county stands ready: rules are compiled where the cache is empty."""
WATCHED = """
import os, socket
connect = socket.socket.connect
def watched(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith("127."):
        with open(os.environ["FANGPIN_TEST_LOG"], "a") as log:
            log.write(f"{address}\\n")
        raise OSError("this test has no network")
    return connect(self, address)
socket.socket.connect = watched
"""
"""Stands in the server's Python: notes and refuses every connection to another machine."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a running page; at the end it is interrupted as a user would."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "sitecustomize.py").write_text(WATCHED, encoding="utf-8")
    log = folder / "connections.txt"
    paths = os.pathsep.join([str(folder), str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "fangpin", "dashboard", "place=longyan", "households=900", "months=33", "port=0"]
    made = subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": paths, "FANGPIN_TEST_LOG": str(log)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert made.stdout is not None
    said = made.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    if found is None:
        made.kill()
        pytest.fail(f"no address: {said} {made.communicate()[1]}")
    yield found[0]
    made.send_signal(signal.SIGINT)
    out, errors = made.communicate(timeout=20)
    assert (made.returncode, out.strip(), errors) == (0, "已停止", "")
    assert not log.exists(), log.read_text(encoding="utf-8")


class Seen:
    """What a page asked for and complained about."""

    def __init__(self, page):
        self.addresses, self.bad = [], []
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("websocket", lambda opened: self.addresses.append(opened.url))
        page.on("response", lambda answer: self.bad.append(answer.url) if answer.status >= 400 else None)
        page.on("pageerror", lambda error: self.bad.append(str(error)))
        page.on("console", lambda said: self.bad.append(said.text) if said.type == "error" else None)

    @property
    def hosts(self):
        parts = [urlsplit(address) for address in self.addresses]
        return {part.hostname for part in parts if part.scheme not in ("data", "blob")}


@pytest.fixture
def page(tmp_path):
    """A page of a browser that has never been used, or the reason why there is none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed (Debian: apt install chromium)")
    tool = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    with tool.sync_playwright() as player:
        context = player.chromium.launch_persistent_context(
            str(tmp_path / "browser"),
            executable_path=found,
            headless=True,
            args=list(FLAGS),
            viewport={"width": 1400, "height": 900},
        )
        context.set_default_timeout(WAIT)
        yield context.pages[0]
        context.close()


def choose(page, label, option):
    """Choose an option of a list by its label."""
    page.locator(f".v-select:visible:has(label:text-is('{label}'))").first.click()
    page.locator(".menuable__content__active .v-list-item", has_text=option).first.click()


def clock(page, text):
    """Wait until the line above the charts holds a text."""
    page.locator(".fangpin-clock", has_text=text).wait_for(timeout=PREPARING)


def tab(page, name):
    page.get_by_role("tab", name=name, exact=True).click()


def chart(page):
    """Return the address of the chart that is shown, once it is there."""
    image = page.locator("img.fangpin-chart:visible").first
    image.wait_for()
    assert image.evaluate("image => image.complete && image.naturalWidth > 500")
    return image.get_attribute("src")


def picture(page, name):
    """Keep a picture of the window for the docs, where that is asked for."""
    page.wait_for_timeout(700)
    taken = page.screenshot(animations="disabled")
    if os.environ.get("FANGPIN_PICTURES") == "write":
        (PICTURES / f"{name}.png").write_bytes(taken)


def test_the_page_is_chosen_run_and_compared_and_nothing_leaves_the_machine(page, server):
    seen = Seen(page)
    page.goto(server)
    clock(page, "2021年1月之前，共33个月")
    assert page.title().startswith("防贫")
    # Mesa's own words are Chinese too
    page.get_by_role("button", name="下一步").wait_for()
    shown = page.locator("body").inner_text()
    assert not re.search(r"Controls|Render Interval|Model Parameters|Page 0|Solara", shown)

    page.get_by_role("button", name="下一步").click()
    clock(page, "至2021-01，第1个月")
    first = chart(page)

    # another place, an option, a slider: nothing happens before they are applied
    choose(page, "地区", "南阳市淅川县")
    page.get_by_text("选项组", exact=True).first.click()
    choose(page, "公益性岗位", "岗位2023年一次取消")
    page.locator(".fangpin-switch-premium_subsidy_taper_ex_poor-path:visible label").click()
    slider = page.locator(".fangpin-slider .v-slider").first
    slider.wait_for(state="attached")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    page.get_by_text(re.compile(r"2020年水平的比例：0\.[123]")).wait_for()
    page.get_by_text("有改动尚未应用").wait_for()
    clock(page, "龙岩市")
    page.get_by_role("button", name="应用并从2021年1月重新开始").click()
    clock(page, "南阳市淅川县")
    clock(page, "岗位2023年一次取消；调整1项")

    page.get_by_role("button", name="运行到底").click()
    clock(page, "至2023-09，第33个月")
    assert chart(page) != first
    picture(page, "dashboard-rates")
    for name in ("原因", "资金"):
        tab(page, name)
        assert chart(page).startswith("data:image/png")
    tab(page, "对照")
    page.locator(".fangpin-table:visible").wait_for()
    told = page.locator(".fangpin-command:visible").inner_text()
    moved = re.search(r"premium_subsidy_taper_ex_poor\.path@2022=(0\.\d+)", told)
    assert moved and 0.1 <= float(moved[1]) <= 0.4 and "place=nanyang" in told and "jobs=cliff" in told, told
    picture(page, "dashboard-comparison")

    tab(page, "一户人家")
    page.locator(".fangpin-family .v-select").click()
    page.locator(".menuable__content__active .v-list-item").first.click()
    page.get_by_role("button", name="讲述").click()
    page.locator(".fangpin-story", has_text="2021-0").wait_for()
    chart(page)

    page.get_by_role("button", name="重新开始", exact=True).click()
    clock(page, "2021年1月之前")
    page.get_by_role("button", name="▶").click()
    clock(page, "第33个月")

    assert seen.hosts == {"127.0.0.1"}
    assert seen.bad == []


def test_what_cannot_be_simulated_is_told_on_the_page(page, server):
    seen = Seen(page)
    page.goto(server)
    clock(page, "共33个月")
    page.locator("input:visible").nth(3).wait_for()
    page.get_by_label("其他改动").first.fill("dibao.standart=3")
    page.keyboard.press("Tab")
    page.get_by_text("有改动尚未应用").wait_for()
    page.get_by_role("button", name="应用并从2021年1月重新开始").click()
    page.get_by_text("did you mean 'standard'").wait_for()
    assert seen.hosts == {"127.0.0.1"} and seen.bad == []
