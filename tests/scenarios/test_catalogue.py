"""Places and policies as plain data, and what stands behind a lever or a value."""

import json

import pytest

from scenarios import ScenarioError, load
from scenarios.catalogue import place_catalogue, policy_catalogue
from scenarios.explain import explain
from scenarios.shipped import places, policies
from sim.rules import month_index


def test_places_say_what_they_override():
    found = place_catalogue()
    assert {name for name, place in found.items() if place["runs"]} == set(places())
    nanyang = found["nanyang"]
    assert (nanyang["parent"], nanyang["counties"], nanyang["households"]) == ("henan", 1, 206_500)
    assert "values.registered_share" in nanyang["overrides"]
    assert "dibao.standard" in found["henan"]["overrides"] and not found["nation"]["overrides"]
    assert "critical_illness_insurance_tilt" in nanyang["overrides"]


def test_a_place_of_counties_lists_them_with_their_weights():
    nation = place_catalogue()["national"]
    assert len(nation["listed"]) == 11
    assert nation["counties"] == sum(one["counties"] for one in nation["listed"].values())
    assert nation["households"] == sum(one["households"] for one in nation["listed"].values())
    assert "dibao.standard" in nation["listed"]["national/east_open"]["overrides"]


def test_policies_say_what_they_change():
    found = policy_catalogue()
    assert set(found) == set(policies())
    assert "public_welfare_job_orderly_exit.annual_cut" in found["documented"]["changes"]
    assert found["kept"]["changes"] == []


def test_a_lever_is_explained_with_sources_clauses_and_policies():
    lever = explain("premium_subsidy_taper_ex_poor")
    said = lever["entries"]["premium_subsidy_taper_ex_poor"]
    assert lever["lever"]["state"] == "entries" and lever["plans"]["nanyang"]["path"] == "tapered"
    share = said["fields"]["share"]
    assert (share["unit"], share["range"], share["shape"]) == ("share", [0.0, 1.0], "step")
    assert [one["value"] for one in share["figures"]] == [0, 0.95, 0.7125, 0.475, 0.2375, 0]
    assert all(one["source"] and one["file"] for one in share["figures"])
    assert said["clauses"]["nanyang"] == "二（三）3" and said["clauses"]["fuhuan"] == ""
    # `orderly` says the same of this lever, with another text behind it
    assert set(said["policies"]) == {"cliff", "kept"}
    json.dumps(said)


def test_one_field_alone_is_explained():
    said = explain("public_welfare_jobs.kept")
    assert set(said["fields"]) == {"kept"} and not said["words"]
    assert "bridge_months" in explain("public_welfare_jobs")["entries"]["public_welfare_jobs"]["policies"]["orderly"]
    assert "bridge_months" not in said["policies"].get("orderly", {})


def test_a_value_is_explained_with_and_without_its_prefix():
    said = explain("values.poverty_line")
    assert said == explain("poverty_line")
    line = load().series["values.poverty_line"]
    assert {one["from"]: one["value"] for one in said["figures"]}["2020-01"] == line.at(month_index(2020)) == 4000
    assert said["policies"] == {}


def test_a_table_is_explained():
    said = explain("tables.chronic")
    assert len(said["rows"]) == 6 and said["source"]


@pytest.mark.parametrize(
    ("key", "near"),
    [("dibaoo", "'dibao'"), ("dibao.standart", "'dibao.standard'"), ("values.poverty_lin", "'values.poverty_line'")],
)
def test_an_unknown_name_names_the_nearest(key, near):
    with pytest.raises(ScenarioError, match=f"did you mean {near}"):
        explain(key)
