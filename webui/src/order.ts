// order.ts - in which order this phone shows the strips: as patched, until somebody drags one.
import { computed, signal } from "@preact/signals";
import { channels } from "./box";
import { keep, kept } from "./keep";

const chosen = signal<readonly number[]>(kept<number[]>("order", []));

/** All strips that there are, each once; new ones behind. */
export const arranged = (wanted: readonly number[], count: number): number[] => {
  const there = wanted.filter((n, i) => n >= 1 && n <= count && wanted.indexOf(n) === i);
  return [...there, ...Array.from({ length: count }, (_, i) => i + 1).filter((n) => !there.includes(n))];
};
export const order = computed(() => arranged(chosen.value, channels.value));

/** The list with what is at `from` brought to `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from),
    goal = Math.min(Math.max(to, 0), rest.length),
    it = list[from];
  return it === undefined ? [...list] : [...rest.slice(0, goal), it, ...rest.slice(goal)];
}

export function moveStrip(n: number, to: number): void {
  chosen.value = moved(order.value, order.value.indexOf(n), to);
  keep("order", chosen.value);
}

export function asPatched(): void {
  chosen.value = [];
  keep("order", []);
}
