"""What a community publishes of its affairs (居务公开; rules A54, A55, B2.5)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import StringConstraints

from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.contracts.burden import BurdenFigure
from onewindow_shared.contracts.common import Contract, Page, Resource
from onewindow_shared.contracts.evaluations import ResultOut
from onewindow_shared.contracts.funding import Movement
from onewindow_shared.contracts.orders import Bar, PublicRefusal

Period = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}Q[1-4]$")]


class Section(StrEnum):
    """What is published each quarter."""

    MONEY = "money"
    CERTIFICATES = "certificates"
    BURDEN = "burden"


class PublicMatter(Contract):
    """A matter on the community's list of the day."""

    code: str
    name: str
    kind: MatterKind
    matter_class: MatterClass
    department: str | None
    first_day: date
    last_day: date | None


class MoneyLine(Contract):
    """What moved on the community's part of the special account in a period, in fen."""

    movement: Movement
    fen: int


class CertificateLine(Contract):
    """Certificates of a kind that were issued and refused in a period; null where so few point at persons."""

    kind: str
    issued: int | None
    refused: int | None


class PublicationOut(Resource):
    """What was to be published, when it was due and when it was published."""

    section: Section
    period: Period
    due_on: date
    provisional: bool
    published_on: date | None
    content: Any
    """What was published, as it was then; null before."""


class FactKind(StrEnum):
    """What is published by itself once it arose."""

    LIST = "list"
    """The lists changed for the community."""
    REFUSAL = "refusal"
    """The result of a refusal of the community's is there."""
    MONEY = "money"
    """Money came to the community or left it."""


class FactOut(Resource):
    """A fact that is to be published by itself, when that is due and when it was done."""

    no: int
    kind: FactKind
    arose_on: date
    due_on: date
    provisional: bool
    published_on: date | None
    content: Any
    """What was published; null before."""


class BarredLine(Contract):
    """Orders of a department that the system did not let through to the community, and why."""

    department: str
    reason: Bar
    count: int


class DisclosurePage(Contract):
    """What everybody may know of a community's affairs, as of the day."""

    community: str
    name: str
    day: date
    year: int
    matters: Page[PublicMatter]
    """The first of the community's list of the day, by code; the others follow on a route of their own."""
    money: list[MoneyLine]
    certificates: list[CertificateLine]
    burden: list[BurdenFigure]
    """The sum of certificates is null, too, where a part of it is."""
    evaluation: list[ResultOut]
    """The latest published results."""
    barred: list[BarredLine]
    """Of the year."""
    refused: list[PublicRefusal]
    """The latest refusals of the community's with a result; words that somebody wrote are not in it."""
    publications: list[PublicationOut]
    """Of the year and the year before, newest first."""
