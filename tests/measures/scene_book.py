"""The scenes: small gigs, and what happens at them. One more is a few lines: who stands where, what each plays from when to when, and how loud.

`strip(NAME, WHAT or Take(WHAT, start, end, gain) ...)`; words for recordings are those of recordings.py, everything else of scene.py.
"""

from __future__ import annotations

from tests.measures.scene import FOR_EVER, Hand, Scene, Strip, Take, strip


def kit(*, gain: float = 0.0) -> tuple[Strip, ...]:
    """Kick, snare, and one microphone over both, which hears them well."""
    return (strip("Kick", "kick", gain=gain + 2, leak=-24), strip("Sn", "snare", gain=gain, leak=-20), strip("OH", "hihat_overhead", gain=gain - 6, leak=-12))


def band(*, gain: float = 0.0) -> tuple[Strip, ...]:
    """Two guitars and a bass, as uneven as they come."""
    return strip("Bass DI", "bass", gain=gain - 5), strip("Git 1", "electric_guitar", gain=gain + 4), strip("Piano", "keys", gain=gain - 9)


SINGER = strip("Lead Vox", "lead_vocal", gain=-4)
HOST = (Take("speech", 4, 18), Take("speech", 26, 38), Take("speech", 48, 58))
FOUR = (SINGER, *band())
GUITAR, HORN = "acoustic_guitar | electric_guitar", "brass_sax | keys"      # what stands in where there are few recordings

BOOK = (
    Scene("voice and guitar", (strip("Anna voc", "lead_vocal", gain=-6), strip("A-Git", "acoustic_guitar | electric_guitar", gain=2))),
    Scene("two singers and a guitar", (strip("Ld Vox", "lead_vocal", gain=-2, leak=-20), strip("BV", "backing_vocal | lead_vocal", gain=-10, leak=-20),
                                       strip("Gitarre", "acoustic_guitar | electric_guitar", gain=4))),
    Scene("two talkers", (strip("Host", Take("speech", 0, 12), Take("speech", 24, 36), Take("speech", 48, 60), leak=-18),
                          strip("Gast", Take("speech", 12, 24), Take("speech", 36, 48), Take("speech", 60), gain=-9, leak=-18)), style="talk"),
    Scene("dj and host", (strip("DJ", "playback", gain=4), strip("MC", *HOST, gain=-6, leak=-24))),
    Scene("quiz master", (strip("Quizmaster", *HOST, gain=-3), strip("Playback", "playback", gain=-4)), style="talk"),
    Scene("choir and piano", (strip("Sopran", "backing_vocal", gain=-8, leak=-12), strip("Alt", "backing_vocal | lead_vocal", gain=-6, leak=-12),
                              strip("Tenor", "backing_vocal | lead_vocal", gain=-11, leak=-12), strip("Klavier", "keys *piano* | keys", gain=3))),
    Scene("string trio", (strip("Geige", "strings *violin* | strings", gain=-3, leak=-16), strip("Viola", "strings", gain=-8, leak=-16),
                          strip("Cello", "strings *cello* | strings", gain=3, leak=-16))),
    Scene("drummer alone", kit()),
    Scene("keys with a choir pad", (strip("Keys", "keys", gain=-3), strip("Pad", "backing_vocal *ooh* | backing_vocal *choir* | backing_vocal", gain=-7,
                                                                       leak=None, role="synth"), SINGER)),
    Scene("band of eight", (*kit(gain=-3), *band(), strip("Vox", "lead_vocal", gain=-8, leak=-22), strip("Bvox", "backing_vocal", gain=-13, leak=-22))),
    Scene("late entries", (*FOUR, strip("Sax", Take(HORN, 30), gain=10), strip("Strings", Take("strings", 90), gain=-5)), seconds=126),
    Scene("silence of 20 s", (strip("Voc", Take("lead_vocal", 0, 40), Take("lead_vocal", 60), gain=-4), strip("Gtr", Take(GUITAR, 0, 40), Take(GUITAR, 60)),
                              strip("Bass", Take("bass", 0, 40), Take("bass", 60), gain=-6)), seconds=80),
    Scene("a break of bleed", (strip("Voc", Take("lead_vocal", 0, 40), Take("lead_vocal", 60), gain=-4),
                               strip("Sax", Take(HORN, 0, 40), Take(HORN, 60), gain=-2), strip("Gtr", "electric_guitar", gain=3),
                               strip("Bass", "bass", gain=-6)), seconds=80),
    Scene("an unused microphone", (*FOUR, strip("Spare", gain=6, leak=-26))),
    Scene("a singer who talks", (strip("Leonie voc", Take("lead_vocal", 0, 32), Take("speech", 34, 46, -4), Take("lead_vocal", 48), gain=-5),
                                 strip("Git", Take(GUITAR, 0, 32), Take(GUITAR, 48), gain=2),
                                 strip("Keys", Take("keys", 0, 32), Take("keys", 48), gain=-6))),
    Scene("an announcer who sings", (strip("Moderation", Take("speech", 0, 24), Take("lead_vocal", 26, 44), Take("speech", 46), gain=-4),
                                     strip("Backing Track", "playback", gain=1))),
    Scene("a role corrected", (SINGER, strip("Bass", "bass", gain=-5), strip("Ch 3", "electric_guitar", gain=4), strip("Ch 4", HORN, gain=-4)),
          (Hand(0, "Ch 3", "lead_vocal"), Hand(0, "Ch 4", "kick"), Hand(60, "Ch 3"), Hand(60, "Ch 4")), seconds=100),
    Scene("an instrument changed", (SINGER, strip("Bass", "bass", gain=-5), strip("Git", Take("acoustic_guitar", 0, 38), Take("electric_guitar", 42, gain=6))),
          (Hand(42, "Git", given=True),)),
    Scene("three minutes", FOUR, seconds=186),
    Scene("bass by two ways", (SINGER, strip("Bass DI", "bass *di* | bass", gain=-4), strip("Bass Mic", "= Bass DI", gain=-2, leak={"Git": -24}, role="bass"),
                               strip("Git", "electric_guitar", gain=3))),
    Scene("a mislabelled tom", (*kit(gain=-2), strip("Floor Tom", "tom", gain=-4, leak=-14, told="drums"), strip("Bass", "bass", gain=-5), SINGER)),
    Scene("a late lead", (strip("Lead Voc", Take("lead_vocal", 40, FOR_EVER), gain=-6), *band(), *kit(gain=-4)), seconds=80),
)
