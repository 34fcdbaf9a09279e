"""The notebook: what is heard and what is offered, as one JSON object for pages, panels and scripts; offers change at the turn of a phrase, or by the seed."""

from __future__ import annotations

import base64
from typing import Any

from gigbox.ideas.chart.chordpro import MADE, chordpro
from gigbox.ideas.chart.memory import Chart
from gigbox.ideas.chart.midi_file import midi_file
from gigbox.ideas.chart.voicing import voiced
from gigbox.ideas.hear.key import Key
from gigbox.ideas.hear.lead import Manner
from gigbox.ideas.hear.listener import Listener
from gigbox.ideas.offer.corpus import Corpus, corpus
from gigbox.ideas.offer.groove import as_notes, groove
from gigbox.ideas.offer.lines import Ground, bass, melody
from gigbox.ideas.offer.lyrics import LANGUAGES, prompt
from gigbox.ideas.offer.next_chord import next_chords
from gigbox.ideas.offer.notes import Note

PHRASE = 8                 # bars that an offer is made over, and after which another one comes
SHOWN = 64                 # bars that a page is told of
Page = dict[str, Any]
Parts = tuple[tuple[Note, ...], tuple[Note, ...], tuple[Note, ...]]


class Notebook:
    """`page` after each look of the listener."""

    def __init__(self, made_of: Corpus | None = None) -> None:
        self._corpus = made_of or corpus()
        self.forget()

    def forget(self) -> None:
        """Another song."""
        self._offered: tuple[object, ...] = ()
        self._offer: Page = {}
        self._notes: Parts = ((), (), ())
        self._song: Page = {}
        self._bars = -1

    def page(self, listener: Listener, seed: int, title: str) -> Page:
        """Plain JSON."""
        now, memory = listener.now, listener.memory
        chart = memory.chart(now.bpm, now.key)
        self._offers(chart, seed, title, listener.lead.manner())
        chord = now.heard.chord
        return {
            "label": MADE, "seconds": round(now.seconds, 1), "title": title, "seed": seed,
            "tempo": {"bpm": round(now.bpm, 1), "sure": round(now.tempo_sure, 2), "next_beat_s": round(now.next_beat_s, 3)},
            "key": {"name": now.key.name, "sure": round(now.key.sure, 2)} if now.key else None,
            "chord": {"name": chord.name if chord else "", "sure": round(now.heard.sure, 2)},
            "next": [{"name": each.chord.name, "share": round(each.share, 2), "notes": voiced(each.chord)} for each in
                     (next_chords(memory.changes[-200:], now.key, self._corpus) if now.key and memory.changes else [])],
            **self._song, **self._offer}

    def _offers(self, chart: Chart, seed: int, title: str, manner: Manner) -> None:
        """Made anew when a phrase has gone by, or somebody asked for others."""
        key, bars = chart.key, len(chart.bars)
        turn = (bars // PHRASE if bars >= PHRASE else min(bars, 2), seed, bars < self._bars)
        if turn != self._offered:
            self._offered, self._offer = turn, self._made(chart, key, seed, manner)
        elif bars == self._bars:
            return
        self._bars = bars
        self._song = {"metre": chart.metre, "bars": [[[beat, chord.name if chord else ""] for beat, chord in bar.chords] for bar in chart.bars[-SHOWN:]],
                      "bar_count": bars, "chordpro": chordpro(chart, title), "midi": self._midi(chart, title)}

    def _made(self, chart: Chart, key: Key | None, seed: int, manner: Manner) -> Page:
        if key is None:
            return {}
        self._notes = ((), (), ())
        offer: Page = {"words": {language: prompt(key, chart.metre, chart.bpm, seed, language) for language in LANGUAGES}}
        spans = chart.spans(PHRASE)
        grid = groove(chart.metre, chart.bpm, seed)
        bars = min(len(chart.bars), PHRASE)
        if spans:
            ground = Ground(spans, key, chart.metre, chart.bpm or 100.0)
            self._notes = melody(ground, seed, manner, self._corpus), bass(ground, seed, self._corpus), as_notes(grid, bars)
            shapes: list[tuple[int, ...]] = []
            for _, _, chord in spans:
                shapes.append(voiced(chord, shapes[-1] if shapes else ()))
            offer |= {"over": [[start, end, chord.name, shape] for (start, end, chord), shape in zip(spans, shapes, strict=True)],
                      "melody": [list(note) for note in self._notes[0]], "bass": [list(note) for note in self._notes[1]]}
        return {**offer, "drums": grid}

    def _midi(self, chart: Chart, title: str) -> str:
        return base64.b64encode(midi_file(chart, title, *self._notes)).decode()
