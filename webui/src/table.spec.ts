import { expect, test } from "vitest";
import { TABLE, type Row } from "./params";
import { at, heard, patternOf, row, rounded, served, startOf, wayOf } from "./table";

test("the way of every row and back is the same value", () => {
  for (const [path, r] of Object.entries(TABLE) as [string, Row][]) {
    for (const way of [0, 0.1, 0.25, 0.5, 0.75, 1]) expect(wayOf(r, at(r, way)), path).toBeCloseTo(r.taper === "step" ? wayOf(r, at(r, way)) : way, 2);
    expect(rounded(r, at(r, 0)), path).toBeGreaterThanOrEqual(r.low);
    expect(rounded(r, at(r, 1)), path).toBeLessThanOrEqual(r.high);
  }
});

test("paths are found by their numbers", () => {
  expect(patternOf("strip/12/eq/3/gain")).toBe("strip/*/eq/*/gain");
  expect(startOf("strip/3/eq/2/frequency")).toBe(400);
  expect(startOf("strip/3/eq/2/type")).toBe("bell");
  expect(served("strip/1/level")).toBe(true);
  expect(served("strip/1/no/such")).toBe(false);
});

test("hand and box add; off is off; what is override is the hand's", () => {
  const level = row("strip/1/level");
  expect(heard(level, -3, -1.2, 0.5)).toBeCloseTo(-3.6);
  expect(heard(level, level.low, 6, 1)).toBe(level.low);
  expect(heard(level, 9, 6, 1)).toBe(level.high);
  expect(heard(row("strip/1/gate/threshold"), -40, -20, 1)).toBe(-40);
});
