// format.ts - units and words as musicians say them.
import { patternOf, rowOf, isSwitch, type Plain } from "./table";
import { words } from "./words";

/** Of a figure; the hyphen of a name stays. */
export const minus = (text: string): string => text.replace(/^-(?=[\d.])/, "−");
const comma = (text: string): string => (words.value.comma === "," ? text.replace(".", ",") : text);
export const figure = (x: number, digits = 1): string => comma(minus((Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits)));
export const signed = (x: number, digits = 1): string => `${x >= 0.5 * 10 ** -digits ? "+" : ""}${figure(x, digits)}`;

export const hertz = (hz: number): string => (hz < 1000 ? `${figure(hz, hz < 100 ? 1 : 0)} Hz` : `${figure(hz / 1000, hz < 10000 ? 2 : 1)} kHz`);

const RTL = /(\p{sc=Hebrew}|\p{sc=Arabic}|\p{sc=Syriac}|\p{sc=Thaana}|\p{sc=Nko})(?=[\s\p{P}\p{S}]*[\p{N}\p{sc=Latin}])/gu;
/** A sentence with people's names in it: what follows one that is written from the right, a figure and its sign, still reads from the left. */
export const sentence = (text: string): string => text.replace(RTL, "$1\u200e");

/** −0.3 is L 30, 0 the middle. */
export function place(pan: number): string {
  const w = words.value,
    side = Math.round(Math.abs(pan) * 100);
  return side === 0 ? w.middle : `${pan < 0 ? w.left : w.right} ${side}`;
}

export function choiceWord(name: string): string {
  const named: Readonly<Record<string, string>> = words.value.choices;
  const monitor = /^monitor_(\d+)$/.exec(name),
    strip = /^strip_(\d+)$/.exec(name);
  return named[name] ?? (monitor ? words.value.monitor(Number(monitor[1])) : strip ? words.value.input(Number(strip[1])) : name.replaceAll("_", " "));
}

/** A value as a person reads it: `−3.0 dB`, `off`, `1.20 kHz`, `Lead vocal`. */
export function sayValue(path: string, value: Plain): string {
  const r = rowOf(path),
    w = words.value;
  if (!r || value === null) return value === null ? "–" : String(value);
  if (r.choices)
    return isSwitch(r) ? (value === true || value === 1 ? w.on : w.off) : choiceWord(typeof value === "number" ? (r.choices[value] ?? "") : String(value));
  const x = Number(value);
  if (r.taper === "fader" && x <= r.low) return w.off;
  if (/(^|\/)pan$/.test(path)) return place(x);
  if (r.unit === "Hz") return hertz(x);
  if (path.endsWith("ratio")) return x >= 100 ? "∞ : 1" : `${figure(x, x < 10 ? 1 : 0)} : 1`;
  if (r.unit === "ms" && Math.abs(x) < 10) return `${figure(x)} ms`;
  if (r.unit === "dB") return `${figure(x)} dB`;
  if (r.taper === "step" || r.unit === "ms" || r.unit === "%") return `${figure(x, 0)}${r.unit && ` ${r.unit}`}`;
  return `${figure(x, Math.abs(x) < 10 ? 2 : 1)}${r.unit && ` ${r.unit}`}`;
}

/** What a parameter is called: the last words of its path. */
export function sayWhat(path: string): string {
  const named: Readonly<Record<string, string>> = words.value.params,
    pattern = patternOf(path).split("/");
  for (let i = 0; i < pattern.length; i++) {
    const word = named[pattern.slice(i).join("/")];
    if (word) return word;
  }
  return (
    pattern
      .filter((word) => word !== "*")
      .slice(1)
      .join(" ")
      .replaceAll("_", " ") || words.value.channel
  );
}

/** As clocks of players say it: 4:05, 1:04:05. */
export function lasts(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, "0"),
    s = Math.max(Math.floor(seconds), 0),
    [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}
export const dayTime = (seconds: number): string => new Date(seconds * 1000).toLocaleString(words.value.locale, { dateStyle: "medium", timeStyle: "short" });
export const clockTime = (seconds: number): string => new Date(seconds * 1000).toTimeString().slice(0, 8);
