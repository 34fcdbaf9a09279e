import { expect, test } from "vitest";
import { bandDb, compDb, gateDb, highPassDb } from "./response";

test("a bell has its gain at its centre and none far away", () => {
  const bell = { type: "bell", hz: 1000, gain: 6, q: 1 } as const;
  expect(bandDb(bell, 1000)).toBeCloseTo(6, 3);
  expect(bandDb(bell, 20)).toBeCloseTo(0, 1);
});

test("a shelf has half its gain at its corner and all of it beyond", () => {
  for (const [type, beyond, before] of [
    ["low_shelf", 20, 15000],
    ["high_shelf", 20000, 50],
  ] as const) {
    const shelf = { type, hz: 800, gain: -8, q: Math.SQRT1_2 };
    expect(bandDb(shelf, 800)).toBeCloseTo(-4, 2);
    expect(bandDb(shelf, beyond)).toBeCloseTo(-8, 1);
    expect(bandDb(shelf, before)).toBeCloseTo(0, 1);
  }
});

test("a high-pass is 3 dB down at its corner and falls with its slope", () => {
  expect(highPassDb(80, 12, 80)).toBeCloseTo(-3.01, 2);
  expect(highPassDb(80, 24, 20)).toBeCloseTo(-48.2, 0);
});

test("gate and compressor bend where their thresholds are", () => {
  expect(gateDb(-30, -45, 20, 100)).toBe(-30);
  expect(gateDb(-60, -45, 20, 100)).toBe(-80);
  expect(gateDb(-50, -45, 20, 2)).toBe(-55);
  expect(compDb(-40, -20, 4, 6, 0, 100)).toBe(-40);
  expect(compDb(-10, -20, 4, 0.01, 0, 100)).toBeCloseTo(-17.5, 1);
  expect(compDb(-10, -20, 4, 0.01, 0, 0)).toBe(-10);
});
