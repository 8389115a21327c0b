"""Errors of documents."""

from onewindow_shared.plumbing.problems import URN, Problem


class DocumentTooLarge(Problem):
    """The document, or this part of it, is larger than is taken."""

    type = URN + "document-too-large"
    title = "Too large"
    status = 413
    most_bytes: int


class UnknownType(Problem):
    """The content is of no type that is taken, whatever its name says."""

    type = URN + "document-type"
    title = "Type of document not taken"
    status = 415
    taken: list[str]


class PartsMissing(Problem):
    """The upload cannot be completed yet; `missing` are the first parts that have to come."""

    type = URN + "parts-missing"
    title = "Parts are missing"
    status = 409
    missing: list[int]


class DocumentEmpty(Problem):
    """What was sent holds nothing; send the file again."""

    type = URN + "document-empty"
    title = "The file is empty"
    status = 409


class DocumentCutOff(Problem):
    """The file begins as one of its type does, but has no end; send the whole of it."""

    type = URN + "document-cut-off"
    title = "The file is not whole"
    status = 409


class UploadClosed(Problem):
    """The upload is complete, or the case takes no more documents."""

    type = URN + "upload-closed"
    title = "Nothing more is taken"
    status = 409


class DocumentWithheld(Problem):
    """The virus scanner has not said that the document is clean."""

    type = URN + "document-withheld"
    title = "Not handed out"
    status = 409
    scan: str
