// Fader.tsx - hand and box as two parts of one level: the cap is yours, the blue mark is what is heard, the band between is the box's part.
import { useMemo, useRef, useState } from "preact/hooks";
import { depth, may, release, set } from "../box";
import { figure, sayValue, signed } from "../format";
import { Gesture } from "../gesture";
import type { Row } from "../params";
import { hold, isHeld, layers, lift, peek } from "../store";
import { heard, row, startOf, wayOf, type Layers } from "../table";
import { words } from "../words";

const APART = 0.05; // less is no part of the box's
interface Props {
  path: string;
  label: string;
  upright?: boolean;
  plain?: boolean;
}

/** Hand, and what is heard of both, as numbers. Where blend is override a hand that never touched it stands where the box is. */
export function parts(path: string, r: Row, { hand, auto, value }: Layers, share: number): { hand: number; heard: number; box: number; yours: boolean } {
  const base = typeof hand === "number" ? hand : r.blend === "add" ? Number(startOf(path)) : Number(value);
  const now = r.blend === "add" ? heard(r, base, typeof auto === "number" ? auto : 0, share) : base;
  return { hand: base, heard: now, box: now - base, yours: r.blend === "add" || hand !== null };
}

export function sayParts(path: string, r: Row, p: { hand: number; box: number }): string {
  const you = sayValue(path, p.hand);
  return Math.abs(p.box) >= APART ? words.value.youAndBox(you, `${signed(p.box)} ${r.unit}`) : words.value.youAlone(you);
}

/** All of a rail is moved, so that nothing is laid out anew. */
const place = (way: number, upright: boolean): string => (upright ? `translateY(${(-100 * way).toFixed(2)}%)` : `translateX(${(100 * way).toFixed(2)}%)`);

export function Fader({ path, label, upright = false, plain = false }: Props) {
  const r = row(path),
    root = useRef<HTMLDivElement>(null),
    [held, setHeld] = useState(false);
  const p = parts(path, r, layers(path), depth.value),
    allowed = may(path);
  const gesture = useMemo(
    () =>
      new Gesture(r, {
        hand: () => parts(path, r, peek(path), 0).hand,
        take: () => {
          hold(path);
          setHeld(true);
        },
        held: () => isHeld(path),
        move: (value) => set(path, value),
        drop: () => {
          lift(path);
          setHeld(false);
        },
        release: () => void release(path, label),
      }),
    [path, label],
  );
  const touch = (e: PointerEvent) => ({ id: e.pointerId, x: e.clientX, y: e.clientY, time: e.timeStamp });
  const rail = () => root.current?.firstElementChild?.getBoundingClientRect();
  const from = wayOf(r, p.hand),
    to = wayOf(r, p.heard),
    apart = Math.abs(p.box) >= APART;
  const on = (way: number) => place(way, upright),
    band = `${on(Math.min(from, to))} scale${upright ? "Y" : "X"}(${Math.abs(to - from).toFixed(4)})`;
  return (
    <div
      ref={root}
      class={`fader ${upright ? "upright" : "lying"}${apart ? " apart" : ""}${held && isHeld(path) ? " held" : ""}${p.yours ? "" : " boxed"}${plain ? " plain" : ""}${allowed ? "" : " idle"}`}
      data-path={path}
      onPointerDown={(e) => {
        if (allowed && !e.button && gesture.down(touch(e))) root.current?.setPointerCapture(e.pointerId);
      }}
      onPointerMove={(e) => {
        const box = rail();
        if (box) gesture.moved(touch(e), upright, upright ? box.height : box.width);
      }}
      onPointerUp={(e) => gesture.up(touch(e))}
      onPointerCancel={() => gesture.cancel()}
    >
      <div class="rail">
        <i class="zero" style={{ transform: on(wayOf(r, Number(startOf(path)))) }} />
        <i class="band" style={{ transform: band }} />
        <i class="ghost" style={{ transform: on(to) }} />
        <i class="thumb" style={{ transform: on(from) }} />
      </div>
      <input
        type="range"
        min="0"
        max="1"
        step="any"
        value={from}
        disabled={!allowed}
        aria-label={label}
        aria-valuetext={sayParts(path, r, p)}
        aria-orientation={upright ? "vertical" : "horizontal"}
        onKeyDown={(e) => {
          if (gesture.key(e.key, e.shiftKey)) e.preventDefault();
        }}
        onInput={(e) => gesture.go(+e.currentTarget.value)}
      />
    </div>
  );
}

/** 'you −2.0 · box +1.4': the words of a fader. */
export function Says({ path }: { path: string }) {
  const r = row(path),
    p = parts(path, r, layers(path), depth.value),
    off = r.taper === "fader" && p.hand <= r.low;
  return (
    <div class="saying">
      <div class="say">
        <span class="you">
          <span class="who">{words.value.you}</span> <b>{off ? words.value.off : figure(p.hand)}</b>
        </span>
        {Math.abs(p.box) >= APART && (
          <span class="box">
            <span class="who">{words.value.box}</span> <b>{signed(p.box)}</b>
          </span>
        )}
      </div>
    </div>
  );
}
