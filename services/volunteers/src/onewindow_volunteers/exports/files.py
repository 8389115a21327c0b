"""The files that leave: a workbook of an area, an archive of one's own data."""

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from pydantic import BaseModel

from onewindow_shared.contracts.service_certificates import ServiceCertificateStatus
from onewindow_shared.contracts.volunteer_exports import VolunteerExportIn
from onewindow_shared.contracts.volunteers import MyRecordOut, VolunteerOut, VolunteerStatus
from onewindow_shared.plumbing.attachments import Attachment, Packed, zip_answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.papers import NOTICE, press
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.runtime import Run
from onewindow_shared.plumbing.sheets import AT_ONCE, Table, xlsx_answer
from onewindow_shared.plumbing.unit import Actor, system_actor
from onewindow_shared.plumbing.workbooks import Row
from onewindow_volunteers.certificates import service as certifying
from onewindow_volunteers.exports import own, service
from onewindow_volunteers.imports.rules import COLUMNS, HEADER, cell_of
from onewindow_volunteers.people import reading as people
from onewindow_volunteers.records import service as records

STATUSES: Mapping[VolunteerStatus, str] = {
    VolunteerStatus.REGISTERING: "待核验",
    VolunteerStatus.VERIFIED: "已核验",
    VolunteerStatus.REGISTERED: "已注册",
    VolunteerStatus.SUSPENDED: "已暂停",
    VolunteerStatus.LEFT: "已退出",
}


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
        if form.full:
            await run.write(service.told, page.items)
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
    await run.read(people.mine)
    return await zip_answer("my-volunteer-data.zip", _own_files(run))


async def _own_files(run: Run) -> AsyncGenerator[Packed]:
    settings = run.runtime.settings
    now = settings.clock().astimezone(settings.zone)
    yield _json("hours", now, [await run.read(records.my_hours)])
    found: dict[str, list[Any]] = {}
    for one in own.OWN:
        found[one.name] = await _whole(run.actor, run, one.read)
        yield _json(one.name, now, found[one.name])
    numbers = [registration.volunteer_no for registration in found["registrations"]]
    for one in own.BY_NUMBER:
        several = [await _whole(run.actor, run, one.read, number) for number in numbers]
        yield _json(one.name, now, list(chain.from_iterable(several)))
    system = system_actor(run.runtime.name, run.actor.request_id)
    taken_down = await _whole(system, run, own.TAKEN_DOWN.read, run.actor.subject)
    yield _json(own.TAKEN_DOWN.name, now, taken_down)
    for certificate in found["certificates"]:
        if certificate.status is ServiceCertificateStatus.ISSUED:
            try:
                sheet, at = await run.write(certifying.printed, certificate.certificate_no)
            except MoveRefused:
                continue
            content = await press(NOTICE).printed(sheet, at)
            yield Packed(f"certificates/{sheet.number}.pdf", at.astimezone(settings.zone), content)


async def _whole(actor: Actor, run: Run, several: Callable[..., Any], *args: str) -> list[Any]:
    """Read a list to its end, page by page."""
    found: list[Any] = []
    wanted: Wanted | None = Wanted(AT_ONCE)
    while wanted is not None:
        page = await run.runtime.read(actor, several, *args, wanted)
        found += page.items
        wanted = Wanted(AT_ONCE, page.next) if page.next else None
    return found


def _json(name: str, at: datetime, items: Iterable[BaseModel]) -> Packed:
    told = [item.model_dump(mode="json") for item in items]
    return Packed(f"{name}.json", at, json.dumps(told, ensure_ascii=False, indent=1).encode())
