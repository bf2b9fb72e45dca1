"""What the page says, in both languages, and Mesa's own words in them."""

from __future__ import annotations

from experiments.labels import Label, Lang

TITLE = Label("防贫 · 两种政策对照", "fangpin · two policies side by side")
TABS = (
    Label("返贫率", "Rates"),
    Label("原因", "Causes"),
    Label("资金", "Budget"),
    Label("一户人家", "A family"),
    Label("对照", "Comparison"),
)
PLACE = Label("地区", "Place")
HOUSEHOLDS = Label("模拟县的农村户数", "Rural households of the simulated county")
SEED = Label("随机种子（两案同一运气）", "Seed (both meet the same luck)")
POLICY = Label("政策", "Policy")
AS_POLICY = Label("照政策", "as the policy has it")
OPTIONS = Label("选项组", "Options")
SLIDERS = Label("政策工具", "Levers")
SINCE = Label("滑块自哪年起生效", "Sliders hold from")
TYPED = Label("其他改动，如 dibao.standard*=1.1", "Other changes, such as dibao.standard*=1.1")
APPLY = Label("应用并从2021年1月重新开始", "Apply and start again in January 2021")
CHANGED = Label("有改动尚未应用", "changes are not applied yet")
TO_THE_END = Label("运行到底", "Run to the end")
STOP = Label("停止", "Stop")
NOTHING_YET = Label("尚未开始：按“下一步”、▶ 或“运行到底”。", "Nothing has happened yet: press Step, ▶ or Run to the end.")
NO_TEST_YET = Label("每年9月检验一次，至今还没有。", "The yearly test is in September; there was none so far.")
NO_FALLS_YET = Label("至今没有家庭跌破贫困线（净）。", "No household has fallen below the poverty line, net, so far.")
CHOOSE_FAMILY = Label(
    "曾跌破贫困线的家庭（两案结果不同的在前）", "Households that fell (those that the policies part come first)"
)
TELL = Label("讲述", "Tell")
TELLING = Label("以同样的运气重演这户的经历……", "living this family's months again, with the same luck ...")
PREPARING = Label("正在准备", "Preparing")
ONE_RUN = Label(
    "这里只有一次重复，差别里有运气。带误差与区间的同一比较：",
    "This is one repetition: luck is part of every difference. The same comparison with errors and intervals:",
)
WRONG = Label("不能这样模拟：", "This cannot be simulated:")
LIVED_TO = Label("至{date}，第{lived}个月，共{months}个月", "until {date}, month {lived} of {months}")
BEFORE = Label("2021年1月之前，共{months}个月", "before January 2021, {months} months to come")
UNDER = Label("所选政策下{first}–{last}年：{values}（{unit}）", "under the policy chosen, {first}-{last}: {values} ({unit})")
NOT_HERE = Label("此地区没有这项工具", "this place has no such lever")

_MESA = {
    "Controls": Label("控制", "Controls"),
    "Play Interval (ms)": Label("播放间隔（毫秒）", "Pause between steps (ms)"),
    "Render Interval (steps)": Label("每步的月数", "Months a step"),
    "Use Threads": Label("使用线程", "Use threads"),
    "Increase play interval to avoid skipping plots": Label("加大播放间隔，以免漏画", "A longer pause skips no chart"),
    "Reset": Label("重新开始", "Start again"),
    "Step": Label("下一步", "Step"),
    "Loading resources": Label("正在加载", "Loading"),
    "Server disconnected.": Label("与程序的连接已断开。", "The program has stopped."),
    "Please refresh the page": Label("请刷新页面", "Please refresh the page"),
    "Could not restore session. Please refresh.": Label("无法恢复，请刷新页面。", "Could not restore the page. Please refresh."),
    "Refresh now": Label("刷新", "Refresh"),
    "Cancel": Label("取消", "Cancel"),
}
HIDDEN = ("Model Parameters", "Information")
"""Cards of Mesa's that say nothing here: levers have controls of their own, and the months lived stand above the charts."""


def mesa_words(lang: Lang) -> dict[str, str]:
    """Return Mesa's and Solara's own words with what the page says instead; its pages are numbered, ours have names."""
    words = {theirs: ours.said(lang) for theirs, ours in _MESA.items()}
    return words | {f"Page {number}": name.said(lang) for number, name in enumerate(TABS)}
