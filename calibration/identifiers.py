"""Direct identifiers of people: found by the names of columns and by the pattern of their values, and refused.

Only counts are told. A file that holds such a column is refused whole, whether the codebook asks for the column or not: it
should not have left its register, and the remedy is to drop the column at the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

_NAMES = {
    "name", "fullname", "respondentname", "headname", "idcard", "idno", "idnumber", "idcardno", "nationalid", "identitycard",
    "phone", "phoneno", "phonenumber", "mobile", "mobileno", "mobilephone", "telephone", "tel", "bankaccount", "bankcard",
    "bankno", "address", "homeaddress", "latitude", "longitude", "gps", "email", "wechat", "passport", "passportno",
    "xingming", "shenfenzheng", "sfz", "sfzh", "dianhua", "shouji", "dizhi",
}  # fmt: skip
"""Names of columns in Latin letters, without signs."""
_CHINESE = re.compile(
    r"姓名|名字|身份证|证件号|手机号|电话|手机|银行卡|银行账|银行帐|开户|卡号|账号|帐号|住址|地址|门牌|经度|纬度|微信|邮箱"
)
_QUESTION = re.compile(r"^(是否|有无|有没有|几|多少)|费|花费|支出|数量|部数|使用|类型|关系")
"""Signs of a question about such a thing, which is no identifier: what was spent on the telephone, whether there is one."""

_ID_CARD = re.compile(r"(?<!\d)([1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dXx])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)")
_BANK_CARD = re.compile(r"(?<!\d)(62\d{14,17})(?!\d)")
_ADDRESS = re.compile(r"(?:村|路|街|巷|弄|组|屯|小区|社区|大道).*\d+.*(?:号|栋|幢|室|楼|单元|户)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SURNAMES = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷段史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖庞樊殷施洪翟安倪鲁颜"
)
_PLACE = re.compile(r"[村庄镇乡县市区省屯社组坪沟湾岭寨街路州旗]$")
_PERSON = re.compile(r"[一-鿿]{2,4}$")


def valid_id_card(text: str) -> bool:
    """Return whether 18 signs are a resident identity number: its check digit fits (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return _CHECK[total % 11] == text[17].upper()


def passes_luhn(text: str) -> bool:
    """Return whether the check digit of a card's number fits (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(text)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def suspicious_name(name: str, label: str = "") -> bool:
    """Return whether a column's name, or the label beside it, is that of a direct identifier."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    return plain in _NAMES or any(_CHINESE.search(text) and not _QUESTION.search(text) for text in (name, label))


def kind_of_identifier(values: pd.Series, is_id: bool = False) -> tuple[str, int]:
    """Return which direct identifier a column's values look like and how many do; an empty word for none.

    Args:
        values: some rows of the column.
        is_id: whether the codebook takes the column for the number of a household, person or place: such numbers may look like
            telephone numbers of one or a few networks.
    """
    texts = _as_texts(values)
    if not texts:
        return "", 0
    for kind, count in _counts(texts, is_id):
        if count:
            return kind, count
    return "", 0


def _as_texts(values: pd.Series) -> list[str]:
    """Return the values that are long enough to be looked at, as text."""
    known = values.dropna()
    if pd.api.types.is_integer_dtype(known.dtype):
        return [str(number) for number in known.to_numpy() if number >= 10**10]
    if pd.api.types.is_numeric_dtype(known.dtype):
        numbers = known.to_numpy(dtype=np.float64)
        # numbers of fewer than eleven digits are no identifier, and there are millions of them
        return [f"{number:.0f}" for number in numbers[(numbers >= 1e10) & np.isfinite(numbers) & (numbers == np.floor(numbers))]]
    return [text for text in known.astype(str).str.strip() if len(text) > 1]


def _counts(texts: list[str], is_id: bool) -> Iterable[tuple[str, int]]:
    """Return the kinds of identifiers with how many values look like each; zero below what chance would give."""
    cards = sum(any(valid_id_card(found) for found in _ID_CARD.findall(text)) for text in texts)
    yield "identity card numbers", cards
    # eighteen digits kept as a number have lost their check digit
    blurred = sum(bool(_ID_CARD.fullmatch(text)) for text in texts)
    yield "identity card numbers", blurred if blurred >= 3 and 10 * blurred >= 8 * len(texts) else 0
    phones = [found for text in texts for found in _MOBILE.findall(text)]
    networks, needed = len({phone[:3] for phone in phones}), min(12 if is_id else 4, max(2, len(phones) // 2))
    yield "mobile phone numbers", len(phones) if len(phones) >= 3 and networks >= needed and 4 * len(phones) >= len(texts) else 0
    banks = sum(any(passes_luhn(found) for found in _BANK_CARD.findall(text)) for text in texts)
    # one in ten numbers passes by chance
    yield "bank card numbers", banks if banks >= 3 and 2 * banks >= len(texts) else 0
    addresses = sum(bool(_ADDRESS.search(text)) for text in texts)
    yield "addresses", addresses if addresses >= 3 and 2 * addresses >= len(texts) else 0
    yield "names of persons", _names(texts)


def _names(texts: list[str]) -> int:
    """Return how many values look like names of persons: short, of many kinds, and mostly beginning with a common surname."""
    different = set(texts)
    alike = [text for text in different if _PERSON.match(text) and text[0] in _SURNAMES and not _PLACE.search(text)]
    return len(alike) if len(alike) >= 5 and 10 * len(alike) >= 7 * len(different) else 0
