"""The certificates of a batch as one archive, printed while it leaves."""

from collections.abc import AsyncGenerator

from onewindow_shared.plumbing.attachments import Attachment, Packed, zip_answer
from onewindow_shared.plumbing.papers import NOTICE, press
from onewindow_shared.plumbing.runtime import Run
from onewindow_volunteers.batches import service


async def taken_away(run: Run, batch_no: int) -> Attachment:
    """Answer with the certificates that are in force; each is written down, as it names somebody."""
    await run.read(service.one, batch_no)
    return await zip_answer(f"certificates-{batch_no}.zip", _papers(run, batch_no))


async def _papers(run: Run, batch_no: int) -> AsyncGenerator[Packed]:
    after, zone = -1, run.runtime.settings.zone
    while some := await run.write(service.printed, batch_no, after):
        for _, sheet, at in some:
            content = await press(NOTICE).printed(sheet, at)
            yield Packed(f"{sheet.number}.pdf", at.astimezone(zone), content)
        after = some[-1][0]
