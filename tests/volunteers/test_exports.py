"""An area's volunteers and one's own data leave as files: masked unless permitted, whole, and written down."""

import io
import json
import zipfile
from typing import Any

from python_calamine import CalamineWorkbook

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.volunteers import RegistrationIn
from onewindow_volunteers.imports.rules import COLUMNS, HEADER, cell_of, form_of
from testkit.api import XIAN, Api
from volunteers.organiser import Helper, Organiser
from volunteers.signup import BASE, Citizen, sign_up
from volunteers.test_certificates import confirmed, issued
from volunteers.test_privacy import audited

REASON = "年度核对志愿者名册"


def take(api: Api, role: Role = Role.COMMUNITY_MANAGER, area: str = XIAN, **form: Any) -> Any:
    path = f"{BASE}/people/export"
    return api.client.post(path, json={"reason": REASON, **form}, headers=api.people.headers(role, area))


def rows(file: bytes) -> list[dict[str, str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    header, *others = [[str(cell) for cell in row] for row in sheet]
    return [dict(zip(header, row, strict=False)) for row in others]


def test_an_area_is_masked_unless_one_may_see_more(api: Api, wang: Citizen) -> None:
    sign_up(api, wang, skills=["=1+1"])
    masked = take(api, status="registered")
    assert masked.status_code == 200, masked.text
    (one,) = rows(masked.content)
    assert one["状态"] == "已注册"
    assert one["专业技能"] == "=1+1", "a text, never a formula"
    assert not wang.secrets() & set(one.values())
    assert take(api, Role.STREET_SUPERVISOR, XIAN[:9], full=True).status_code == 403
    assert take(api, Role.WINDOW_CLERK).status_code == 403
    (full,) = rows(take(api, status="registered", full=True).content)
    assert (full["姓名"], full["证件号码"]) == (wang.name, wang.id_document["number"])
    done = [
        (record.reason, record.detail["rows"], record.detail["full"])
        for record in audited(api, "volunteer.exported")
    ]
    assert done == [(REASON, 1, False), (REASON, 1, True)]


def test_what_is_written_of_somebody_is_read_again(wang: Citizen) -> None:
    form = RegistrationIn.model_validate(wang.form(consent=["registration"]))
    told = form.model_dump(mode="json")
    cells = {header: cell_of(column, told) for header, column in zip(HEADER, COLUMNS, strict=True)}
    assert form_of(cells) == form


def test_ones_own_data_are_one_file(api: Api) -> None:
    organiser = Organiser(api)
    helper, other = Helper.registered(api, 61), Helper.registered(api, 62)
    confirmed(organiser, helper)
    confirmed(organiser, other)
    certificate = issued(helper)
    answer = helper.ask("GET", "people/me/data")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files[f"certificates/{certificate['certificate_no']}.pdf"].startswith(b"%PDF")
    told = {name: json.loads(file) for name, file in files.items() if name.endswith(".json")}
    assert told["registrations.json"][0]["particulars"]["name"] == helper.citizen.name
    assert len(told["service-records.json"]) == len(told["signups.json"]) == 1
    assert other.record["volunteer_no"] not in json.dumps(told)
    nobody = Citizen(8).headers(api)
    assert api.client.get(f"{BASE}/people/me/data", headers=nobody).status_code == 404
