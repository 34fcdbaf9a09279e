"""The model is cheap enough: 16 channels take no more than a tenth of one core, brain and engine together."""

from __future__ import annotations

from gigbox.render.cost import denoise_cost, mixing_cost
from tests.pace import slowness


def test_sixteen_channels_take_a_tenth_of_a_core_at_most() -> None:
    cost = denoise_cost(16)
    print(f"brain {100 * cost.brain:.1f} %, engine {100 * cost.engine:.1f} % of a core")
    assert cost.brain + cost.engine <= 0.10 * slowness()


def test_recognising_and_mixing_sixteen_channels_takes_a_twentieth_of_a_core_at_most() -> None:
    cost = mixing_cost(16)
    print(f"{100 * cost:.1f} % of a core")
    assert cost <= 0.05 * slowness()
