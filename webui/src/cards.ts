// cards.ts - one decision of the box is one card: it grows while the move goes on, whatever figures its words have meanwhile.
import type { Plain } from "./table";

const GAP_S = 12; // a move that rests longer is over
const SAME_S = 90; // the same cause comes back to its card within this
const ONCE_S = 1; // what one message brings has one time, but for the way
const MOST = 60;

/** One step of auto, as the box tells it; `path` is empty where only the words came, `why` where a move goes on for a reason that was told. */
export interface Step {
  readonly path: string;
  readonly from: Plain;
  readonly to: Plain;
  readonly why: string;
  readonly time: number;
}
/** `last`: when its reason was told last, `moved`: its last step. */
export interface Card {
  readonly id: number;
  readonly path: string;
  readonly cause: string;
  readonly head: string;
  readonly from: Plain;
  readonly to: Plain;
  readonly began: number;
  readonly last: number;
  readonly moved: number;
  readonly steps: number;
  readonly done: "" | "kept" | "undone" | "locked";
}

let number = 0;

/** 'keys -2.5 dB at 2 kHz: covers Anna by 6 dB' is a head, which has the figures, and a cause. */
export function parts(why: string): { head: string; cause: string } {
  const cut = why.indexOf(": ");
  return cut < 0 ? { head: "", cause: why } : { head: why.slice(0, cut), cause: why.slice(cut + 2) };
}

/** The cards, newest first, with one more step. One that nobody gives a reason for goes on where it is: no card runs away from under a finger. */
export function grown(cards: readonly Card[], step: Step): readonly Card[] {
  const { head, cause } = parts(step.why),
    open = cards.findIndex((card) => goesOn(card, step, cause)),
    before = cards[open];
  if (!step.why) return before ? cards.map((card) => (card === before ? { ...card, to: step.to, moved: step.time } : card)) : cards;
  const card: Card = before
    ? { ...before, cause: cause || before.cause, head: head || before.head, to: step.to, last: Math.max(before.last, step.time), moved: step.time, steps: before.steps + 1 }
    : { id: ++number, path: step.path, cause, head, from: step.from, to: step.to, began: step.time, last: step.time, moved: step.time, steps: 1, done: "" };
  const others = before ? cards.filter((_, i) => i !== open) : cards;
  return [card, ...others].slice(0, MOST);
}

/** Side by side in the list, of one cause and told at once: one decision about several channels. */
export function decisions(cards: readonly Card[]): readonly (readonly Card[])[] {
  const found: Card[][] = [];
  for (const card of cards) {
    const one = found[found.length - 1],
      last = one?.[one.length - 1];
    if (one && last && last.path && card.path && last.cause === card.cause && last.done === card.done && Math.abs(last.last - card.last) < ONCE_S) one.push(card);
    else found.push([card]);
  }
  return found;
}

export const marked = (cards: readonly Card[], id: number, done: Card["done"]): readonly Card[] =>
  cards.map((card) => (card.id === id ? { ...card, done } : card));

function goesOn(card: Card, step: Step, cause: string): boolean {
  if (card.done || card.path !== step.path) return false;
  const rest = step.time - card.moved;
  if (!step.path) return rest <= SAME_S && thought(card.head + card.cause) === thought(step.why.replace(": ", ""));
  return rest <= GAP_S || (rest <= SAME_S && thought(card.cause) === thought(cause));
}

/** The words without their figures: 'by 6 dB' and 'by 5.9 dB' are one thought. */
const thought = (words: string): string => words.replace(/[+\-−]?\d+([.,:]\d+)*/g, "#");
