"""Says what the wallet knows, in the words of data/wallet.yml; what it may not keep is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from faq.wallet import Concern, Reason, Words
from web.desk.masking import mask
from web.desk.texts import clean
from web.wallet.contract import Account, Amount, Incident, Transaction

DONE = ("credited", "refused")  # steps after which a refund waits for nothing


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts what was found into words, in a time zone."""

    words: Words
    zone: ZoneInfo

    def say(self, name: str, **values: str) -> str:
        """Say a sentence."""
        text = self.words.says[name]
        for place, value in values.items():
            text = text.replace("{" + place + "}", value)
        return text

    def source(self, as_of: datetime) -> str:
        """Say where an answer comes from, and when it was so."""
        return self.say("source", when=self.moment(as_of))

    def moment(self, at: datetime) -> str:
        """Write a time as customers read it."""
        here = at.astimezone(self.zone)
        return self.say(
            "moment", month=str(here.month), day=str(here.day), time=here.strftime("%H:%M")
        )

    def date(self, at: datetime) -> str:
        """Write a day."""
        here = at.astimezone(self.zone)
        return self.say("date", month=str(here.month), day=str(here.day))

    def amount(self, amount: Amount) -> str:
        """Write an amount."""
        value = f"{amount.MinorUnits // 100}.{amount.MinorUnits % 100:02}"
        if amount.Currency == "CNY":
            return self.say("amount", value=value)
        return self.say("other_amount", value=value, currency=amount.Currency)

    def payee(self, one: Transaction) -> str:
        """Name the other side; of a person only the last character."""
        name = mask(clean(one.Counterparty.Name).strip(), "order_number")[0]
        if one.Counterparty.Kind == "Person":
            return self.say("person", last=name[-1:])
        return name

    def label(self, one: Transaction) -> str:
        """Write a transaction in one line."""
        return self.say(
            "label",
            time=self.moment(one.DateTime),
            payee=self.payee(one),
            amount=self.amount(one.Amount),
            state=self.state(one),
        )

    def state(self, one: Transaction) -> str:
        """Name the state, of a payment with what it is: 付款失败."""
        if one.Status == "AUTH":
            return self.words.states["AUTH"]
        return self.words.kinds[one.Kind] + self.words.states[one.Status]

    def card(self, one: Transaction) -> dict[str, str]:
        """Return what the card keeps of a chosen transaction."""
        reason = self.words.reason(one.StatusReason)
        kept = {
            "id": one.TransactionId,
            "kind": self.words.kinds[one.Kind],
            "payee": self.payee(one),
            "amount": self.amount(one.Amount),
            "time": self.moment(one.DateTime),
            "state": self.state(one),
        }
        return {**kept, "reason": reason.says} if reason else kept

    def chosen(
        self,
        one: Transaction,
        as_of: datetime,
        now: datetime,
        concern: Concern | None,
        pair: Transaction | None,
        incident: Incident | None = None,
    ) -> dict[str, Any]:
        """Tell of a transaction: {id, text, faq, goes_on, flow, facts, answers}.

        faq: with the steps of the remedy. goes_on: the wallet does not say all, so the flow asks
        the rest by hand, but for what answers hold: slot → value. pair: another charge just like
        it.
        """
        lines = [self._about(one)]
        reason = self.words.reason(one.StatusReason)
        faq, goes_on = None, False
        name = concern.name if concern else self.concern_of(one).name
        if one.Status in ("RJCT", "CANC"):
            faq, goes_on = self._failed(lines, reason)
        elif name == "refund":
            goes_on = self._refund(lines, one, now)
        elif name == "dispute":
            goes_on = self._dispute(lines, one, pair)
        elif name == "fee":
            self._fee(lines, one)
        elif one.Status == "PDNG":
            self._pending(lines, one, now)
        elif name == "wrong_transfer":
            goes_on = True
        elif one.Status == "BOOK":
            lines.append(self.say("booked_not_received", id=one.TransactionId))
        if incident is not None and (one.Status == "PDNG" or (reason and reason.system)):
            lines.append(self.say("incident", kind=self.words.kinds[one.Kind]))
        lines.append(self.source(as_of))
        facts = {
            "time": self.moment(one.DateTime),
            "amount": self.amount(one.Amount),
            "order_number": one.TransactionId,
            "counterparty": self.payee(one),
        }
        if reason and not reason.unknown:
            facts["error_text"] = reason.says
        concern = concern or self.concern_of(one)
        flows = concern.flows
        unasked = name == "refund" and one.Refund is None and goes_on
        answers = [concern.no_refund] if unasked and concern.no_refund else []
        return {
            "id": one.TransactionId,
            "text": "\n".join(lines),
            "faq": faq,
            "goes_on": goes_on and bool(flows),
            "flow": min(flows, default=None),
            "facts": facts,
            "answers": dict(answers),
        }

    def again(
        self, one: Transaction, as_of: datetime, now: datetime, incident: Incident | None
    ) -> str:
        """Say how far a transaction is that was told before, and when it will be done."""
        refund = one.Refund
        step = self.words.refund[refund.Steps[-1].Step] if refund else None
        lines = [self.say("still", state=step.title if step else self.state(one))]
        expected = refund.ExpectedDateTime if refund else one.ExpectedDateTime
        over = one.Status == "BOOK" and refund is None
        if step is not None and refund is not None and refund.Steps[-1].Step in DONE:
            lines.append(self.say("refund_do", do=step.do))
        elif refund is not None and expected is not None:
            name = "refund_expected" if expected > now else "refund_late"
            lines.append(self.say(name, expected=self.date(expected)))
        elif one.Status == "PDNG":
            self._pending(lines, one, now)
        elif incident is not None:
            lines.append(self.say("incident", kind=self.words.kinds[one.Kind]))
        elif one.Status in ("RJCT", "CANC"):
            reason = self.words.reason(one.StatusReason)
            if reason is not None and not reason.unknown:
                lines.append(self.say("because", reason=reason.says, remedy=reason.remedy))
        elif not over:
            lines.append(self.say("no_time"))
        return "\n".join([*lines, self.source(as_of)])

    def concern_of(self, one: Transaction) -> Concern:
        """Return what is most likely asked about a transaction that the app named by itself."""
        concerns = self.words.concerns
        if one.Kind == "payment" and one.Status in ("RJCT", "CANC"):
            return concerns["pay_failed"]
        if one.Kind == "payment":
            return concerns["refund"] if one.Refund else concerns["dispute"]
        return concerns.get(one.Kind) or concerns["dispute"]

    def account(self, account: Account, as_of: datetime) -> str:
        """Tell of an account's state: why it is held, and the way out."""
        source = self.source(as_of)
        if account.Status == "active":
            return f"{self.say('account_active')}\n{source}"
        hold = self.words.holds.get(account.StatusReason or "MS03") or self.words.holds["MS03"]
        text = self.say(
            "account_held",
            since=self.moment(account.Since or as_of),
            held=self.words.held[account.Status],
            reason=hold.says,
            remedy=hold.remedy,
        )
        return f"{text}\n{source}"

    def request(self, kind: str, about: Mapping[str, str] | None) -> str:
        """Name what the wallet is asked to do. about: the card's part of the transaction."""
        what = self.words.requests[kind]
        if not about:
            return what
        parts = {place: about.get(place, "") for place in ("payee", "amount", "time")}
        return self.say("about_request", what=what, **parts)

    def why_not(self, kind: str, code: str | None) -> Reason:
        """Return why the wallet refused a request, and what helps."""
        known = self.words.holds if kind in ("Freeze", "Unfreeze") else self.words.reasons
        return known.get(code or "") or Reason(self.say("no_reason"), "", unknown=True)

    def told(self, name: str, one: Transaction) -> str:
        """Say one of the sentences that name a transaction: suspicious, refund_arrived."""
        values = {"time": self.moment(one.DateTime), "payee": self.payee(one),
                  "kind": self.words.kinds[one.Kind]}  # fmt: skip
        amount = one.Refund.Amount if name == "refund_arrived" and one.Refund else one.Amount
        return self.say(name, amount=self.amount(amount), **values)

    def _about(self, one: Transaction) -> str:
        return self.say(
            "about" if one.CreditDebitIndicator == "Debit" else "about_in",
            time=self.moment(one.DateTime),
            payee=self.payee(one),
            kind=self.words.kinds[one.Kind],
            amount=self.amount(one.Amount),
            state=self.words.states[one.Status],
        )

    def _failed(self, lines: list[str], reason: Reason | None) -> tuple[str | None, bool]:
        if reason is None or reason.unknown:
            lines.append(self.say("unknown_reason"))
            return None, True
        lines.append(self.say("because", reason=reason.says, remedy=reason.remedy))
        return reason.faq, False

    def _pending(self, lines: list[str], one: Transaction, now: datetime) -> None:
        if one.ExpectedDateTime is None:
            lines.append(self.say("pending_open"))
        else:
            name = "pending" if one.ExpectedDateTime > now else "pending_late"
            lines.append(self.say(name, expected=self.moment(one.ExpectedDateTime)))

    def _refund(self, lines: list[str], one: Transaction, now: datetime) -> bool:
        refund = one.Refund
        if refund is None:
            lines.append(self.say("no_refund"))
            return True
        step = self.words.refund[refund.Steps[-1].Step]
        amount = self.amount(refund.Amount)
        lines.append(self.say("refund_step", amount=amount, step=step.title, means=step.means))
        if refund.ExpectedDateTime is not None and refund.Steps[-1].Step not in DONE:
            late = refund.ExpectedDateTime < now
            expected = self.date(refund.ExpectedDateTime)
            lines.append(self.say("refund_late" if late else "refund_expected", expected=expected))
        lines.append(self.say("refund_do", do=step.do))
        return False

    def _dispute(self, lines: list[str], one: Transaction, pair: Transaction | None) -> bool:
        if one.ChargeAmount is not None and one.ChargeAmount.MinorUnits:
            self._fee(lines, one)
        if pair is None:
            if one.Status == "PDNG":
                lines.append(self.say("pending_open"))
            return True
        held = next((each for each in (one, pair) if each.Status == "AUTH"), None)
        if held is not None:
            lines.append(self.say("authorisation", first=self.moment(held.DateTime)))
            return False
        first, second = sorted((one, pair), key=lambda each: each.DateTime)
        times = {"first": self.moment(first.DateTime), "second": self.moment(second.DateTime)}
        lines.append(self.say("duplicate", **times))
        return True

    def _fee(self, lines: list[str], one: Transaction) -> None:
        charge = one.ChargeAmount
        if charge is None or not charge.MinorUnits:
            lines.append(self.say("no_fee"))
        else:
            lines.append(self.say("fee", fee=self.amount(charge)))
