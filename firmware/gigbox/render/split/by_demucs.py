"""demucs as an engine, where it is installed: the best that a computer does at home. Its weights are named by a path, or fetched by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from gigbox.errors import ModelError
from gigbox.rack import Floats

MODEL = "htdemucs"
CALLED = {"vocals": "voice", "drums": "drums", "bass": "bass"}      # all else that a model knows is `other`
ORDER = ("voice", "drums", "bass", "other")


class ByDemucs:
    """`weights`: a .th file that demucs saved, which runs what is in it: take only those that you trust; a folder of them with `htdemucs` in it; or None,
    where demucs fetches its own. ModelError where they cannot be had."""

    def __init__(self, weights: Path | None = None) -> None:
        try:
            self._model = _loaded(weights)
            self._names = [CALLED.get(name, "other") for name in self._model.sources]
        except (Exception, SystemExit) as e:      # demucs has no class of its own for what may go wrong, and ends the program for some of it
            where = weights or f"{MODEL} from its network address"
            raise ModelError(f"--weights: {where} cannot be loaded ({str(e).splitlines()[0][:120] if str(e) else type(e).__name__}), "
                             "expected a .th file of demucs, or none and a network") from None
        if missing := set(CALLED.values()) - set(self._names):
            raise ModelError(f"--weights: {weights or MODEL} knows no {', '.join(sorted(missing))}, expected {', '.join(CALLED)}")
        self.rate = int(self._model.samplerate)
        self.name = f"demucs {weights.name if weights else MODEL}"

    def split(self, sound: Floats) -> Floats:
        import torch
        from demucs.apply import apply_model

        mean, deviation = float(sound.mean()), float(sound.std()) + 1e-8      # as its own separate.py has it
        wave = torch.from_numpy(np.ascontiguousarray((sound.T - mean) / deviation, np.float32))
        with torch.no_grad():
            found = apply_model(self._model, wave[None], shifts=0, device="cpu")[0].numpy() * deviation
        out = np.zeros((len(ORDER), *sound.shape), np.float32)
        for name, part in zip(self._names, found, strict=True):
            out[ORDER.index(name)] += part.T
        return out


def _loaded(weights: Path | None) -> Any:
    if weights is not None and weights.is_file():
        from demucs.states import load_model

        model = load_model(weights)
        model.eval()
        return model
    from demucs.pretrained import get_model

    return get_model(MODEL, weights)
