import { expect, test } from "vitest";
import { buses, lufs, Needle, strips, takeFrame } from "./meters";

/** As the box writes it: see firmware/gigbox/web/README.md. */
function frame(n: number, m: number): ArrayBuffer {
  const bytes = new Uint8Array(8 + 9 * n + 3 * m),
    view = new DataView(bytes.buffer);
  bytes.set([1, 1, n, m]);
  view.setInt16(4, -185, true);
  view.setInt16(6, -200, true);
  bytes.fill(200, 8, 8 + 3 * n);
  bytes.fill(12, 8 + 3 * n, 8 + 9 * n);
  bytes.fill(190, 8 + 9 * n, 8 + 9 * n + 2 * m);
  return bytes.buffer;
}

test("a frame of the box is levels and cuts in dB", () => {
  takeFrame(frame(16, 8));
  expect([strips.input[15], strips.output[0], strips.comp[3], strips.denoise[15]]).toEqual([-15.5, -15.5, -3, -3]);
  expect([buses.peak[7], buses.limiter[0], lufs.momentary]).toEqual([-20.5, -0, -18.5]);
});

test("what is none is not read, and without a box all is dark", () => {
  takeFrame(new Uint8Array([9, 9]).buffer);
  expect(strips.input[0]).toBe(-15.5);
  takeFrame(null);
  expect([strips.input[0], strips.comp[3]]).toEqual([-Infinity, 0]);
});

test("a needle rises at once, falls 26 dB a second, and its peak stays", () => {
  const needle = new Needle();
  needle.step(-10, 1000);
  expect(needle.level).toBe(-10);
  for (let t = 1050; t <= 1500; t += 50) needle.step(-60, t);
  expect(needle.level).toBeCloseTo(-23, 0);
  expect(needle.peak).toBe(-10);
  for (let t = 1550; t <= 6000; t += 50) needle.step(-60, t);
  expect([needle.level, needle.peak, needle.step(-60, 6050)]).toEqual([-60, -60, false]);
});
