// scale.ts - where a level stands on a meter: −60 dB below, 0 dB on top, and colours that everybody tells apart by their brightness.

export const FLOOR_DB = -60;
export const CUT_DB = 20;
export const CLIP_DB = -0.1;

/** 0..1, finer near the top. */
export const wayOfDb = (db: number): number => (db >= 0 ? 1 : db <= FLOOR_DB ? 0 : Math.pow(1 - db / FLOOR_DB, 1.35));

export const STOPS: readonly (readonly [number, string])[] = [
  [0, "#1c6b68"],
  [0.5, "#2fa298"],
  [0.72, "#7fd8b8"],
  [0.86, "#f4e285"],
  [1, "#fff6d6"],
];
export const CUT = "#d48bbd",
  TRACK = "#1a2027",
  GAP = "#05070a",
  PEAK = "#ffffff",
  CLIP = "#ff6a1f";
