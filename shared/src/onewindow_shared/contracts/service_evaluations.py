"""How well a volunteer served, as the organisation and whoever was helped say (民政部令第67号 art. 10)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Text, Whole
from onewindow_shared.contracts.needs import NeedProofIn

Stars = Annotated[Whole, Field(ge=1, le=5)]


class EvaluatedBy(StrEnum):
    """Whose word it is."""

    ORGANISATION = "organisation"
    RESIDENT = "resident"
    """Whoever was helped, by number and code of the need."""


class ServiceEvaluationIn(Contract):
    """How well somebody served."""

    stars: Stars
    words: Text | None = None


class NeedEvaluationIn(NeedProofIn, ServiceEvaluationIn):
    """How well somebody helped, as the resident says by number and code."""


class ServiceEvaluationOut(Contract):
    """What was said of a service, once by each side."""

    evaluation_id: int
    record_id: int
    by: EvaluatedBy
    stars: int
    words: str | None
    """Null also once the volunteer's data were erased on request."""
    evaluated_on: date
    late: bool
    """After the limit for recording (art. 11)."""
