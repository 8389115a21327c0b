"""What a file does to its paper on the check-list: it hands it in, and takes it back when it has to go."""

from collections.abc import Collection
from functools import reduce

from onewindow_intake.checklist.rules import Look, Paper, lacking
from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.checklist import Pieces
from onewindow_shared.contracts.intake import MaterialForm


def with_file(old: Paper, document: str, material: ItemMaterial, look: Look) -> Paper:
    """Return a paper of which a file came.

    It counts as handed in. It is seen at once only where the window itself sends it and the guide asks for no
    paper; else the window confirms it. What the window has seen already stays as it is.
    """
    if document in old.documents:
        return old
    documents = (*old.documents, document)
    if old.received:
        return old.model_copy(update={"documents": documents})
    at = old.at or look.at
    if look.by is not None and _is_a_file(material):
        return Paper(
            received=True,
            pieces=Pieces(electronic=True),
            documents=documents,
            at=at,
            seen_at=look.at,
            seen_by=look.by,
        )
    handed_in = {"declared": True, "documents": documents, "at": at}
    if old.seen_by is None or not old.pieces:
        handed_in["pieces"] = old.pieces.model_copy(update={"electronic": True})
    return old.model_copy(update=handed_in)


def without_file(old: Paper, document: str, material: ItemMaterial) -> Paper:
    """Return a paper without one of its files; one that nothing else shows is not there any more."""
    left = unnamed(old, document)
    if left.documents or not old.documents:
        return left
    pieces = old.pieces.model_copy(update={"electronic": False})
    stands = not lacking(material, pieces)
    return old.model_copy(
        update={
            "documents": (),
            "pieces": pieces,
            "received": old.received and stands,
            "declared": old.declared and stands,
            "at": old.at if stands else None,
        }
    )


def without_files(old: Paper, documents: Collection[str], material: ItemMaterial) -> Paper:
    """Return a paper without several of its files."""
    return reduce(lambda paper, document: without_file(paper, document, material), documents, old)


def unnamed(old: Paper, document: str) -> Paper:
    """Return a paper that does not name a file any more."""
    return old.model_copy(update={"documents": tuple(one for one in old.documents if one != document)})


def _is_a_file(material: ItemMaterial) -> bool:
    return material.form is MaterialForm.ELECTRONIC or not material.form_stated
