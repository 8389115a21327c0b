"""What keeps a volunteer from serving."""

from onewindow_shared.plumbing.problems import URN, Problem


class RecordingNotAgreedTo(Problem):
    """The volunteer does not agree to `service_records`, and whoever serves is written down."""

    type = URN + "recording-not-agreed-to"
    title = "Recording is not agreed to"
    status = 409
