// route.ts - which page is shown: after the hash, so that the server has one page and the back button works.
import { signal } from "@preact/signals";

export const PAGES = [
  "mix",
  "channel",
  "monitors",
  "auto",
  "linecheck",
  "feedback",
  "effects",
  "ideas",
  "scenes",
  "record",
  "panel",
  "history",
  "health",
  "people",
] as const;
export type Page = (typeof PAGES)[number];
export interface Route {
  readonly page: Page;
  readonly number: number;
}

export function read(hash: string): Route {
  const [, page, number] = hash.replace("#", "").split("/");
  return { page: PAGES.includes(page as Page) ? (page as Page) : "mix", number: Math.max(1, parseInt(number ?? "", 10) || 1) };
}

export const route = signal<Route>(read(typeof location === "undefined" ? "" : location.hash));
export const address = (page: Page, number?: number): string => `#/${page}${number ? `/${number}` : ""}`;
export const go = (page: Page, number?: number): void => {
  location.hash = address(page, number);
};

if (typeof window !== "undefined")
  addEventListener("hashchange", () => {
    route.value = read(location.hash);
  });
