"""Pairs of a wanted and an unwanted sound, made on the device that trains: takes in a row, held notes, rooms, telephones, silence, sudden starts.

A pool of them is renewed all the time; a batch mixes each anew: with the unwanted sound of another pair, at another ratio and level.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.denoise.looks import RATE
from models.denoise.singing import pads, sung
from models.denoise.takes import FRAMES, Takes

VOICE, INSTRUMENT, NOTHING = 1.0, -1.0, 0.0
SPEECH, SUNG, PLAYED, PAD, NONE = range(5)
WANTED = torch.tensor([0.50, 0.16, 0.19, 0.07, 0.08])                  # how often each of these
RECORDED, MADE, TEXTURE, BABBLE, BLEED = range(5)
UNWANTED = torch.tensor([0.40, 0.24, 0.14, 0.14, 0.08])
ROOM_FFT = 1 << 19


@dataclass
class Mixture:
    """(n, FRAMES) what a microphone hears and what of it is wanted; (n,) its role, what is wanted at all, and the highest Hz that says anything."""

    sound: Tensor
    wanted: Tensor
    role: Tensor
    kind: Tensor
    limit: Tensor
    scale: Tensor


class Maker:
    """Makes pairs. `made`: takes of noises that code made."""

    def __init__(self, takes: dict[str, Takes], made: Takes, rooms: Tensor, babbles: int = 128) -> None:
        self.takes, self.made, self.rooms, self.device = takes, made, rooms, rooms.device
        self.babble = torch.zeros(babbles, FRAMES, dtype=torch.float16, device=self.device)
        self.babbled = 0
        while self.babbled < babbles:
            self.renew_babble(min(8, babbles))

    def pairs(self, n: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(n, FRAMES) wanted and unwanted at unit RMS (or silent), (n,) kind and limit in Hz."""
        kind = self._which(WANTED, n)
        wanted, limit = torch.zeros(n, FRAMES, device=self.device), torch.full((n,), 20000.0, device=self.device)
        for k, make in ((SPEECH, self._said), (SUNG, self._sung), (PLAYED, self._played), (PAD, self._padded)):
            who = (kind == k).nonzero().flatten()
            if len(who):
                wanted[who], limit[who] = make(len(who))
        what = self._which(UNWANTED, n)
        what = torch.where((what == BLEED) & (kind > SUNG), RECORDED, what)
        unwanted = torch.zeros(n, FRAMES, device=self.device)
        makers = {RECORDED: self._recorded, MADE: self._made, TEXTURE: self._texture, BABBLE: self._babble, BLEED: self._bleed}
        for k, make_noise in makers.items():
            who = (what == k).nonzero().flatten()
            if len(who):
                unwanted[who] = _level(make_noise(len(who)))
        second = ((what < BABBLE) & (self.rand(n) < 0.45)).nonzero().flatten()
        if len(second):
            other = torch.where(self.rand(len(second), 1) < 0.5, self._recorded(len(second)), self._made(len(second)))
            unwanted[second] += _level(other) * 10 ** (self.rand(len(second), 1, low=-15, high=5) / 20)
        roomy = self.rand(n) < 0.4
        room = torch.randint(len(self.rooms), (n,), device=self.device)
        wanted = self._in_room(wanted, roomy & (kind != NONE), room)
        unwanted = self._in_room(unwanted, roomy & (self.rand(n) < 0.5), torch.where(self.rand(n) < 0.7, room.roll(1), room))
        wanted, unwanted = self._coloured(wanted, 5.0), self._coloured(unwanted, 10.0)
        return _level(wanted), _level(unwanted), kind, limit

    def _said(self, n: int) -> tuple[Tensor, Tensor]:
        return self._rows("speech", n, octaves=0.35, same=0.25)

    def _played(self, n: int) -> tuple[Tensor, Tensor]:
        return self._rows("instrument", n, octaves=0.35, same=0.3)

    def _rows(self, kind: str, n: int, octaves: float, same: float) -> tuple[Tensor, Tensor]:
        begin = torch.where(self.rand(n) < 0.4, 0.0, self.rand(n, high=1.5 * RATE)).floor()
        gap = torch.where(self.rand(n, 12) < 0.5, self.rand(n, 12, low=0.05, high=0.4), self.rand(n, 12, low=0.4, high=2.0)) * RATE
        sound, limit = self.takes[kind].rows(n, self._speed(n, octaves, same), begin, gap.floor(), vary_db=4, fade=480)
        return sound * self.rand(n, 1, low=-1).sign() * self._swells(n), limit

    def _sung(self, n: int) -> tuple[Tensor, Tensor]:
        return self._from_some_time_on(sung(n, FRAMES, self.device)), torch.full((n,), 18000.0, device=self.device)

    def _padded(self, n: int) -> tuple[Tensor, Tensor]:
        return self._from_some_time_on(pads(n, FRAMES, self.device)), torch.full((n,), 18000.0, device=self.device)

    def _from_some_time_on(self, sound: Tensor) -> Tensor:
        """Half of them sound from the first moment; others come in within 2 s, some at once."""
        n = len(sound)
        begin = torch.where(self.rand(n, 1) < 0.5, 0.0, self.rand(n, 1, high=2.0 * RATE))
        return sound * ((torch.arange(FRAMES, device=self.device) - begin) / self.rand(n, 1, low=48, high=9600)).clamp(0, 1)

    def _recorded(self, n: int) -> Tensor:
        begin, gap = -self.rand(n, high=2.0 * RATE).floor(), torch.zeros(n, 20, device=self.device)
        return self.takes["noise"].rows(n, self._speed(n, 0.8, 0.2), begin, gap, vary_db=0, fade=240)[0]

    def _made(self, n: int) -> Tensor:
        zero = torch.zeros(n, device=self.device)
        return self.made.rows(n, self._speed(n, 0.3, 0.3), zero, torch.zeros(n, 3, device=self.device), vary_db=0, fade=240)[0]

    def _texture(self, n: int) -> Tensor:
        """Noise without end that has the mean spectrum of a recorded noise, or of a voice; half of it breathes slowly."""
        like = self._recorded(n)
        voices = (self.rand(n) < 0.15).nonzero().flatten()
        if len(voices):
            like[voices] = self._said(len(voices))[0]
        mean = torch.fft.rfft(like.unfold(-1, 4096, 4096) * torch.hann_window(4096, device=self.device)).abs().square().mean(1).sqrt()
        shape = nn.functional.interpolate(mean[:, None], FRAMES // 2 + 1, mode="linear", align_corners=True)[:, 0]
        sound = torch.fft.irfft(torch.fft.rfft(torch.randn(n, FRAMES, device=self.device)) * shape, n=FRAMES)
        breath = nn.functional.interpolate(torch.randn(n, 1, 12, device=self.device), FRAMES, mode="linear", align_corners=True)[:, 0]
        return _level(sound) * 10 ** (torch.where(self.rand(n, 1) < 0.5, self.rand(n, 1, low=1, high=7), 0.0) * breath / 20)

    def _babble(self, n: int) -> Tensor:
        sound = self.babble[torch.randint(len(self.babble), (n,), device=self.device)].float()
        return sound.roll(int(torch.randint(FRAMES, (1,))), 1)

    def _bleed(self, n: int) -> Tensor:
        gap = self.rand(n, 8, high=RATE).floor()
        return self.takes["instrument"].rows(n, self._speed(n, 0.8, 0.2), torch.zeros(n, device=self.device), gap, vary_db=0, fade=480)[0]

    def renew_babble(self, n: int) -> None:
        """Three to eight voices, near or in a room, and sometimes a crowd."""
        gap = self.rand(8 * n, 16, high=0.5 * RATE).floor()
        voices = self.takes["speech"].rows(8 * n, self._speed(8 * n, 0.25, 0.0), -self.rand(8 * n, high=2.0 * RATE).floor(), gap, vary_db=4, fade=480)[0]
        there = (torch.arange(8, device=self.device) < torch.randint(3, 9, (n, 1), device=self.device)).float()
        sound = (voices.view(n, 8, FRAMES) * (there * 10 ** (self.rand(n, 8, low=-8, high=0) / 20))[..., None]).sum(1)
        crowd = (self.rand(n, 1) < 0.5).float()
        sound = sound + crowd * (sound.flip(1).roll(FRAMES // 3, 1) + sound.roll(FRAMES // 2, 1))
        sound = self._in_room(sound, self.rand(n) < 0.6, torch.randint(len(self.rooms), (n,), device=self.device))
        at = self.babbled % len(self.babble)
        self.babble[at:at + n] = _level(sound)[: len(self.babble) - at].half()
        self.babbled += n

    def _in_room(self, sound: Tensor, where: Tensor, room: Tensor) -> Tensor:
        who = where.nonzero().flatten()
        if len(who):
            wet = torch.fft.rfft(sound[who], n=ROOM_FFT) * torch.fft.rfft(self.rooms[room[who]].float(), n=ROOM_FFT)
            sound[who] = torch.fft.irfft(wet, n=ROOM_FFT)[:, :FRAMES]
        return sound

    def _coloured(self, sound: Tensor, db: float) -> Tensor:
        """Tilt and a hump or two, as microphones and equalisers make them."""
        n = len(sound)
        at = (torch.arange(1025, device=self.device) / 1024 * 24000 + 30).log2().sub(9.6).div(5)
        curve = torch.randn(n, 1, device=self.device) * db / 2 * at
        for _ in range(2):
            hump = (at - self.rand(n, 1, low=-1)) / self.rand(n, 1, low=0.1, high=0.5)
            curve = curve + torch.randn(n, 1, device=self.device) * db / 2 * torch.exp(-0.5 * hump.square())
        taps = torch.fft.irfft(10 ** (curve / 20)).roll(1024, 1) * torch.hann_window(2048, device=self.device)      # linear phase, 21 ms
        size = 1 << 19
        return torch.fft.irfft(torch.fft.rfft(sound, n=size) * torch.fft.rfft(taps, n=size), n=size)[:, 1024:FRAMES + 1024]

    def _swells(self, n: int) -> Tensor:
        """A third of them grow louder and softer as music does."""
        swell = nn.functional.interpolate(torch.randn(n, 1, 8, device=self.device), FRAMES, mode="linear", align_corners=True)[:, 0]
        return 10 ** (torch.where(self.rand(n, 1) < 0.33, self.rand(n, 1, low=1, high=6), 0.0) * swell / 20)

    def _speed(self, n: int, octaves: float, same: float) -> Tensor:
        return torch.where(self.rand(n) < same, 1.0, 2 ** self.rand(n, low=-octaves, high=octaves))

    def _which(self, often: Tensor, n: int) -> Tensor:
        return torch.multinomial(often.to(self.device), n, replacement=True)

    def rand(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        return torch.empty(shape, device=self.device).uniform_(low, high)


class Pool:
    """Pairs in memory, and mixtures of them."""

    def __init__(self, maker: Maker, room_for: int) -> None:
        self.maker, self.device = maker, maker.device
        self.sounds = torch.zeros(room_for, 2, FRAMES, dtype=torch.float16, device=self.device)
        self.kind, self.limit = torch.zeros(room_for, dtype=torch.long, device=self.device), torch.zeros(room_for, device=self.device)
        self.made = 0

    def make(self, n: int) -> None:
        """New pairs, in place of the oldest."""
        at = self.made % len(self.sounds)
        n = min(n, len(self.sounds) - at)
        wanted, unwanted, self.kind[at:at + n], self.limit[at:at + n] = self.maker.pairs(n)
        self.sounds[at:at + n, 0], self.sounds[at:at + n, 1] = wanted.half(), unwanted.half()
        self.made += n

    def batch(self, n: int) -> Mixture:
        """n mixtures: levels of -70 to -3 dBFS, ratios of -5 to 25 dB, one in eight nearly clean; digital silence, telephones, DC."""
        rand = self.maker.rand
        index = torch.randperm(min(self.made, len(self.sounds)), device=self.device)[:n]
        wanted, unwanted = self.sounds[index, 0].float(), self.sounds[index, 1].float()
        swap = (rand(n) < 0.6).nonzero().flatten()
        unwanted[swap] = unwanted[swap.roll(1)]
        kind, limit = self.kind[index], self.limit[index].clone()
        there = kind != NONE
        ratio = torch.where(rand(n) < 0.13, rand(n, low=28, high=70), rand(n, low=-5, high=25))
        ratio = torch.where((rand(n) < 0.03) & there, 200.0, ratio)                                   # and some have no noise at all
        level = torch.where(rand(n) < 0.75, rand(n, low=-45, high=-14), rand(n, low=-70, high=-3))
        active = _active(wanted)
        s = torch.where(there, 10 ** (level / 20) / active, 0.0)[:, None]
        u = (10 ** ((level - torch.where(there, ratio, rand(n, high=25))) / 20) / _active(unwanted))[:, None]
        wanted, unwanted = wanted * s, unwanted * u
        hiss = 10 ** (torch.where(rand(n, 1) < 0.25, -160.0, rand(n, 1, low=-115, high=-80)) / 20)    # the microphone's own noise
        unwanted = unwanted + hiss * torch.randn(n, FRAMES, device=self.device)
        silent = self._silences(n)
        wanted, unwanted = wanted * silent, unwanted * silent
        phone = (rand(n) < 0.08).nonzero().flatten()
        if len(phone):
            wanted[phone], unwanted[phone] = (self._telephone(x[phone]) for x in (wanted, unwanted))
            limit[phone] = limit[phone].clamp(max=3800)
        constant = torch.where(rand(n, 1) < 0.06, rand(n, 1, low=-0.25, high=0.25), 0.0)
        role = torch.where(kind <= SUNG, VOICE, torch.where(kind == NONE, torch.where(rand(n) < 0.5, VOICE, INSTRUMENT), INSTRUMENT))
        role = torch.where(rand(n) < 0.3, NOTHING, role)
        power = s[:, 0].square() * active.square() * there + u[:, 0].square() + 1e-14
        return Mixture(wanted + unwanted + constant, wanted, role, kind, limit, 1 / power)

    def _silences(self, n: int) -> Tensor:
        """(n, FRAMES) of 1; true zeros at the beginning of one in seven, and a hole in one in fourteen: a cable, a gate, a player."""
        rand = self.maker.rand
        t = torch.arange(FRAMES, device=self.device)
        until = torch.where(rand(n, 1) < 0.14, rand(n, 1, low=0.05, high=2.5), -1.0) * RATE
        hole = torch.where(rand(n, 1) < 0.07, rand(n, 1, low=2.5, high=5.0), 99.0) * RATE
        return ((t > until) & ~((t > hole) & (t < hole + rand(n, 1, low=0.1, high=1.5) * RATE))).float()

    def _telephone(self, sound: Tensor) -> Tensor:
        """300 to 3400 Hz, as steep as the resampling of an 8 kHz source."""
        spectrum = torch.fft.rfft(sound)
        hz = torch.arange(spectrum.shape[-1], device=self.device) * RATE / FRAMES
        band = ((hz - 150) / 150).clamp(0, 1) * ((3900 - hz) / 300).clamp(0, 1)
        return torch.fft.irfft(spectrum * band, n=FRAMES)


def _active(sound: Tensor) -> Tensor:
    """(n,) RMS over those 10 ms that lie less than 35 dB under the loudest."""
    power = sound.unfold(-1, 480, 480).square().mean(-1)
    on = power > power.amax(1, keepdim=True) * 10 ** -3.5
    return ((power * on).sum(1) / on.sum(1).clamp(min=1)).sqrt().clamp(min=1e-6)


def _level(sound: Tensor) -> Tensor:
    return sound / (sound.square().mean(-1, keepdim=True).sqrt() + 1e-9)
