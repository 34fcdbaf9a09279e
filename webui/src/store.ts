// store.ts - one store of what the box said. A control shows the box's word; while a hand is on it, and until the box has answered, the hand's.
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { rowOf, startOf, type Layers, type Plain } from "./table";

export const SETTLE_MS = 600; // after the box's answer, if its word is not there yet
export const PATIENCE_MS = 4000; // without an answer: then the box's word, whatever it is
const SAME = 0.001; // of the value: what a float32 may lose

/** One path: what the box told, what the hand last said, and what to show. */
interface Cell {
  told: Signal<Layers>;
  mine: Signal<Plain | undefined>;
  shown: ReadonlySignal<Layers>;
  fingers: number;
  asked: boolean;
  timer: number;
}

const cells = new Map<string, Cell>();
const begin = (path: string): Layers => ({ hand: null, auto: null, value: startOf(path) });

function cellOf(path: string): Cell {
  let cell = cells.get(path);
  if (!cell) {
    const told = signal<Layers>(begin(path)),
      mine = signal<Plain | undefined>(undefined);
    const shown = computed(() => (mine.value === undefined ? told.value : { ...told.value, hand: mine.value, value: mine.value }));
    cells.set(path, (cell = { told, mine, shown, fingers: 0, asked: false, timer: 0 }));
  }
  return cell;
}

/** What a control shows; read inside a component it follows. */
export const layers = (path: string): Layers => cellOf(path).shown.value;
/** The same, without following. */
export const peek = (path: string): Layers => cellOf(path).shown.peek();
/** What the box itself said last. */
export const toldOf = (path: string): Layers => cellOf(path).told.peek();

export const asNumber = (value: Plain): number => (typeof value === "number" ? value : 0);
export const isOn = (path: string): boolean => layers(path).value === true;
export const textOf = (path: string): string => String(layers(path).value ?? "");
export const numberOf = (path: string): number => asNumber(layers(path).value);

/** The whole of what the box has; what is not in it stands where the table begins. */
export function takeState(state: Readonly<Record<string, Layers>>): void {
  batch(() => {
    for (const [path, cell] of cells) if (!(path in state)) cell.told.value = begin(path);
    takeChanges(state);
  });
}

export function takeChanges(changed: Readonly<Record<string, Layers>>): void {
  batch(() => {
    for (const [path, layers] of Object.entries(changed)) {
      const cell = cellOf(path);
      cell.told.value = layers;
      if (cell.mine.peek() !== undefined && same(layers, cell.mine.peek(), path)) clear(cell);
    }
  });
}

/** A finger is on the control of this path: the box's word waits until it is lifted. */
export function hold(path: string): void {
  cellOf(path).fingers++;
}

export function lift(path: string): void {
  const cell = cellOf(path);
  cell.fingers = Math.max(cell.fingers - 1, 0);
  if (cell.mine.peek() !== undefined) clearIn(cell, cell.asked ? PATIENCE_MS : SETTLE_MS);
}

/** The hand said this; it shows at once. */
export function say(path: string, value: Plain): void {
  const cell = cellOf(path);
  cell.mine.value = value;
  cell.asked = true;
  clearIn(cell, PATIENCE_MS);
}

/** The box has taken what was said. */
export function answered(paths: readonly string[]): void {
  for (const cell of paths.map(cellOf)) {
    cell.asked = false;
    if (cell.mine.peek() !== undefined) clearIn(cell, SETTLE_MS);
  }
}

/** What the hand said last no longer counts: these, or all of them. A finger that is still on a control moves nothing until it comes anew. */
export function forget(paths: Iterable<string> = cells.keys()): void {
  batch(() => {
    for (const path of paths) {
      const cell = cellOf(path);
      cell.fingers = 0;
      clear(cell);
    }
  });
}

export const isHeld = (path: string): boolean => cellOf(path).fingers > 0;

function clear(cell: Cell): void {
  if (cell.fingers) return;
  clearTimeout(cell.timer);
  cell.mine.value = undefined;
  cell.asked = false;
}

function clearIn(cell: Cell, ms: number): void {
  clearTimeout(cell.timer);
  cell.timer = setTimeout(() => clear(cell), ms) as unknown as number;
}

function same(told: Layers, mine: Plain | undefined, path: string): boolean {
  const hand = told.hand ?? (rowOf(path)?.blend === "add" ? startOf(path) : told.value);
  if (typeof hand === "number" && typeof mine === "number") return Math.abs(hand - mine) <= SAME * Math.max(1, Math.abs(mine));
  return hand === mine;
}
