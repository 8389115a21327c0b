"""Errors of files."""

from onewindow_shared.plumbing.problems import URN, Problem


class UnknownFile(Problem):
    """Send YAML as `application/yaml`, or a workbook under its own media type."""

    type = URN + "unknown-file"
    title = "Neither YAML nor a workbook"
    status = 415


class UnreadableFile(Problem):
    """The file cannot be read at all; `detail` says why."""

    type = URN + "unreadable-file"
    title = "Unreadable file"
    status = 422


class FileTooLarge(Problem):
    """The file is larger than a catalogue may be."""

    type = URN + "file-too-large"
    title = "File too large"
    status = 413
