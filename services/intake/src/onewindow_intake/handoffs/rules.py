"""Who may offer a case and who may settle an offer (首问负责, rules B1.6)."""


def faults(responsible: str, taker: str, subject: str) -> dict[str, str]:
    """Return what is wrong with an offer: field -> reason."""
    if taker == (responsible or subject):
        return {"taker": "this officer is responsible already"}
    return {}


def may_offer(responsible: str, subject: str) -> bool:
    """Say whether an account may offer a case to somebody: only who is responsible hands it over.

    A case from home that nobody has dealt with yet may be offered by whoever reaches it.
    """
    return responsible in {"", subject}
