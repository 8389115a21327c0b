"""What a community publishes of its affairs (居务公开; rules A54, A55, B2.5)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import StringConstraints

from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.contracts.burden import BurdenFigure
from onewindow_shared.contracts.common import Contract, Resource
from onewindow_shared.contracts.evaluations import ResultOut
from onewindow_shared.contracts.funding import Movement

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
    """Certificates of a kind that were issued and refused in a period."""

    kind: str
    issued: int
    refused: int


class PublicationOut(Resource):
    """What was to be published, when it was due and when it was published."""

    section: Section
    period: Period
    due_on: date
    provisional: bool
    published_on: date | None
    content: Any
    """What was published, as it was then; null before."""


class DisclosurePage(Contract):
    """What everybody may know of a community's affairs, as of the day."""

    community: str
    name: str
    day: date
    year: int
    matters: list[PublicMatter]
    money: list[MoneyLine]
    certificates: list[CertificateLine]
    burden: list[BurdenFigure]
    evaluation: list[ResultOut]
    """The latest published results."""
    publications: list[PublicationOut]
    """Of the year and the year before, newest first."""
