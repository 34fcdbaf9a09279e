// response.ts - what equaliser, gate and compressor do, as curves: the same sections and gain computers as the core's (svf.h, gate.h, comp.h).

export const RATE = 48000;
export type Shape = "bell" | "low_shelf" | "high_shelf";
export interface Band {
  readonly type: Shape;
  readonly hz: number;
  readonly gain: number;
  readonly q: number;
}

const warped = (hz: number): number => Math.tan((Math.PI * Math.min(hz, 0.49 * RATE)) / RATE);

/** dB at `hz` of one section: Simper's state-variable filter, m0 + (m1 s + m2) / (s² + k s + 1) with s = j w. */
function section(w: number, k: number, m0: number, m1: number, m2: number): number {
  const dr = 1 - w * w,
    di = k * w,
    nr = m0 * dr + m2,
    ni = m0 * di + m1 * w;
  return 10 * Math.log10(Math.max((nr * nr + ni * ni) / Math.max(dr * dr + di * di, 1e-12), 1e-9));
}

export function bandDb({ type, hz, gain, q }: Band, at: number): number {
  const a = 10 ** (gain / 40),
    k = 1 / q,
    w = warped(at) / warped(hz);
  if (type === "bell") return section(w, k / a, 1, (k / a) * (a * a - 1), 0);
  if (type === "low_shelf") return section(w * Math.sqrt(a), k, 1, k * (a - 1), a * a - 1);
  return section(w / Math.sqrt(a), k, a * a, k * (1 - a) * a, 1 - a * a);
}

/** Butterworth, 12 or 24 dB per octave. */
export function highPassDb(hz: number, slope: 12 | 24, at: number): number {
  const w = warped(at) / warped(hz);
  return -10 * Math.log10(1 + w ** (slope === 12 ? -4 : -8));
}

/** Out for in, in dB. `open`: it has opened; it closes 3 dB lower. */
export function gateDb(input: number, threshold: number, range: number, ratio: number): number {
  if (input >= threshold) return input;
  return input - Math.min(range, ratio >= 99 ? range : (threshold - input) * (ratio - 1));
}

export function compDb(input: number, threshold: number, ratio: number, knee: number, makeup: number, mix: number): number {
  const over = input - threshold + knee / 2,
    slope = 1 - 1 / ratio;
  const cut = over <= 0 ? 0 : over < knee ? (slope * over * over) / (2 * knee) : slope * (over - knee / 2);
  const wet = 10 ** ((makeup - cut) / 20);
  return input + 20 * Math.log10(Math.max(1 + (mix / 100) * (wet - 1), 1e-6));
}
