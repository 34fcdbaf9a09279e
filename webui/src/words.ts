// words.ts - which language the page speaks: the browser's, until somebody switches.
import { computed, effect, signal } from "@preact/signals";
import { kept, keep } from "./keep";
import { de } from "./words/de";
import { en } from "./words/en";

export type Words = typeof en;
export type Language = "en" | "de";
const browser: Language = typeof navigator !== "undefined" && navigator.language.toLowerCase().startsWith("de") ? "de" : "en";

export const language = signal<Language>(kept<Language>("language", browser));
export const words = computed<Words>(() => (language.value === "de" ? de : en));

export function speak(next: Language): void {
  language.value = next;
  keep("language", next);
}

if (typeof document !== "undefined")
  effect(() => {
    document.documentElement.lang = language.value;
  });
