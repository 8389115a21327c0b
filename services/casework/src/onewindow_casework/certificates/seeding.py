"""Puts what law and policy say of certificates on a district's lists."""

from importlib.resources import files
from typing import Any

import yaml

from onewindow_casework.matters.models import Matter
from onewindow_casework.matters.service import keep
from onewindow_shared.contracts.admission import Basis, MatterClass, MatterKind
from onewindow_shared.plumbing.unit import Unit

CLASSES = {"not_issued": MatterClass.NOT_ISSUED, "may_issue": MatterClass.AUTONOMY}


def keep_certificates(unit: Unit, district: str) -> None:
    """Add the certificates that the district's lists do not have; what is there already stays."""
    for listed, matter_class in CLASSES.items():
        part = document()[listed]
        basis = Basis(document=part["document"], quote=part["quote"], source=part["source"])
        for entry in part["certificates"]:
            matter = Matter(
                district=district,
                code=entry["code"],
                name=entry["name"],
                aliases=entry["aliases"],
                phrases=entry["phrases"],
                kind=MatterKind.CERTIFICATE,
                matter_class=matter_class,
                basis=[basis.model_dump()],
                instead=entry["instead"],
            )
            keep(unit, matter)


def document() -> Any:
    """Return what is known of certificates, and of what other places decided."""
    file = files("onewindow_casework") / "seed" / "certificates.yaml"
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
