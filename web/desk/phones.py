"""Phone numbers: checked, brought into E.164, and shown with their middle hidden."""

from __future__ import annotations

from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from web.desk.errors import DeskError

HOME = "CN"
# Calls to the others cost us, and so would be booked to cost us.
CALLABLE = frozenset(
    {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
    }
)


class BadNumber(DeskError):
    """No number that we can call: reason is "form", "region" or "kind"."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"cannot be called: {reason}")
        self.reason = reason


def normalise(text: str, regions: Collection[str]) -> str:
    """Bring a number as customers write it into E.164.

    regions: ISO codes of where we call. Raises BadNumber.
    """
    try:
        number = phonenumbers.parse(text, HOME)
    except NumberParseException:
        raise BadNumber("form") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise BadNumber("form")
    if phonenumbers.region_code_for_number(number) not in regions:
        raise BadNumber("region")
    if phonenumbers.number_type(number) not in CALLABLE:
        raise BadNumber("kind")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(number: str) -> str:
    """Hide the middle of an E.164 number: +8613812345678 → +86 138****5678."""
    parsed = phonenumbers.parse(number)
    national = phonenumbers.national_significant_number(parsed)
    tail = 4 if len(national) >= 9 else 2
    head = min(3, max(1, len(national) - tail - 3))
    hidden = "*" * (len(national) - head - tail)
    return f"+{parsed.country_code} {national[:head]}{hidden}{national[-tail:]}"
