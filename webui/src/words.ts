// words.ts - which language the page speaks: the browser's, until somebody switches.
import { computed, effect, signal } from "@preact/signals";
import { kept, keep } from "./keep";
import { en, type Words } from "./words/en";

export type Language = "en" | "de";
const browser: Language = typeof navigator !== "undefined" && navigator.language.toLowerCase().startsWith("de") ? "de" : "en";

export const language = signal<Language>(kept<Language>("language", browser));
const others = signal<Partial<Record<Language, Words>>>({}); // each in a file of its own: a phone loads what it speaks
export const words = computed<Words>(() => others.value[language.value] ?? en);

/** The words of a language are here, or cannot be had now: then the page speaks English. */
async function learn(which: Language): Promise<void> {
  if (which !== "de" || others.peek().de) return;
  const heard = await import("./words/de").catch(() => null);
  if (heard) others.value = { ...others.peek(), de: heard.de };
}
export const learnt = (): Promise<void> => learn(language.peek());

export async function speak(next: Language): Promise<void> {
  await learn(next);
  language.value = next;
  keep("language", next);
}

if (typeof document !== "undefined")
  effect(() => {
    document.documentElement.lang = language.value;
  });
