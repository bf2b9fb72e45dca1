"""Scenario sets: arms, lists that unfold, stress, and what files may not say."""

from pathlib import Path

import pytest

from scenarios import ScenarioError, load, open_set, sets
from scenarios.load import set_problems
from scenarios.scenarioset import split_arm
from sim.rules import month_index as m

OWN = """
id: mine
name: {zh: 我的, en: Mine}
question: {zh: 问, en: What then?}
levers: [premium_subsidy_taper_ex_poor]
reference: kept
arms:
  kept: {name: {zh: 保留, en: Kept}, set: {}}
  swept:
    name: {zh: 试, en: Swept}
    set: {premium_subsidy_taper_ex_poor.path: [0.5, {2023: 0.3}], public_welfare_jobs.exit_order: [random, longest_stay]}
stress:
  cheap: {name: {zh: 降价, en: Cheap}, set: {values.crop_level: {from: {2023: 0.5, 2024: base}}}}
targets: [no_illness_caused_relapse]
outputs:
  - {name: {zh: 参保, en: Enrolment}, quantity: enrolment}
  - {name: {zh: 幸福, en: Happiness}, missing: {zh: 没有, en: no such thing}}
"""


@pytest.fixture
def own(tmp_path):
    def write(text=OWN):
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def lever(scenario, name):
    return next(one for one in scenario.rules.levers if one.id == name)


def test_lists_unfold_into_arms_with_readable_names(own):
    found = open_set(own())
    assert [arm.id for arm in found.arms] == [
        "kept", "swept-0.5-random", "swept-0.5-longest_stay", "swept-2-random", "swept-2-longest_stay",
    ]  # fmt: skip
    assert found.arms[1].names == {"zh": "试：0.5、random", "en": "Swept: 0.5, random"}
    assert {arm.arm for arm in found.arms} == {"kept", "swept"}


def test_an_arm_is_a_policy_whose_levers_begin_from_support_kept(own):
    file = own()
    kept, swept = load(policy=f"{file}/kept"), load(policy=f"{file}/swept-0.5-random")
    assert (kept.policy, swept.policy_names["en"]) == ("mine/kept", "Swept: 0.5, random")
    premium = "premium_subsidy_taper_ex_poor"
    assert lever(kept, premium).values == lever(load(policy="kept"), premium).values
    assert lever(swept, premium).values["share"].at(m(2022)) == 0.475
    # other levers are as the plan of the place documents them
    for posts in ("public_welfare_jobs", "ecological_rangers"):
        assert lever(kept, posts).values == lever(load(policy="documented"), posts).values
    assert swept.decision_month == m(2021)


def test_stress_reaches_every_policy_and_no_decision(own):
    file = own()
    stressed = load(policy="kept", stress=[f"{file}/cheap"])
    level = stressed.rules.values["crop_level"]
    assert [level.at(m(year)) for year in (2022, 2023, 2024)] == [1, 0.5, 1]
    assert stressed.decision_month is None
    assert load(policy=f"{file}/kept", stress=[f"{file}/cheap"]).rules.values == stressed.rules.values


def test_what_is_common_holds_in_every_arm_that_does_not_say_otherwise(own):
    common = "common: {premium_subsidy_taper_ex_poor.path: 0.2, public_welfare_jobs.exit_order: longest_stay}\nreference: kept"
    found = open_set(own(OWN.replace("reference: kept", common)))
    said = [[f"{node.value}" for node in arm.items.values()] for arm in found.arms]
    # the arm's own list takes the place of the common value
    assert said[:2] == [["0.2", "longest_stay"], ["0.5", "random"]]


def test_values_of_a_list_have_names(own):
    called = "name: {zh: 试, en: Swept}\n    called: {random: {zh: 随机, en: by lot}}"
    found = open_set(own(OWN.replace("name: {zh: 试, en: Swept}", called)))
    assert [arm.names["zh"] for arm in found.arms[1:3]] == ["试：0.5、随机", "试：0.5、longest_stay"]
    assert found.arms[1].id == "swept-0.5-random"


def test_stresses_act_together_unless_the_set_says_otherwise(own):
    assert open_set(own()).together == (("cheap",),)
    assert open_set(own(OWN.replace("stress:", "together: [[], [cheap]]\nstress:"))).together == ((), ("cheap",))
    assert open_set("transition_exit_package").together == ((), ("illness_wave",), ("labour_shock",))


def test_the_envelope_is_that_of_the_stress_in_every_arm():
    """120 yuan in 2021, and later the growth of the arm: the reference once had none of it, and money never bound."""
    found = open_set("fiscal_envelope_mix")
    for arm in found.arms:
        loaded = load("longyan", found.policy(arm), stress=[f"fiscal_envelope_mix/{part.id}" for part in found.stress])
        envelope = lever(loaded, "fiscal_input_level").values["envelope"]
        last = 12_000 * 0.95**4 if arm.id == "minus_5pct" else 12_000
        assert (envelope.at(m(2021)), envelope.at(m(2025))) == (12_000, pytest.approx(last, abs=1)), arm.id


def test_land_revenue_falls_by_half_from_something():
    """The stress once halved the nothing that the lever has by default."""
    loaded = load("longyan", "fiscal_envelope_mix/minus_5pct", stress=["fiscal_envelope_mix/land_revenue_halves"])
    amount = lever(loaded, "land_revenue_to_rural").values["amount"]
    assert (amount.at(m(2021)), amount.at(m(2022)), amount.at(m(2025))) == (4_000, 2_000, 2_000)


@pytest.mark.parametrize("place", ["shanwei", "fuhuan"])
def test_mobilisation_is_strong_also_where_the_plan_names_none(place):
    """There the lever is switched off, and the arm was once its neighbour under another name."""
    linear, strong = (load(place, f"premium_subsidy_exit/linear{end}") for end in ("_to_zero", "_with_strong_mobilisation"))
    assert "enrolment_mobilisation" not in {one.id for one in linear.rules.levers}
    assert lever(strong, "enrolment_mobilisation").values["factor"].at(m(2022)) < 1


@pytest.mark.slow
@pytest.mark.parametrize("name", sets())
def test_every_stress_of_a_set_moves_a_figure(name):
    found = open_set(name)
    plan = next(iter(found.grounded_in))
    place = f"{plan}/ex_poor" if plan == "heilongjiang" else plan
    calm = figures(load(place, found.policy(found.arms[0])))
    for stress in found.stress:
        assert figures(load(place, found.policy(found.arms[0]), stress=[f"{name}/{stress.id}"])) != calm, stress.id


def figures(scenario):
    """Return by key the dated figures that hold."""
    return {key: [(entry.month, entry.value) for entry in series.entries] for key, series in scenario.series.items()}


def test_the_adaptive_arm_differs_from_the_tapers_by_the_review_alone():
    found = open_set("transition_exit_package")
    plain, adaptive = (found.arm(name).items for name in ("every_taper_linear", "adaptive_quarterly"))
    assert {key for key in adaptive if key not in plain} == {
        "policy_review_cadence.enabled",
        "policy_review_cadence.interval_months",
        "policy_review_cadence.rule",
    }
    assert set(plain) < set(adaptive)


WRONG = [
    ("stress:", "together: [[flood]]\nstress:", "together: .*allowed: lists of stresses of the set, each with cheap"),
    ("reference: kept", "common: {values.crop_level: [1, 2]}\nreference: kept", "one value for all arms; lists unfold in arms"),
    ("reference: kept", "reference: kept\nbase: documentd", "mine.yaml:7: base: text 'documentd'.*did you mean 'documented'"),
    ("quantity: enrolment}", "total: lapse}", r"outputs\[0\].total: text 'lapse'.*did you mean 'lapses'"),
    ("quantity: enrolment}", "ratio: [workers]}", r"outputs\[0\].ratio: a list of 1; allowed: a list of 2"),
    ("quantity: enrolment}", "cost: [work_for_relif]}", "did you mean 'work_for_relief'"),
    ("quantity: enrolment}", "percentile: 100}", "percentile: a number 100; allowed: a number above 0 and below 100"),
    ("quantity: enrolment}", "undetected: ilness}", "did you mean 'illness'"),
    ("quantity: enrolment}", "seen_by: visits}", "did you mean 'visit'"),
    ("quantity: enrolment}", "unmet: some}", "unmet: text 'some'; allowed: all"),
    ("quantity: enrolment}", "total: lapses, groups: [expoor]}", "groups: text 'expoor'.*did you mean 'ex_poor'"),
    ("reference: kept", "reference: kep", "reference: text 'kep'; allowed: kept, swept"),
    ("levers: [premium", "levers: [premum", "one of the 136 levers of the clause book. did you mean 'premium"),
    ("targets: [no_", "targets: [on_", "one of the 31 targets"),
    ("quantity: enrolment}", "quantity: enrolment, total: births}", "quantity, total; allowed: one of quantity"),
    ("[random, longest_stay]", "[]", "swept: an empty list"),
    ("  kept: {name", "  Kept: {name", "'Kept'; allowed: small letters"),
    ("id: mine", "id: mine\nmonths: 999", "months: a number 999; allowed: 1 to 120"),
    ("id: mine", "id: mine\ngrounded_in: {nanyang: [一]}", "'一'; allowed: a clause of that plan"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG)
def test_says_what_is_wrong(own, old, new, message):
    assert old in OWN
    with pytest.raises(ScenarioError, match=message):
        open_set(own(OWN.replace(old, new, 1)))


def test_the_set_and_what_its_arms_turn_are_told_together(own):
    text = OWN.replace("reference: kept", "reference: kep").replace("values.crop_level", "values.crop_levl")
    text = text.replace("public_welfare_jobs.exit_order", "public_welfare_jobs.exit_ordr")
    told = "\n".join(str(problem) for problem in set_problems("nanyang", own(text)))
    for message in (
        "reference: text 'kep'; allowed: kept",
        "public_welfare_jobs.exit_ordr: an unknown knob",
        "values.crop_levl: an unknown knob",
        "did you mean 'values.crop_level'?",
    ):
        assert message in told
    assert set_problems("nanyang", own()) == () and set_problems("nowhere", own())


def test_a_file_of_levers_and_the_arms_are_told_together(own, tmp_path):
    levers = tmp_path / "levers.yaml"
    levers.write_text("levers: [{id: heat, mechanism: cash_transfr}]", encoding="utf-8")
    file = own(OWN.replace("set: {}", "set: {work_for_relief.payment_delay: 12}").replace("reference: kept", "reference: kep"))
    with pytest.raises(ScenarioError) as caught:
        load(policy=f"{file}/kept", levers=[levers])
    told = str(caught.value)
    for message in ("did you mean 'cash_transfer'", "payment_delay: 12; allowed: 0 to 11", "reference: text 'kep'"):
        assert message in told


WHERE = [
    ("h.townsip == 1", "unknown attribute 'h.townsip'.*did you mean 'h.township'"),
    ("p.age > 60", r"p\.age; allowed: attributes of households and villages"),
    ("h.township = 1", "allowed: "),
]


@pytest.mark.parametrize(("text", "message"), WHERE)
def test_where_asks_of_households(text, message):
    with pytest.raises(ScenarioError, match=message):
        load("nanyang", overrides=[f"poverty_workshops.where@2023={text}"])


def test_the_county_has_no_where():
    with pytest.raises(ScenarioError, match=r"a place for policy_review_cadence; .*review is the county's"):
        load("nanyang", overrides=["policy_review_cadence.where=h.township == 1"])


def test_a_lever_acts_where_a_setting_says_and_everywhere_again_after_it(own):
    said = 'dibao.where: {value: "h.township != 1 or h.village == 7", until: 2024}'
    scenario = load(policy=f"{own(OWN.replace('set: {}', 'set: {' + said + '}'))}/kept")
    dibao, plain = lever(scenario, "dibao"), lever(load(policy="kept"), "dibao")
    assert dibao.where_in(m(2020)) is None and dibao.who_in(m(2020)) == plain.who
    asked = [[term.attribute for term in clause] for clause in dibao.who_in(m(2022))]
    assert asked == [["h.village"], ["h.township"], ["h.township"]] or sorted(map(len, asked)) == [1, 1, 1]
    assert dibao.where_in(m(2024)) is None and dibao.who_in(m(2024)) == plain.who
    assert scenario.decision_month == m(2021)


def test_one_site_closes_and_one_township_pauses_in_the_shipped_sets():
    closed = lever(load("nanyang", "hazard_and_relocation/site_workshop_closes"), "poverty_workshops")
    bounds = [(term.low, term.high) for clause in closed.where_in(m(2023)) for term in clause]
    assert closed.where_in(m(2022, 12)) is None and not any(low <= 1 <= high for low, high in bounds)
    review = lever(load("nanyang", "transition_exit_package/adaptive_quarterly"), "policy_review_cadence")
    assert review.words_in(m(2023))["looks_at"] == "each_township"
    late = lever(load("nanyang", "labour_market_shock/work_for_relief_surge-3"), "work_for_relief")
    assert late.values["pay_delay"].at(m(2022)) == 3


def test_the_rural_standard_moves_to_a_share_of_the_urban_one():
    key = "assistance_standard_convergence.rural_urban_ratio_path"
    moved = load("nanyang", overrides=[f"{key}@2023=0.8"])
    urban, plain = moved.rules.values["urban_dibao_standard"], lever(load("nanyang"), "dibao").values["standard"]
    for year in (2021, 2022):
        assert lever(moved, "dibao").values["standard"].at(m(year)) == plain.at(m(year))
    for year in (2023, 2024, 2025):
        assert lever(moved, "dibao").values["standard"].at(m(year)) == pytest.approx(0.8 * urban.at(m(year)))


def test_unknown_arms_stresses_and_knobs_are_named(own):
    file = own()
    with pytest.raises(ScenarioError, match=r"unknown arm 'kept2' of mine.*did you mean 'kept'"):
        load(policy=f"{file}/kept2")
    with pytest.raises(ScenarioError, match="unknown stress 'flood'"):
        load(stress=[f"{file}/flood"])
    bad = own(OWN.replace("set: {}}", "set: {premium_subsidy_taper_ex_poor.pth: 1}}"))
    with pytest.raises(ScenarioError, match=r"mine.yaml:8: premium_subsidy_taper_ex_poor.pth: an unknown knob"):
        load(policy=f"{bad}/kept")


def test_a_lever_without_entries_is_not_offered_the_switch_that_it_lacks(own):
    """The message once allowed `enabled` and proposed the very key that it refused."""
    bad = own(OWN.replace("set: {}}", "set: {low_income_population_categories.enabled: false}}"))
    with pytest.raises(ScenarioError, match="allowed: knobs of low_income_population_categories: category_set") as told:
        load(policy=f"{bad}/kept")
    assert ", enabled" not in str(told.value)
    assert "did you mean 'low_income_population_categories.enabled'" not in str(told.value)


def test_names_of_arms():
    assert split_arm("premium_subsidy_exit/keep_full") == ("premium_subsidy_exit", "keep_full")
    assert split_arm("a/mine.yaml/kept") == ("a/mine.yaml", "kept")
    assert split_arm("a/mine.yaml") == split_arm("kept") == ("", "")


PLACES = (
    "nanyang",
    "heilongjiang/ex_poor",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("shanwei", "fuhuan", "longyan")),
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", sets())
def test_every_arm_of_every_set_can_be_loaded_in_every_place(name, place):
    found = open_set(name)
    stress = [f"{name}/{part.id}" for part in found.stress]
    for arm in found.arms:
        assert load(place, found.policy(arm), stress=stress).policy == f"{name}/{arm.id}"


@pytest.mark.parametrize("name", sets())
def test_what_sets_ask_for_is_measured_or_said_to_be_missing(name):
    from experiments.fates import CHANNELS
    from experiments.quantities import QUANTITIES
    from scenarios import lever_ids
    from sim.indicators import CAUSES, GROUPS, INDEX

    levers = {"all", *lever_ids(), *(key.partition(".")[0] for key in lever_ids())}
    known = {"quantity": {one.id for one in QUANTITIES}, "total": set(INDEX), "ratio": set(INDEX), "missing": set()}
    known |= {"cost": levers, "per_relapse": levers, "deviation": set(INDEX), "percentile": {"95", "99"}}
    known |= {"undetected": {"all", *CAUSES}, "seen_by": set(CHANNELS)}
    known |= {key: {"all"} for key in ("unmet", "better", "worse", "worst_township")}
    for output in open_set(name).outputs:
        assert set(output.of) <= known[output.measure], output
        assert set(output.groups) <= set(GROUPS)


def test_the_set_of_the_page_loads(tmp_path):
    page = (Path(__file__).parent.parent.parent / "docs" / "sets.md").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    found = open_set(str(path))
    assert [arm.id for arm in found.arms] == ["keep", "step-0.75", "step-0.5"]
    assert load(policy=found.policy(found.arms[2]), stress=[f"{path}/illness_wave"]).policy == "mine/step-0.5"
