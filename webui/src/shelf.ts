// shelf.ts - the pages that come after the mix: fetched once the mix can be used, or as soon as one of them is asked for.
import { effect, signal } from "@preact/signals";
import { trouble } from "./box";
import { route } from "./route";

type Others = typeof import("./pages/others").OTHERS;
export const others = signal<Others | null>(null);
let asked = false;

/** A box that was updated meanwhile has them under another name: the page begins anew, but not over and over. */
const AGAIN_MS = 10000;

async function fetchOthers(): Promise<void> {
  asked = true;
  try {
    others.value = (await import("./pages/others")).OTHERS;
  } catch {
    asked = false;
    if (!trouble.peek() && performance.now() > AGAIN_MS) location.reload();
  }
}

export function fetchInTime(): void {
  effect(() => {
    const wanted = route.value.page !== "mix" || !trouble.value;
    if (wanted && !asked) setTimeout(() => void (asked || fetchOthers()), route.peek().page === "mix" ? 300 : 0);
  });
}
