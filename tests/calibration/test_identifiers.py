"""Direct identifiers are refused by name and by pattern, and what only looks like them is not."""

import numpy as np
import pandas as pd
import pytest

from calibration.identifiers import kind_of_identifier, passes_luhn, suspicious_name, valid_id_card
from calibration.problems import SurveyError
from calibration.reader import read_survey

REFUSED = ("姓名", "户主姓名", "证件号码", "身份证号", "联系电话", "手机号码", "银行卡号", "家庭住址")
REFUSED_IN_LATIN = ("name", "ID_card", "Mobile", "phone_no", "Bank-Account")
ALLOWED = ("工资性收入", "手机花费", "是否有手机", "与户主关系", "户编号", "行政村", "是否有身份证", "电话费支出")
ALLOWED_IN_LATIN = ("fid18", "pid", "income_name_code", "urban18")


def card(number):
    """Return a made identity number with its right check digit."""
    start = f"110101{1950 + number % 50}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    return next(start + check for check in "0123456789X" if valid_id_card(start + check))


def bank(number):
    start = f"622202{number:09d}"
    return next(start + str(check) for check in range(10) if passes_luhn(start + str(check)))


PHONES = [f"{prefix}{3127000 + 9173 * place:08d}" for place, prefix in enumerate((130, 138, 151, 159, 177, 186, 199, 135))]
NAMES = ["王小明", "李芳", "张建国", "刘洋", "陈静", "杨帆", "黄丽华", "赵刚"]
COLUMNS = {
    "identity card numbers": [card(number) for number in range(8)],
    "mobile phone numbers": PHONES,
    "bank card numbers": [bank(number) for number in range(8)],
    "names of persons": NAMES,
    "addresses": [f"某某村{number}组{number + 3}号" for number in range(8)],
}


@pytest.mark.parametrize("name", REFUSED + REFUSED_IN_LATIN)
def test_names_of_columns_are_refused(name):
    assert suspicious_name(name)


@pytest.mark.parametrize("name", ALLOWED + ALLOWED_IN_LATIN)
def test_questions_about_such_things_are_not(name):
    assert not suspicious_name(name)


def test_labels_beside_the_names_count():
    assert suspicious_name("a001", "受访者姓名") and not suspicious_name("a002", "是否有手机")


def test_the_example_of_the_standard_has_its_check_digit():
    # GB 11643-1999 gives 11010519491231002X and 440524188001010014 as examples
    assert valid_id_card("11010519491231002X") and valid_id_card("440524188001010014")
    assert not valid_id_card("110105194912310021")


def test_a_known_card_number_passes_luhn():
    assert passes_luhn("4111111111111111") and not passes_luhn("4111111111111112")


@pytest.mark.parametrize("kind", COLUMNS)
def test_patterns_of_values_are_found(kind):
    assert kind_of_identifier(pd.Series(COLUMNS[kind])) == (kind, 8)


def test_one_identity_number_in_a_remark_is_enough():
    assert kind_of_identifier(pd.Series(["无", "已核实", f"证件{card(5)}已核", "低保"]))[0] == "identity card numbers"


def test_numbers_kept_as_numbers_are_found():
    assert kind_of_identifier(pd.Series([int(number) for number in PHONES]))[0] == "mobile phone numbers"
    digits = [float(number[:17] + "0") for number in COLUMNS["identity card numbers"]]
    assert kind_of_identifier(pd.Series(digits))[0] == "identity card numbers"


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(1).lognormal(9.5, 1.0, 5000),
        np.arange(110_000_000, 110_005_000),
        [f"13010200{number:03d}" for number in range(300)],
        ["王家村", "李庄", "张家湾", "刘屯", "陈寨", "杨庄村"] * 10,
        ["务农", "县内务工", "县外务工", "未就业"] * 10,
        [f"6217{number * 7919 % 10**12:012d}" for number in range(200)],
    ],
    ids=["incomes", "survey ids", "ids that begin with a province", "villages", "jobs", "long ids"],
)
def test_what_only_looks_like_them_is_let_through(values):
    assert kind_of_identifier(pd.Series(values), is_id=True) == ("", 0)


def test_a_file_with_identifiers_is_refused_whole_with_the_remedy_and_no_value(tmp_path):
    file = tmp_path / "export.csv"
    rows = pd.DataFrame({"户编号": range(8), "姓名": NAMES, "备注": COLUMNS["identity card numbers"], "x": PHONES, "年度": 2020})
    rows.to_csv(file, index=False)
    with pytest.raises(SurveyError) as caught:
        read_survey(file, "monitoring")
    text = str(caught.value)
    assert "姓名: a direct identifier by its name" in text
    assert "备注: identity card numbers: 8 of 8 rows" in text and "x: mobile phone numbers: 8 of 8 rows" in text
    assert "drop the column where the file comes from" in text
    assert not any(value in text for values in COLUMNS.values() for value in values)
