import { beforeEach, expect, test, vi } from "vitest";
import { answered, forget, hold, lift, peek, PATIENCE_MS, say, SETTLE_MS, takeChanges, takeState } from "./store";

const PATH = "strip/3/level",
  told = (hand: number | null) => ({ [PATH]: { hand, auto: null, value: hand ?? 0 } });

beforeEach(() => {
  vi.useFakeTimers();
  forget();
  takeState(told(-6));
});

test("what nobody has set stands where the table begins", () => {
  takeState({});
  expect(peek(PATH)).toEqual({ hand: null, auto: null, value: 0 });
  expect(peek("strip/1/send/2/level").value).toBe(-90);
  expect(peek("strip/2/input/source").value).toBe("2");
  expect(peek("box/freeze").value).toBe(false);
});

test("while a finger is down the box's word waits", () => {
  hold(PATH);
  say(PATH, -12);
  takeChanges(told(5));
  vi.advanceTimersByTime(10 * PATIENCE_MS);
  expect(peek(PATH).hand).toBe(-12);
  lift(PATH);
  vi.advanceTimersByTime(PATIENCE_MS + 1);
  expect(peek(PATH).hand).toBe(5);
});

test("late echoes do not move a fader that has been let go", () => {
  hold(PATH);
  for (const value of [-8, -10, -12]) say(PATH, value);
  lift(PATH);
  for (const echo of [-8, -10]) {
    vi.advanceTimersByTime(900);
    takeChanges(told(echo));
    expect(peek(PATH).hand).toBe(-12);
  }
  takeChanges(told(-12));
  takeChanges(told(-3));
  expect(peek(PATH).hand).toBe(-3);
});

test("after the box's answer its word counts, whatever it is", () => {
  say(PATH, -12);
  takeChanges(told(-4));
  expect(peek(PATH).hand).toBe(-12);
  answered([PATH]);
  vi.advanceTimersByTime(SETTLE_MS + 1);
  expect(peek(PATH).hand).toBe(-4);
});

test("a loss lets go of everything, also of a finger that is down", () => {
  hold(PATH);
  say(PATH, -12);
  forget();
  expect(peek(PATH).hand).toBe(-6);
});
