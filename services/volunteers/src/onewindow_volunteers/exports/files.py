"""The files that leave: a workbook of an area, an archive of one's own data."""

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import BaseModel

from onewindow_shared.contracts.service_certificates import ServiceCertificateRow, ServiceCertificateStatus
from onewindow_shared.contracts.volunteer_exports import VolunteerExportIn
from onewindow_shared.contracts.volunteers import MyRecordOut, VolunteerOut, VolunteerStatus
from onewindow_shared.plumbing.attachments import Attachment, Packed, zip_answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.papers import NOTICE, press
from onewindow_shared.plumbing.runtime import Run
from onewindow_shared.plumbing.sheets import AT_ONCE, Table, xlsx_answer
from onewindow_shared.plumbing.workbooks import Row
from onewindow_volunteers.activities import signups
from onewindow_volunteers.certificates import queries as certificates
from onewindow_volunteers.certificates import service as certifying
from onewindow_volunteers.exports import service
from onewindow_volunteers.imports.rules import COLUMNS, HEADER, cell_of
from onewindow_volunteers.organisations import service as organisations
from onewindow_volunteers.people import service as people
from onewindow_volunteers.records import service as records
from onewindow_volunteers.standing import service as standing
from onewindow_volunteers.stars import service as stars
from onewindow_volunteers.training import service as training

STATUSES: Mapping[VolunteerStatus, str] = {
    VolunteerStatus.REGISTERING: "待核验",
    VolunteerStatus.VERIFIED: "已核验",
    VolunteerStatus.REGISTERED: "已注册",
    VolunteerStatus.SUSPENDED: "已暂停",
    VolunteerStatus.LEFT: "已退出",
}
OWN: Mapping[str, Callable[..., Any]] = {
    "registrations": service.registrations,
    "signups": signups.mine,
    "notices": signups.notices,
    "service-records": records.mine,
    "stars": stars.mine,
    "memberships": organisations.mine,
}
"""Lists of what is one's own, by the name of their file."""
BY_NUMBER: Mapping[str, Callable[..., Any]] = {
    "trainings": training.of,
    "honours": stars.honours,
    "suspensions": standing.of,
}
"""Lists that are asked for by one's number."""


async def area_sheet(run: Run, form: VolunteerExportIn) -> Attachment:
    """Answer with the volunteers of one's area; what was handed in like this can be handed in again."""
    await run.write(service.begin, form)
    header = ("志愿者编号", "状态", "注册时间", *HEADER)
    return await xlsx_answer("volunteers.xlsx", Table("志愿者", header, _slices(run, form)))


async def _slices(run: Run, form: VolunteerExportIn) -> AsyncGenerator[Sequence[Row]]:
    wanted: Wanted | None = Wanted(AT_ONCE)
    rows, zone = 0, run.runtime.settings.zone
    while wanted is not None:
        page = await run.read(service.some, form, wanted)
        rows += len(page.items)
        yield [
            (
                one.volunteer_no,
                STATUSES[one.status],
                one.registered_at.astimezone(zone) if one.registered_at else None,
                *(cell_of(column, _told(one)) for column in COLUMNS),
            )
            for one in page.items
        ]
        wanted = Wanted(AT_ONCE, page.next) if page.next else None
    await run.write(service.end, form, rows)


def _told(one: VolunteerOut) -> dict[str, Any]:
    """Return a volunteer under the names of the form."""
    told = one.model_dump(mode="json")
    if isinstance(one, MyRecordOut):
        return told | one.particulars.model_dump(mode="json")
    document = {"kind": told["id_kind"], "number": told["id_number_masked"]}
    return told | {"name": one.name_masked, "id_document": document, "phone": one.phone_masked}


async def own_data(run: Run) -> Attachment:
    """Answer with all that is kept of oneself: lists as JSON, and the certificates in force as PDF/A."""
    record = await run.read(people.mine)
    return await zip_answer("my-volunteer-data.zip", _own_files(run, record.volunteer_no))


async def _own_files(run: Run, number: str) -> AsyncGenerator[Packed]:
    settings = run.runtime.settings
    now = settings.clock().astimezone(settings.zone)
    yield _json("hours", now, [await run.read(records.my_hours)])
    lists = dict(OWN) | {name: partial(_with_number, of, number) for name, of in BY_NUMBER.items()}
    for name, several in lists.items():
        yield _json(name, now, await _whole(run, several))
    issued: list[ServiceCertificateRow] = await _whole(run, certificates.several)
    yield _json("certificates", now, issued)
    for one in issued:
        if one.status is ServiceCertificateStatus.ISSUED:
            sheet, at = await run.write(certifying.printed, one.certificate_no)
            content = await press(NOTICE).printed(sheet, at)
            yield Packed(f"certificates/{sheet.number}.pdf", at.astimezone(settings.zone), content)


def _with_number(of: Callable[..., Any], number: str, unit: Any, wanted: Wanted) -> Any:
    return of(unit, number, wanted)


async def _whole(run: Run, several: Callable[..., Any]) -> list[Any]:
    """Read a list to its end, page by page."""
    found: list[Any] = []
    wanted: Wanted | None = Wanted(AT_ONCE)
    while wanted is not None:
        page = await run.read(several, wanted)
        found += page.items
        wanted = Wanted(AT_ONCE, page.next) if page.next else None
    return found


def _json(name: str, at: datetime, items: Iterable[BaseModel]) -> Packed:
    told = [item.model_dump(mode="json") for item in items]
    return Packed(f"{name}.json", at, json.dumps(told, ensure_ascii=False, indent=1).encode())
