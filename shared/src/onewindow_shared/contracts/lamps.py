"""Warning lamps of limits (预警)."""

from enum import StrEnum


class Lamp(StrEnum):
    """How near the last day of a limit is; none is lit while there is time enough, nor after the end."""

    YELLOW = "yellow"
    """黄灯: it is near."""
    ORANGE = "orange"
    """橙灯: it is today."""
    RED = "red"
    """红灯: it is over."""
