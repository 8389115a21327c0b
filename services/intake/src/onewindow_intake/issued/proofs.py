"""The proofs of receipt and of acceptance, from a case as rows have it or as posting writes it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from onewindow_intake.checklist import rules as checklist
from onewindow_intake.checklist.rules import Paper, Papers
from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.documents_issued import DocumentKind, HandedIn, Receipt

Proof = Literal[DocumentKind.RECEIPT, DocumentKind.ACCEPTANCE, DocumentKind.DEEMED_ACCEPTANCE]
OF_THE_CASE = ("received_at", "accepted_on", "statutory_days", "promised_days", "due_on", "provisional")
"""Columns of a case that stand on its proofs."""


def proof(
    kind: Proof,
    head: Mapping[str, Any],
    of_the_case: Mapping[str, Any],
    materials: Sequence[ItemMaterial],
    known: Papers,
) -> Receipt:
    """Write a proof; `of_the_case` has the columns `OF_THE_CASE`, the code, the officer and the notice."""
    came = [(paper, known.get(paper.code, checklist.UNKNOWN)) for paper in materials]
    return Receipt(
        **head,
        **of_the_case,
        kind=kind,
        handed_in=[_listed(paper, one) for paper, one in came if one.received],
        unseen=[_listed(paper, one) for paper, one in came if one.declared],
        missing=checklist.told_missing(materials, known),
    )


def _listed(paper: ItemMaterial, came: Paper) -> HandedIn:
    return HandedIn(code=paper.code, name=paper.name, pieces=came.pieces, origin=came.origin)
