// table.ts - what THE table says of a path: its row, where it starts, the way of a knob and back.
import { COUNTS, TABLE, TEXTS, type Pattern, type Row, type TextPattern } from "./params";

export type Plain = number | string | boolean | null;
/** Both layers of a parameter, and what is heard of them. */
export interface Layers {
  readonly hand: Plain;
  readonly auto: Plain;
  readonly value: Plain;
  readonly locked?: boolean;
}

const NUMBER = /^[1-9]\d{0,3}$/;
const rows = new Map<string, Row | undefined>();

export const patternOf = (path: string): string =>
  path
    .split("/")
    .map((word) => (NUMBER.test(word) ? "*" : word))
    .join("/");

export function rowOf(path: string): Row | undefined {
  if (!rows.has(path)) rows.set(path, TABLE[patternOf(path) as Pattern]);
  return rows.get(path);
}

/** The row of a path that is known to be in the table. */
export function row(path: string): Row {
  const found = rowOf(path);
  if (!found) throw new Error(`${path}: no such parameter`);
  return found;
}

export const isText = (path: string): boolean => patternOf(path) in TEXTS;
export const longest = (path: string): number => TEXTS[patternOf(path) as TextPattern];
export const isSwitch = (r: Row): boolean => r.choices?.length === 2 && r.choices[0] === "off" && r.choices[1] === "on";
/** Whether this box has what follows the row. */
export const served = (path: string): boolean => isText(path) || rowOf(path) !== undefined;

/** Where a parameter stands that nobody has touched, as the desk says it: a number, a switch's true or false, a choice's name. */
export function startOf(path: string): Plain {
  const r = rowOf(path);
  if (!r) return isText(path) ? "" : null;
  const numbers = path.split("/").filter((word) => NUMBER.test(word)),
    last = Number(numbers[numbers.length - 1] ?? 1);
  const start = typeof r.start === "number" ? r.start : (r.start[(last - 1) % r.start.length] ?? r.low);
  return r.choices ? (isSwitch(r) ? start > 0 : (r.choices[start] ?? null)) : start;
}

export const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

/** The way 0..1 of a knob at `value`; a fader reads the curve that was sampled from THE table. */
export function wayOf(r: Row, value: number): number {
  if (r.curve) return along(r.curve, value);
  const x = clamp(value, r.low, r.high);
  return r.taper === "log" ? Math.log(x / r.low) / Math.log(r.high / r.low) : (x - r.low) / (r.high - r.low);
}

/** The value where a knob stands at the way 0..1. */
export function at(r: Row, way: number): number {
  const x = clamp(way, 0, 1);
  if (r.curve) return between(r.curve, x * (r.curve.length - 1));
  if (r.taper === "log") return r.low * (r.high / r.low) ** x;
  const value = r.low + x * (r.high - r.low);
  return r.taper === "step" ? Math.round(value) : value;
}

/** As finely as a hand sets it: tenths, and three figures where the range is wide. */
export function rounded(r: Row, value: number): number {
  if (r.taper === "step") return Math.round(value);
  const fine = r.taper === "log" || r.high - r.low <= 2 ? 10 ** (2 - Math.floor(Math.log10(Math.abs(value) || 1))) : 10;
  return clamp(Math.round(value * fine) / fine, r.low, r.high);
}

/** What is heard of a hand's and the box's share: DESIGN, "Hand, auto and depth". */
export function heard(r: Row, hand: number, auto: number, depth: number): number {
  if (r.blend !== "add" || (r.taper === "fader" && hand <= r.low)) return hand;
  return clamp(hand + depth * auto, r.low, r.high);
}

const counted = (kind: string): readonly number[] => Array.from({ length: (COUNTS as Readonly<Record<string, number>>)[kind] ?? 0 }, (_, i) => i + 1);
export const monitors = counted("monitor"),
  effects = counted("fx"),
  groups = counted("group");

function between(curve: readonly number[], x: number): number {
  const i = Math.min(Math.floor(x), curve.length - 2),
    low = curve[i] ?? 0,
    high = curve[i + 1] ?? low;
  return low + (x - i) * (high - low);
}

function along(curve: readonly number[], value: number): number {
  const last = curve.length - 1,
    get = (i: number): number => curve[i] ?? 0;
  if (value <= get(0)) return 0;
  if (value >= get(last)) return 1;
  let low = 0,
    high = last;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (get(mid) <= value) low = mid;
    else high = mid;
  }
  return (low + (value - get(low)) / (get(high) - get(low))) / last;
}
