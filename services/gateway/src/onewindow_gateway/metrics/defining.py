"""How a definition is put together."""

from dataclasses import dataclass
from typing import Literal

from onewindow_gateway.metrics.counters import COUNTED, POPULATION, Words
from onewindow_gateway.settings import Weights
from onewindow_shared.contracts.indicators import Aim, Definition
from onewindow_shared.contracts.metrics import Metric


@dataclass(frozen=True)
class Target:
    """What is aimed at, in words and in numbers, the nearest aim first."""

    words: Words
    aims: tuple[Aim, ...] = ()


ALL = Target(("100%", "100%"), (Aim(least=1),))
NONE = Target(("0", "0"), (Aim(most=0),))


def at_least(number: float, zh: str, en: str) -> Target:
    """Aim at a number or more."""
    return Target((zh, en), (Aim(least=number),))


def at_most(number: float, zh: str, en: str) -> Target:
    """Aim at a number or less."""
    return Target((zh, en), (Aim(most=number),))


def definition(
    id_: str,
    names: Words,
    over: Metric,
    under: Metric | Literal["population"] | None = None,
    *,
    target: Target | None = None,
    source: str,
) -> Definition:
    """Return the definition of a count, or of what it is a share of."""
    formula, formula_en = COUNTED[over]
    if under is not None:
        whole = COUNTED[under] if isinstance(under, Metric) else POPULATION
        formula, formula_en = f"{formula} ÷ {whole[0]}", f"{formula_en} ÷ {whole[1]}"
    return Definition(
        id=id_,
        name=names[0],
        name_en=names[1],
        formula=formula,
        formula_en=formula_en,
        numerator=over,
        denominator=under if isinstance(under, Metric) else None,
        denominator_is_population=under == "population",
        is_share=under is not None,
        target=target.words[0] if target else None,
        target_en=target.words[1] if target else None,
        aims=list(target.aims) if target else [],
        source=source,
    )


def per(definition: Definition) -> Definition:
    """Return the definition of so many for each, which is no part of a whole."""
    return definition.model_copy(update={"is_share": False})


def percentile(definition: Definition, share: int) -> Definition:
    """Return the definition of the days in which so many per cent of what is counted were through."""
    zh, en = COUNTED[Metric.CASES_HANDLED]
    words = {
        "formula": f"{zh}中 {share}% 不超过的受理至决定工作日数",
        "formula_en": f"working days from acceptance to decision that {share}% of the {en} did not exceed",
    }
    return definition.model_copy(update={"percentile": share, "is_share": False, **words})


def index(id_: str, names: Words, weights: Weights, source: str) -> Definition:
    """Return the definition of an index, which weighs other indicators."""
    weighed = " + ".join(f"{weight:g}×{name}" for name, weight in weights.items())
    return Definition(
        id=id_,
        name=names[0],
        name_en=names[1],
        formula=f"（{weighed}）÷ 权数之和；没有可评判对象的指标及其权数不计",
        formula_en=f"({weighed}) ÷ the sum of the weights; without those of which there was nothing to judge",
        numerator=None,
        denominator=None,
        denominator_is_population=False,
        weights={str(name): weight for name, weight in weights.items()},
        is_share=True,
        target=None,
        target_en=None,
        aims=[],
        source=source,
    )
