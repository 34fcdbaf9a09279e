// MainStrip.tsx - the main mix beside the channels: its level, loudness, fader and mute.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { may, set } from "../box";
import { figure } from "../format";
import { buses, lufs, paint } from "../meters";
import { isOn } from "../store";
import { words } from "../words";
import { Board } from "./Board";
import { Fader, Says } from "./Fader";
import { Meter, type Source } from "./Meter";

const QUIET = -69.9;

/** The number of a meter: written by hand four times a second, so that nothing else is drawn for it. */
export function Loudness() {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    let said = "",
      next = 0;
    return paint((now) => {
      if (now < next) return false;
      const text = lufs.momentary > QUIET ? figure(lufs.momentary) : "–";
      next = now + 250;
      if (text !== said && place.current) place.current.textContent = said = text;
      return false;
    });
  }, []);
  return (
    <span class="lufs">
      <span>
        <b ref={place}>–</b> LUFS
      </span>
    </span>
  );
}

export function MainStrip() {
  const w = words.value,
    muted = isOn("main/mute");
  const side = (i: number): Source => ({ level: () => buses.peak[i] ?? -Infinity });
  const [left, right] = useMemo(() => [side(0), { ...side(1), cut: () => Math.min(buses.limiter[0] ?? 0, buses.limiter[1] ?? 0) }] as const, []);
  return (
    <section class={`strip main-strip${muted ? " silent" : ""}`} aria-label={w.main} data-strip="main">
      <div class="strip-head">
        <span class="name">{w.main}</span>
        <Loudness />
      </div>
      <Says path="main/level" />
      <Board class="lane">
        <Meter of={left} upright />
        <Meter of={right} upright />
        <Fader path="main/level" label={w.faderOf(w.main)} upright />
      </Board>
      <button class="mute" disabled={!may("main/mute")} aria-pressed={muted} aria-label={w.muteOf(w.main)} onClick={() => set("main/mute", !isOn("main/mute"))}>
        {muted ? w.muted : w.mute}
      </button>
    </section>
  );
}
