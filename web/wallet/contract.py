"""What the wallet answers, as docs/wallet-api.yaml says: anything else is refused as a whole."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{3,31}$")]
Kind = Literal["payment", "transfer", "withdrawal", "topup", "refund", "fee"]
Status = Literal["PDNG", "BOOK", "RJCT", "CANC", "AUTH"]
Step = Literal["requested", "merchant_approved", "processing", "bank", "credited", "refused"]
Wish = Literal["Freeze", "Unfreeze", "Refund", "Dispute", "Verification"]
Version = Annotated[int, Field(ge=1)]


class Part(BaseModel):
    """Types are not bent; what a newer wallet says besides is left out."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Amount(Part):
    """Whole minor units: 8650 CNY are 86.50 yuan."""

    MinorUnits: Annotated[int, Field(ge=0, le=10**12)]
    Currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Counterparty(Part):
    """Who was paid, or who paid."""

    Name: Annotated[str, StringConstraints(min_length=1, max_length=70)]
    Kind: Literal["Merchant", "Person", "Bank", "Wallet"]


class RefundStep(Part):
    """A step that was reached."""

    Step: Step
    DateTime: AwareDatetime


class Refund(Part):
    """A refund; the last step is where it stands."""

    RefundId: Id
    Amount: Amount
    Steps: Annotated[list[RefundStep], Field(min_length=1, max_length=20)]
    ExpectedDateTime: AwareDatetime | None = None


class Card(Part):
    """A card by issuer and last four digits alone."""

    Issuer: Annotated[str, StringConstraints(min_length=1, max_length=35)]
    LastFour: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


# A field with a default hides the class of its name while the model is made.
_Amount: TypeAlias = Amount
_Card: TypeAlias = Card
_Refund: TypeAlias = Refund


class Transaction(Part):
    """One transaction of a customer's."""

    TransactionId: Id
    CustomerId: str
    Kind: Kind
    CreditDebitIndicator: Literal["Credit", "Debit"]
    Counterparty: Counterparty
    Amount: Amount
    DateTime: AwareDatetime
    Status: Status
    Version: Version
    ChargeAmount: _Amount | None = None
    StatusReason: Code | None = None
    ExpectedDateTime: AwareDatetime | None = None
    Card: _Card | None = None
    Refund: _Refund | None = None


class Account(Part):
    """An account's state; never a balance."""

    CustomerId: str
    Status: Literal["active", "locked", "frozen"]
    Version: Version
    StatusReason: Code | None = None
    Since: AwareDatetime | None = None


class Incident(Part):
    """Something that is broken for many."""

    IncidentId: Id
    Kinds: Annotated[list[Kind], Field(min_length=1)]
    Started: AwareDatetime
    Ended: AwareDatetime | None = None


class Request(Part):
    """Something that the wallet was asked to do."""

    RequestId: Id
    CustomerId: str
    Kind: Wish
    Status: Literal["accepted", "completed", "refused"]
    DateTime: AwareDatetime
    Version: Version
    StatusReason: Code | None = None
    TransactionId: Id | None = None


_Transaction: TypeAlias = Transaction
_Request: TypeAlias = Request
_Incident: TypeAlias = Incident


class Meta(Part):
    """Whose data it is and how it stood when."""

    CustomerId: str
    AsOf: AwareDatetime


class Links(Part):
    """The next page's cursor."""

    Next: Annotated[str, StringConstraints(max_length=200)] | None = None


class TransactionList(Part):
    """The transactions of a page."""

    Transaction: Annotated[list[Transaction], Field(max_length=100)]


class Transactions(Part):
    """A page."""

    Data: TransactionList
    Links: Links
    Meta: Meta


class OneTransaction(Part):
    """A transaction by itself."""

    Data: Transaction
    Meta: Meta


class OneAccount(Part):
    """An account by itself."""

    Data: Account
    Meta: Meta


class CardList(Part):
    """Cards."""

    Card: Annotated[list[Card], Field(max_length=50)]


class Cards(Part):
    """A customer's cards."""

    Data: CardList
    Meta: Meta


class IncidentList(Part):
    """Incidents."""

    Incident: Annotated[list[Incident], Field(max_length=50)]


class Incidents(Part):
    """What is broken now, or was within a day."""

    Data: IncidentList


class OneRequest(Part):
    """A request by itself."""

    Data: Request
    Meta: Meta


class Event(Part):
    """What the wallet tells by itself."""

    EventId: Id
    Type: Literal["request.changed", "transaction.suspicious", "refund.credited", "incident.ended"]
    DateTime: AwareDatetime
    CustomerId: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    Transaction: _Transaction | None = None
    Request: _Request | None = None
    Incident: _Incident | None = None
