// shelf.ts - the pages that come after the mix: fetched once the mix can be used, or as soon as one of them is asked for.
import { effect, signal } from "@preact/signals";
import { trouble } from "./box";
import { route } from "./route";

type Book = Pick<typeof import("./pages/others"), "OTHERS">;
export const others = signal<Book["OTHERS"] | null>(null);
const LATER_MS = 300; // the mix is drawn first
const AGAIN_MS = 10000; // a box that was updated has them under another name: the page begins anew, but not over and over

export function fetchInTime(fetch: () => Promise<Book> = () => import("./pages/others")): void {
  let asked = false;
  const ask = async () => {
    if (asked) return;
    asked = true;
    try {
      others.value = (await fetch()).OTHERS;
    } catch {
      asked = false;
      if (!trouble.peek() && performance.now() > AGAIN_MS) location.reload();
    }
  };
  effect(() => {
    const wanted = route.value.page !== "mix";
    if (wanted || !trouble.value) setTimeout(() => void ask(), wanted ? 0 : LATER_MS);
  });
}
