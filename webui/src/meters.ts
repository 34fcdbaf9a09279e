// meters.ts - what moves: levels from the box's binary frames, one animation frame for all who draw them, nothing where nothing changes.
import { FLOOR_DB } from "./scale";

const STRIP_FIELDS = ["input", "output", "loud", "gate", "deess", "comp", "share", "duck", "denoise"] as const;
const BUS_FIELDS = ["peak", "momentary", "limiter"] as const;
const LEVELS = new Set<string>(["input", "output", "loud", "peak", "momentary"]);
export type StripField = (typeof STRIP_FIELDS)[number];
export type BusField = (typeof BUS_FIELDS)[number];

const MOST = 32,
  BUSES = 8;
const made = <T extends string>(fields: readonly T[], count: number): Record<T, Float32Array> =>
  Object.fromEntries(fields.map((field) => [field, new Float32Array(count).fill(LEVELS.has(field) ? -Infinity : 0)])) as Record<T, Float32Array>;

/** dB by strip and by bus (left, right, monitors); `lufs` of main: momentary, short-term. */
export const strips = made(STRIP_FIELDS, MOST),
  buses = made(BUS_FIELDS, BUSES),
  lufs = { momentary: -Infinity, short: -Infinity };

/** One message of the box; null: there is none, all is dark. */
export function takeFrame(frame: ArrayBuffer | null): void {
  if (!frame) dark();
  else read(new Uint8Array(frame), new DataView(frame));
  wake();
}

function read(bytes: Uint8Array, view: DataView): void {
  if (bytes[0] !== 1 || bytes.length < 8) return;
  const n = bytes[2] ?? 0,
    m = bytes[3] ?? 0;
  lufs.momentary = view.getInt16(4, true) / 10;
  lufs.short = view.getInt16(6, true) / 10;
  let at = 8;
  for (const field of STRIP_FIELDS) at = decode(bytes, at, n, strips[field], LEVELS.has(field));
  for (const field of BUS_FIELDS) at = decode(bytes, at, m, buses[field], LEVELS.has(field));
}

function decode(bytes: Uint8Array, at: number, count: number, into: Float32Array, level: boolean): number {
  for (let i = 0; i < count && i < into.length; i++) {
    const b = bytes[at + i] ?? 0;
    into[i] = level ? (b ? b / 2 - 115.5 : -Infinity) : -b / 4;
  }
  return at + count;
}

function dark(): void {
  for (const field of STRIP_FIELDS) strips[field].fill(LEVELS.has(field) ? -Infinity : 0);
  for (const field of BUS_FIELDS) buses[field].fill(LEVELS.has(field) ? -Infinity : 0);
  lufs.momentary = lufs.short = -Infinity;
}

// ---- one animation frame

/** Draws itself; true while it still moves. */
export type Painter = (now: number) => boolean;
const painters = new Set<Painter>();
let asked = false;

export function paint(painter: Painter): () => void {
  painters.add(painter);
  wake();
  return () => painters.delete(painter);
}

export function wake(): void {
  if (asked || !painters.size) return;
  asked = true;
  requestAnimationFrame(frame);
}

function frame(now: number): void {
  asked = false;
  let moving = false;
  for (const painter of painters) moving = painter(now) || moving;
  if (moving) wake();
}

/** A bar that rises at once and falls 26 dB a second, with a peak that stays for a while. */
export class Needle {
  level = FLOOR_DB;
  peak = FLOOR_DB;
  private since = 0;
  private last = 0;

  /** One frame on; true while it moves. */
  step(target: number, now: number): boolean {
    const fall = (26 * Math.min(now - this.last, 100)) / 1000,
      goal = Math.max(target, FLOOR_DB),
      before = this.level,
      top = this.peak;
    this.last = now;
    this.level = Math.max(goal, this.level - fall);
    if (this.level >= this.peak) {
      this.peak = this.level;
      this.since = now;
    } else if (now - this.since > 1500) this.peak = Math.max(this.level, this.peak - fall);
    return this.level !== goal || this.level !== before || this.peak !== top || this.peak > this.level;
  }
}
