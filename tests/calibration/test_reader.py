"""Files of every kind and shape come back as written; whatever is wrong is told in counts, all of it, without a value."""

import shutil

import numpy as np
import pandas as pd
import pytest
from villages import latent

from calibration.codebook import load_codebook
from calibration.made import Design, make_survey
from calibration.panel import make_panel
from calibration.problems import SurveyError
from calibration.reader import read_files, read_survey
from calibration.shape import write_shape

CASES = [("cfps", kind) for kind in ("dta", "sav", "csv", "xlsx", "parquet")]
CASES += [("monitoring", kind) for kind in ("csv", "xlsx", "parquet")] + [("charls", kind) for kind in ("dta", "csv")]
WAVES = {"cfps": (2016, 2018, 2020), "monitoring": (2018, 2019, 2020), "charls": (2015, 2018)}
SECRET = 73135.75
"""An amount that no message may show."""


@pytest.fixture(scope="module")
def truth():
    return latent()


def survey(truth, shape):
    book = load_codebook(shape)
    return book, make_survey(truth, Design(WAVES[shape], operator=book.meta.operator), seed=3)


@pytest.mark.parametrize(("shape", "kind"), CASES)
def test_what_was_written_is_read(truth, tmp_path, shape, kind):
    book, panel = survey(truth, shape)
    write_shape(panel, book, tmp_path, kind)
    read = read_survey(tmp_path, shape)
    assert read.waves == panel.waves and read.meta.operator == book.meta.operator and read.meta.interval == book.meta.interval
    for table in ("households", "persons"):
        before, after = panel.table(table), read.table(table)
        assert len(before) == len(after)
        for name in set(before.columns) & set(after.columns) - {"job", "weight"}:
            np.testing.assert_allclose(
                after[name].to_numpy(np.float64), before[name].to_numpy(np.float64), rtol=1e-6, atol=1e-5, err_msg=name
            )
    if shape != "monitoring":  # an export knows no weights
        np.testing.assert_allclose(read.households["weight"], panel.households["weight"], rtol=1e-6)


def test_jobs_that_a_survey_does_not_tell_apart_are_read_as_it_asks(truth, tmp_path):
    book, panel = survey(truth, "cfps")
    write_shape(panel, book, tmp_path, "csv")
    jobs = read_survey(tmp_path, "cfps").persons["job"]
    assert dict(jobs.value_counts()) == dict(
        panel.persons["job"].replace({"migrant": "wage", "local_wage": "wage"}).value_counts()
    )


def test_gbk_text_is_found_out_or_named(truth, tmp_path):
    book, panel = survey(truth, "monitoring")
    (file,) = write_shape(panel, book, tmp_path, "csv", encoding="gb18030")
    for encoding in ("", "gb18030"):
        assert len(read_survey(file, "monitoring", encoding).persons) == len(panel.persons)
    assert "another encoding" in told(file, "monitoring", "utf-8")


def told(path, book, encoding="", least_waves=1):
    """Return the message of a refusal."""
    with pytest.raises(SurveyError) as caught:
        read_survey(path, book, encoding, least_waves)
    return str(caught.value)


@pytest.fixture
def export(truth, tmp_path):
    """Return a function that writes a monitoring export, changed, and its path."""
    book, panel = survey(truth, "monitoring")
    (file,) = write_shape(panel, book, tmp_path, "csv")
    rows = pd.read_csv(file)

    def write(change):
        frame = change(rows.copy())
        frame.to_csv(file, index=False)
        return file

    return write


def test_doubled_persons_are_counted(export):
    file = export(lambda rows: pd.concat([rows, rows.head(3)]))
    assert "persons: person+wave: the same person twice in a wave: 6 of" in told(file, "monitoring")


def test_doubled_households_are_counted(truth, tmp_path):
    book, panel = survey(truth, "cfps")
    files = write_shape(panel, book, tmp_path, "parquet")
    rows = pd.read_parquet(files[0])
    pd.concat([rows, rows.head(2)]).to_parquet(files[0], index=False)
    assert "households: household+wave: the same household twice in a wave: 4 of" in told(tmp_path, "cfps")


def test_impossible_ages_and_unlabelled_codes_are_told_together(export):
    def change(rows):
        rows.loc[[0, 1, 2], "年龄"] = [-7, 133, 250]
        rows.loc[[5, 6], "性别"] = ["雌", "牝"]
        rows.loc[9, "就业情况"] = "打零工"
        return rows

    text = told(export(change), "monitoring")
    assert "性别: without a code: 2 of" in text and "(2 different)" in text and "就业情况: without a code: 1 of" in text
    assert "雌" not in text and "打零工" not in text

    def only_ages(rows):
        rows.loc[[0, 1, 2], "年龄"] = [-7, 133, 250]
        return rows

    text = told(export(only_ages), "monitoring")
    assert "persons: age: impossible: 3 of" in text and "133" not in text


def test_mixed_units_within_a_file(export):
    def change(rows):
        some = rows["户编号"] % 5 == 0
        rows.loc[some, "家庭纯收入"] /= 10000
        return rows

    text = told(export(change), "monitoring")
    assert "income_total: perhaps 万元 among yuan, far below all others" in text and "checked: true" in text


def test_one_wave_in_another_unit(export):
    def change(rows):
        rows.loc[rows["年度"] == 2019, "家庭纯收入"] /= 10000
        return rows

    assert "ten thousand times another wave's" in told(export(change), "monitoring")


def test_all_in_another_unit_than_the_codebook_says(export):
    assert "half of the amounts are too small for yuan a year" in told(
        export(lambda rows: rows.assign(家庭纯收入=rows["家庭纯收入"] / 10000)), "monitoring"
    )


def test_all_missing_income(export):
    assert "income_total: all missing" in told(export(lambda rows: rows.assign(家庭纯收入=np.nan)), "monitoring")


def test_a_question_that_nobody_answered_is_left_out_and_said(export):
    panel = read_survey(export(lambda rows: rows.assign(转移性收入=np.nan)), "monitoring")
    assert not panel.has("income_transfer")
    assert any(note.en == "income_transfer: never answered, left out" for note in panel.notes)


def test_one_wave_is_read_with_a_note_and_refused_where_two_are_needed(export):
    file = export(lambda rows: rows[rows["年度"] == 2019])
    assert any("one wave only" in note.en for note in read_survey(file, "monitoring").notes)
    assert "1 wave; allowed: 2 waves or more" in told(file, "monitoring", least_waves=2)


def test_ten_rows_are_read_with_a_note(export):
    panel = read_survey(export(lambda rows: rows.head(10)), "monitoring")
    assert len(panel.persons) == 10 and any("very imprecise" in note.en for note in panel.notes)


def test_text_among_amounts_is_counted(export):
    def change(rows):
        rows["家庭纯收入"] = rows["家庭纯收入"].astype(object)
        rows.loc[rows.index[:4], "家庭纯收入"] = "73135.75左右"
        return rows

    text = told(export(change), "monitoring")
    assert "家庭纯收入: not a number: 4 of" in text and str(SECRET) not in text


def test_thousands_may_be_parted_by_commas(export):
    def change(rows):
        rows["家庭纯收入"] = [f"{value:,.2f}" for value in rows["家庭纯收入"]]
        return rows

    plain = read_survey(export(lambda rows: rows), "monitoring").households["income_total"]
    parted = read_survey(export(change), "monitoring").households["income_total"]
    np.testing.assert_allclose(parted, plain, atol=0.006)


def test_rows_of_a_household_that_differ_are_counted(export):
    def change(rows):
        rows.loc[0, "家庭纯收入"] = SECRET
        return rows

    text = told(export(change), "monitoring")
    assert "differs among the rows of a household: 1 of" in text and str(SECRET) not in text


def test_a_missing_variable_is_named_with_the_nearest(export):
    text = told(export(lambda rows: rows.rename(columns={"年度": "年份"})), "monitoring")
    assert "年度: missing; allowed: the year of the wave" in text
    text = told(export(lambda rows: rows.rename(columns={"家庭人口": "家庭人口s"})), "monitoring")
    assert "no variable 家庭人口, 家庭人口数" in text and "did you mean '家庭人口s'?" in text


def test_a_wrong_codebook_says_which_fits_better(truth, tmp_path):
    book, panel = survey(truth, "monitoring")
    (file,) = write_shape(panel, book, tmp_path, "csv")
    text = told(file, "cfps")
    assert "0 of the" in text and "variables of codebook cfps" in text and "codebook=monitoring fits better" in text


def test_files_of_other_names_say_which_codebook_fits_better(truth, tmp_path):
    book, panel = survey(truth, "cfps")
    write_shape(panel, book, tmp_path, "csv")
    text = told(tmp_path, "charls")
    assert "none fits the codebook; allowed: names like *CHARLS*" in text and "codebook=cfps fits better" in text


def test_who_moved_to_another_household_is_lost_to_a_wide_file(truth, tmp_path):
    book, panel = survey(truth, "charls")
    people = panel.persons.copy()
    later = people["wave"] == panel.waves[-1]
    mover = people.loc[later, "person"].iloc[0]
    home, other = people.loc[later & (people["person"] == mover), "household"].iloc[0], people.loc[later, "household"].iloc[-1]
    people.loc[later & (people["person"] == mover), "household"] = other
    write_shape(make_panel(panel.households, people, panel.meta), book, tmp_path, "csv")
    found = read_survey(tmp_path, "charls")
    assert home != other and found.waves == panel.waves and len(found.persons) == len(people) - 1


def test_persons_whose_households_are_numbered_in_another_way(truth, tmp_path):
    book, panel = survey(truth, "cfps")
    for file in write_shape(panel, book, tmp_path, "csv"):
        if "person" in file.name:
            rows = pd.read_csv(file)
            rows.assign(**{name: rows[name] + 10**7 for name in rows if name.startswith("fid")}).to_csv(file, index=False)
    assert f"of no household: {len(panel.persons)} of {len(panel.persons)} rows" in told(tmp_path, "cfps")


def test_an_encoding_that_there_is_not(export):
    assert "an encoding that there is not" in told(export(lambda rows: rows), "monitoring", "gb2323")


def test_an_unknown_codebook_gets_the_nearest(tmp_path):
    assert "did you mean 'charls'?" in told(tmp_path, "charl")


def test_no_files_and_no_file(tmp_path):
    assert "no survey files in it" in told(tmp_path, "cfps")
    assert "no such file or folder" in told(tmp_path / "panel.dta", "cfps")
    assert "no such file or folder" in told(tmp_path / "panels", "cfps")
    (tmp_path / "panel.xls").write_text("x")
    assert "ending '.xls'; allowed: .dta, .sav" in told(tmp_path / "panel.xls", "cfps")
    (tmp_path / "panel.csv").write_text("")
    assert "empty" in told(tmp_path / "panel.csv", "cfps")


@pytest.mark.parametrize("kind", ["dta", "sav", "xlsx", "parquet"])
def test_a_file_that_breaks_off(truth, tmp_path, kind):
    book, panel = survey(truth, "cfps")
    files = write_shape(panel, book, tmp_path, kind)
    whole = files[0].read_bytes()
    files[0].write_bytes(whole[: int(len(whole) * 0.7)])
    text = told(tmp_path, "cfps")
    assert "cannot be read" in text or "breaks off" in text


def test_a_text_file_that_breaks_off(export):
    file = export(lambda rows: rows)
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.rstrip().rfind(b",", 0, len(whole) - 12)])
    assert "breaks off: its last row has" in told(file, "monitoring")


def test_rows_without_weight_are_left_out_and_counted(truth, tmp_path):
    book, panel = survey(truth, "cfps")
    files = write_shape(panel, book, tmp_path, "parquet")
    rows = pd.read_parquet(files[0])
    rows.loc[:1, "fswt_natpn1018n"] = [0.0, -8.0]
    rows.to_parquet(files[0], index=False)
    reading = read_files(tmp_path, "cfps")
    assert len(reading.panel.households) == len(panel.households) - 2
    assert any(note.en.startswith("2 household rows without a weight") for note in reading.panel.notes)
    assert [file.rows for file in reading.files[:1]] == [len(rows)]


def test_rows_are_read_in_chunks_with_the_same_result(truth, tmp_path, monkeypatch):
    book, panel = survey(truth, "cfps")
    for kind in ("dta", "csv", "parquet"):
        folder = tmp_path / kind
        folder.mkdir()
        write_shape(panel, book, folder, kind)
        whole = read_survey(folder, "cfps")
        monkeypatch.setattr("calibration.files.CHUNK", 97)
        pieces = read_survey(folder, "cfps")
        monkeypatch.undo()
        pd.testing.assert_frame_equal(pieces.households, whole.households)
        pd.testing.assert_frame_equal(pieces.persons, whole.persons)


def test_other_files_of_a_folder_are_left_alone(truth, tmp_path):
    book, panel = survey(truth, "cfps")
    write_shape(panel, book, tmp_path, "parquet")
    (tmp_path / "readme.txt").write_text("姓名,电话\n")
    shutil.copy(tmp_path / "made_2016_person.parquet", tmp_path / "other_2016.parquet")
    assert len(read_survey(tmp_path, "cfps").persons) == len(panel.persons)


def test_an_error_that_nobody_foresaw_shows_its_place_and_no_value(export, monkeypatch):
    def broken(*given):
        raise KeyError(SECRET)

    monkeypatch.setattr("calibration.reader.number_units", broken)
    text = told(export(lambda rows: rows), "monitoring")
    assert "KeyError at test_reader.py:" in text and str(SECRET) not in text


def test_long_ids_and_text_are_told_apart_to_the_last_digit(export):
    plain = read_survey(export(lambda rows: rows), "monitoring")
    for longer in (lambda number: f"{number:021d}", lambda number: f"4113{number:017d}", lambda number: f"V{number}"):

        def change(rows, longer=longer):
            return rows.assign(户编号=[longer(number) for number in rows["户编号"]])

        read = read_survey(export(change), "monitoring")
        assert read.households["household"].nunique() == plain.households["household"].nunique()
        assert len(read.households) == len(plain.households)


def test_ids_that_have_lost_digits_are_refused(truth, tmp_path):
    book, panel = survey(truth, "cfps")
    files = write_shape(panel, book, tmp_path, "parquet")
    rows = pd.read_parquet(files[0])
    rows["fid16"] = rows["fid16"] * 1e14
    rows.to_parquet(files[0], index=False)
    assert f"fid16: too long for a number: {len(rows)} of {len(rows)} rows" in told(tmp_path, "cfps")


def test_only_rows_that_the_codebook_keeps_are_read(truth, tmp_path):
    book, panel = survey(truth, "charls")
    (file,) = write_shape(panel, book, tmp_path, "csv")
    rows = pd.read_csv(file)
    rows.loc[rows["householdID"] == rows["householdID"].iloc[0], ["h3rural", "h4rural"]] = 0
    rows.to_csv(file, index=False)
    reading = read_files(file, "charls")
    assert reading.panel.households["household"].nunique() == panel.households["household"].nunique() - 1
    assert all(one.kept < one.rows for one in reading.files)


def test_an_income_can_be_negative_and_a_missing_code_is_not(truth, tmp_path):
    book, panel = survey(truth, "cfps")
    files = write_shape(panel, book, tmp_path, "parquet")
    rows = pd.read_parquet(files[0])
    rows["foperate_1"] = rows["foperate_1"].to_numpy(float)
    rows.loc[rows.index[:2], "foperate_1"] = [-2500.0, -8.0]
    rows.to_parquet(files[0], index=False)
    told_farm = read_survey(tmp_path, "cfps").households["income_farm"]
    assert told_farm.iloc[0] == -2500.0 and np.isnan(told_farm.iloc[1])
