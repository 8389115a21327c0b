"""Renders a page in the language, size and colours that its reader chose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from onewindow_gateway.pages import english

HERE = Path(__file__).parent
COOKIE = "display"
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
CHOICES = {
    "language": ("zh", "en"),
    "size": ("normal", "large", "largest"),
    "scheme": ("auto", "light", "dark", "contrast"),
}
"""What a reader may choose, the usual first."""


@dataclass(frozen=True)
class Display:
    """How somebody wants to read; nothing of it says who they are."""

    language: str = "zh"
    size: str = "normal"
    scheme: str = "auto"

    @classmethod
    def of(cls, cookies: Mapping[str, str]) -> Self:
        """Read what the browser kept; what is none of the choices is the usual."""
        said = cookies.get(COOKIE, "").split(".")
        return cls().choosing(dict(zip(CHOICES, said, strict=False)))

    def choosing(self, chosen: Mapping[str, str]) -> Self:
        """Return this with those of the choices that there are."""
        return replace(self, **{name: value for name, value in chosen.items() if value in CHOICES[name]})

    @property
    def kept(self) -> str:
        """What the browser keeps."""
        return f"{self.language}.{self.size}.{self.scheme}"

    def words(self, chinese: str, english: str) -> str:
        """Return one of the two."""
        return english if self.language == "en" else chinese

    def chinese(self, text: str) -> Markup:
        """Mark what there is in Chinese alone, so that it is read aloud as such."""
        return (
            Markup('<span lang="zh-CN">{}</span>').format(text)
            if self.language == "en"
            else Markup("{}").format(text)
        )

    def said(self, text: str, english: str | None) -> Markup:
        """Return what a service says, or the same in English where there is any."""
        if self.language == "en" and english is not None:
            return Markup("{}").format(english)
        return self.chinese(text)

    def day(self, day: date) -> str:
        """Return a day as it is read."""
        return self.words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}")


@dataclass(frozen=True)
class Shown:
    """Who reads which page."""

    display: Display
    zone: ZoneInfo
    path: str

    def moment(self, at: datetime) -> str:
        """Return a moment as it is read in the district."""
        local = at.astimezone(self.zone)
        return f"{self.display.day(local.date())} {local:%H:%M}"

    def page(self, template: str, *, status: int = 200, **said: Any) -> HTMLResponse:
        """Render a page."""
        text = TEMPLATES.get_template(template).render(
            t=self.display.words,
            zh=self.display.chinese,
            said=self.display.said,
            english=english,
            day=self.display.day,
            moment=self.moment,
            display=self.display,
            path=self.path,
            **said,
        )
        return HTMLResponse(text, status, headers=POLICY)
