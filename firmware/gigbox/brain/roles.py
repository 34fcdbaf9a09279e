"""What a role means for the mix: its place in loudness units, its side, and where its processing starts."""

from __future__ import annotations

from dataclasses import dataclass

LEAD_LUFS = -23.0     # where the lead vocal sits; leaves 12 dB and more to the limiter for a full band


@dataclass(frozen=True)
class Role:
    """`offset`: LU against the lead vocal; `pan`: how far from the centre (0..1); `hpf`: Hz, 0 for none; `denoise`: dB.

    `span`: LU from the loudest down to where only bleed and noise are, for what comes in hits or phrases; 0 for what may sound without
    end, so that its floor is no clue. `leads`: others give way to it.
    `open_mic`: a microphone that hears the room, and could howl.
    `gives_way`: dB around the voice (1 to 4 kHz) and dB as a whole, while a leading role sounds.
    """

    offset: float
    pan: float = 0.0
    hpf: float = 0.0
    denoise: float = 0.0
    span: float = 0.0
    open_mic: bool = False
    leads: bool = False
    gives_way: tuple[float, float] = (0.0, 0.0)


HARMONY = (3.0, 0.5)
VOICE, HIT = 26.0, 18.0
ROLES: dict[str, Role] = {
    "lead_vocal": Role(0, hpf=100, denoise=18, span=VOICE, leads=True, open_mic=True),
    "backing_vocal": Role(-4, pan=0.5, hpf=120, denoise=18, span=VOICE, open_mic=True),
    "speech": Role(2, hpf=100, denoise=18, span=VOICE, leads=True, open_mic=True),
    "kick": Role(-4, hpf=30, span=HIT),
    "snare": Role(-4, hpf=90, span=HIT),
    "tom": Role(-7, pan=0.4, hpf=60, span=HIT),
    "hihat_overhead": Role(-8, pan=0.6, hpf=200, span=HIT),
    "drums": Role(-2, pan=0.7, hpf=30),
    "bass": Role(-3, hpf=35),
    "electric_guitar": Role(-5, pan=0.5, hpf=90, gives_way=HARMONY),
    "acoustic_guitar": Role(-5, pan=0.5, hpf=90, gives_way=HARMONY, open_mic=True),
    "keys": Role(-6, pan=0.4, hpf=60, gives_way=HARMONY),
    "synth": Role(-7, pan=0.5, hpf=80, gives_way=HARMONY),
    "strings": Role(-7, pan=0.7, hpf=80, gives_way=HARMONY, open_mic=True),
    "brass_sax": Role(-5, pan=0.4, hpf=60, gives_way=HARMONY, open_mic=True),
    "playback": Role(-3, pan=0.8, gives_way=(3.0, 3.0)),
    "ambience": Role(-15, pan=0.8, hpf=150, open_mic=True),
}
