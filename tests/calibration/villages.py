"""A latent panel made of plain numbers, as a county would leave it: for tests that need no simulation."""

import numpy as np
import pandas as pd

from calibration.luck import normals, uniforms
from experiments.latent import Latent

YEARS = tuple(range(2015, 2021))
SOURCES = {"income_wage": 0.55, "income_farm": 0.25, "income_business": 0.02, "income_property": 0.01, "income_transfer": 0.17}


def latent(households=60, years=YEARS):
    """Return households of two to five members, lasting and passing incomes, in villages of ten."""
    ids = np.arange(households)
    rows = pd.DataFrame({"household": np.repeat(ids + 5000, len(years)), "wave": np.tile(years, households)})
    number, wave = rows["household"].to_numpy() - 5000, rows["wave"].to_numpy()
    size = 2.0 + number % 4
    gross = size * 9000.0 * np.exp(0.5 * normals(1, "lasting", number) + 0.3 * normals(1, "passing", number, wave))
    rows = rows.assign(group=number % 3, village=number // 10, township=number // 20, size=size, absent=(number % 5 == 0) * 1.0)
    rows = rows.assign(kept_away=rows["absent"] * 0.2 * gross, gross=gross, income_total=gross, premium=350.0 * size)
    rows = rows.assign(**{name: share * gross for name, share in SOURCES.items()})
    medical = np.where(uniforms(1, "ill", number, wave) < 0.4, 3000.0 * uniforms(1, "bill", number, wave), 0.0)
    rows = rows.assign(consumption=0.7 * gross + medical, food=0.3 * gross, medical_spending=medical, debt=1000.0 * (number % 7))
    for name, share in (("dibao", 0.1), ("tekun", 0.02), ("loan", 0.1), ("post", 0.05), ("pension", 0.5), ("monitored", 0.1)):
        rows[name] = uniforms(1, name, number, wave) < share
    rows = rows.assign(ex_poor=number % 3 == 0, registered=False, returned_poor=False)
    return Latent(rows, _members(rows), "plain numbers")


def _members(rows):
    """Return the members of each household and year."""
    people = rows.loc[rows.index.repeat(rows["size"].astype(int)), ["household", "wave", "post"]].reset_index(drop=True)
    place = people.groupby(["household", "wave"]).cumcount().to_numpy()
    person = people["household"].to_numpy() * 10 + place
    wave = people["wave"].to_numpy()
    job = np.array(["farm", "migrant", "none", "local_wage", "self_employed"])[place]
    held = people.pop("post").to_numpy() & (place == 0)
    return people.assign(
        person=person,
        age=(20 + 13 * place + person % 11 + wave - 2015),
        female=place % 2 == 0,
        insured=uniforms(1, "insured", person, wave) < 0.95,
        admitted=uniforms(1, "admitted", person, wave) < 0.15,
        job=job,
        holds_post=held,
        works_months=np.where(np.isin(job, ["migrant", "local_wage"]), 9, 0),
        chronic=person % 3,
        disabled=person % 17 == 0,
        in_school=False,
        schooling=np.array([6, 9, 12])[person % 3],
    )
