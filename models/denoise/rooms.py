"""Rooms that a pair is played in: measured ones, nearer and further away, and made ones."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.denoise.looks import RATE

MEASURED, MADE = 64, 96     # of each about so many


def many(measured: Tensor) -> Tensor:
    """Impulse responses (rooms, frames) of one power, from `measured` ones (n, frames)."""
    times = max(1, MEASURED // len(measured))
    frames, device = measured.shape[1], measured.device
    rooms = torch.cat([measured.repeat(times, 1) * _tails(times * len(measured), frames, device), _made(MADE, frames, device)])
    return rooms / rooms.square().sum(-1, keepdim=True).sqrt()


def _tails(n: int, frames: int, device: torch.device) -> Tensor:
    """Measured rooms, nearer or further away: what comes 2 ms after the first sound is louder or softer."""
    gain = 10 ** (torch.empty(n, 1, device=device).uniform_(-12, 3) / 20)
    return torch.where(torch.arange(frames, device=device) < 120, 1.0, gain)


def _made(n: int, frames: int, device: torch.device) -> Tensor:
    """A direct sound, a few reflections, and noise that decays, faster at the top."""
    t = torch.arange(frames, device=device) / RATE
    seconds = 0.15 * 10 ** torch.rand(n, 1, device=device)
    tail = torch.randn(n, frames, device=device) * 10 ** (-3 * t / seconds)
    dark = nn.functional.avg_pool1d(nn.functional.pad(tail[:, None], (4, 0)), 5, 1)[:, 0] * 3
    room = (tail * 10 ** (-2 * t / seconds) + dark) * (t > torch.empty(n, 1, device=device).uniform_(0.002, 0.02))
    for _ in range(6):
        at = torch.randint(60, 2400, (n, 1), device=device)
        room.scatter_add_(1, at, torch.empty(n, 1, device=device).uniform_(-5, 5))
    room = room / room.square().sum(-1, keepdim=True).sqrt() * 10 ** (torch.empty(n, 1, device=device).uniform_(-16, 3) / 20)
    room[:, 0] = 1
    return room
