import { expect, test } from "vitest";
import { Ring } from "./ring";

const chunk = new Int16Array(1920).fill(8192);

test.each([
  [48000, 0],
  [48000, 3e-4],
  [48000, -3e-4],
  [44100, 1e-4],
])("at %i Hz and a clock that drifts by %f it plays for a minute without gap or skip", (rate, drift) => {
  const ring = new Ring(rate),
    left = new Float32Array(128),
    right = new Float32Array(128);
  let owed = 0,
    least = Infinity,
    most = 0;
  for (let out = 0; out < 60 * rate; out += 128) {
    owed += ((128 * 48000) / rate) * (1 + drift);
    for (; owed >= 960; owed -= 960) ring.push(chunk);
    ring.pull(left, right);
    const ms = (ring.write - ring.read) / 48;
    if (out > 20 * rate) {
      least = Math.min(least, ms);
      most = Math.max(most, ms);
    }
  }
  expect(ring.report()).toMatchObject({ gaps: 0, skips: 0 });
  expect(least).toBeGreaterThan(50);
  expect(most).toBeLessThan(200);
  expect(left[127]).toBeCloseTo(0.25, 4);
});

test("a stalled network is one gap, without a click, and then more is kept in hand", () => {
  const ring = new Ring(48000),
    left = new Float32Array(960),
    right = new Float32Array(960);
  let jump = 0,
    last = 0;
  for (let i = 0; i < 400; i++) {
    if (i < 100 || i > 130) ring.push(chunk);
    ring.pull(left, right);
    for (const x of left) {
      jump = Math.max(jump, Math.abs(x - last));
      last = x;
    }
  }
  expect(ring.report()).toMatchObject({ gaps: 1, playing: true });
  expect(ring.target / 48).toBeCloseTo(180);
  expect(jump).toBeLessThan(0.25 / 64);
});
