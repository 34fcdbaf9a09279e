import { beforeEach, expect, test } from "vitest";
import { Gesture } from "./gesture";
import { row, wayOf } from "./table";

const LEVEL = row("strip/1/level");
let hand: number, held: boolean, moves: number[], told: string[], gesture: Gesture;
const touch = (x: number, y = 0, time = 0) => ({ id: 1, x, y, time });

beforeEach(() => {
  [hand, held, moves, told] = [-3, true, [], []];
  gesture = new Gesture(LEVEL, {
    hand: () => hand,
    take: () => told.push("take"),
    held: () => held,
    move: (v) => {
      moves.push(v);
      hand = v;
    },
    drop: () => told.push("drop"),
    release: () => told.push("release"),
  });
});

test("a drag begins without a jump, and the way of the finger is the way of the cap", () => {
  gesture.down(touch(100));
  for (const x of [104, 106, 116, 126]) gesture.moved(touch(x), false, 200);
  gesture.up(touch(126));
  expect(moves[0]).toBeCloseTo(-1, 0);
  expect(wayOf(LEVEL, moves[moves.length - 1] ?? 0)).toBeCloseTo(wayOf(LEVEL, -3) + 20 / 200, 2);
  expect(told).toEqual(["take", "drop"]);
});

test("an upright fader goes up with the finger", () => {
  gesture.down(touch(0, 300));
  for (const y of [290, 280]) gesture.moved(touch(0, y), true, 400);
  expect(moves[0]).toBeGreaterThan(-3);
});

test("a tap changes nothing, two let go of it", () => {
  for (const time of [0, 200]) {
    gesture.down(touch(1));
    gesture.up(touch(1, 0, time));
  }
  expect([moves, told]).toEqual([[], ["release"]]);
});

test("a second finger moves nothing", () => {
  gesture.down(touch(0));
  expect(gesture.down({ id: 2, x: 50, y: 0, time: 0 })).toBe(false);
  gesture.moved({ id: 2, x: 90, y: 0, time: 0 }, false, 100);
  expect(moves).toEqual([]);
});

test("a finger that lay on it through a loss moves nothing until it comes anew", () => {
  gesture.down(touch(100));
  for (const x of [106, 116]) gesture.moved(touch(x), false, 200);
  const before = moves.length;
  held = false;
  gesture.moved(touch(150), false, 200);
  gesture.up(touch(150));
  expect(moves.length).toBe(before);
  held = true;
  gesture.down(touch(100, 0, 900));
  for (const x of [106, 108]) gesture.moved(touch(x, 0, 900), false, 200);
  expect(moves.length).toBe(before + 1);
});

test("keys move it by half a dB, and let go of it", () => {
  gesture.key("ArrowUp", false);
  expect(moves).toEqual([-2.5]);
  gesture.key("Delete", false);
  expect(told).toEqual(["release"]);
  expect(gesture.key("Tab", false)).toBe(false);
});
