import { beforeEach, expect, test, vi } from "vitest";
import { trouble } from "./box";
import { route, type Page } from "./route";
import { fetchInTime, others } from "./shelf";

const OTHERS = {} as NonNullable<typeof others.value>;
let there = true,
  asked = 0;

const fetched = async () => {
  asked++;
  if (!there) throw new Error("not there");
  return { OTHERS };
};

function opened(page: Page): void {
  route.value = { page, number: 1 };
  trouble.value = "connecting";
  others.value = null;
  fetchInTime(fetched);
}
const soon = () => vi.advanceTimersByTimeAsync(1000);

beforeEach(() => {
  vi.useFakeTimers();
  [there, asked] = [true, 0];
});

test("other pages come once the mix can be used, and not before", async () => {
  opened("mix");
  await soon();
  expect(asked).toBe(0);
  trouble.value = "";
  await soon();
  expect(others.value).toBe(OTHERS);
});

test("one that is asked for comes at once, and once", async () => {
  opened("mix");
  route.value = { page: "auto", number: 1 };
  await soon();
  trouble.value = "";
  await soon();
  expect([others.value, asked]).toEqual([OTHERS, 1]);
});

test("what could not be had is asked for again when another page is", async () => {
  there = false;
  opened("auto");
  await soon();
  expect(others.value).toBe(null);
  there = true;
  route.value = { page: "health", number: 1 };
  await soon();
  expect(others.value).toBe(OTHERS);
});
