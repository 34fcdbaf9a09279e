import { expect, test } from "vitest";
import { called, cards, change, may, spectrum, takeHealth, takeSpectrum, wantSpectrum, you, type You } from "./box";
import { strips, takeFrame } from "./meters";
import { kind, labels, lamps, picture, take } from "./panel";
import { takeState } from "./store";

const as = (role: You["role"], monitor = 0, strips: number[] = []) => {
  you.value = { role, name: "Anna", monitor, strips };
};

test("what a role may do is shown as the server has it", () => {
  as("engineer");
  expect(may("main/level")).toBe(true);
  as("guest");
  expect(may("strip/1/send/2/level")).toBe(false);
  as("musician", 2, [3]);
  expect(["strip/1/send/2/level", "monitor/2/level", "monitor/2/eq/1/gain", "monitor/2/name", "strip/3/name"].map(may)).toEqual(Array(5).fill(true));
  expect(["strip/1/send/1/level", "monitor/1/level", "monitor/2/mute", "strip/2/name", "strip/3/level", "main/level", "strip/3/send/2/tap"].map(may)).toEqual(
    Array(7).fill(false),
  );
  as("engineer");
});

test("a path is called by its name, its block and its band", () => {
  takeState({ "strip/8/name": { hand: "Keys", auto: null, value: "Keys" } });
  expect(["strip/8/level", "strip/8/eq/2/gain", "strip/8/comp/on", "main/level", "box/depth", "strip/8"].map(called)).toEqual([
    "Keys · Fader",
    "Keys · EQ 2, Gain",
    "Keys · Compressor",
    "Main · Fader",
    "Depth",
    "Keys · Channel",
  ]);
});

test("what the panel tells is kept piece by piece", () => {
  take(JSON.stringify({ panel: { pots: 8, encoders: 2, buttons: ["auto"], leds: ["clip"], width: 128, height: 64 }, leds: [1] }));
  take(JSON.stringify({ frame: btoa("\x80\x01"), labels: ["Keys"] }));
  expect([kind.value?.width, lamps.value, labels.value, [...(picture.value ?? [])]]).toEqual([128, [1], ["Keys"], [128, 1]]);
  take(JSON.stringify({ panel: null }));
  expect(kind.value).toBe(null);
});

test("a spectrum that comes late is not taken for that of what is looked at now", () => {
  wantSpectrum("strip/2");
  takeSpectrum({ of: "strip/2", db: [-20] });
  expect(spectrum.value?.of).toBe("strip/2");
  wantSpectrum("main");
  takeSpectrum({ of: "strip/2", db: [-20] });
  expect(spectrum.value).toBe(null);
});

test("no meter stands where the last sound was when there is no sound", () => {
  takeFrame(new Uint8Array([1, 1, 1, 0, 0, 0, 0, 0, 200, 200, 200, 0, 0, 0, 0, 0, 0]).buffer);
  expect(strips.output[0]).toBe(-15.5);
  takeHealth({ engine: false });
  expect(strips.output[0]).toBe(-Infinity);
});

test("a card has the time of the box, whatever this phone holds for it", () => {
  change({ changed: { "strip/8/level": { hand: null, auto: -3, value: -3 } }, layer: "auto", why: "keys -3.0 dB: covers Anna", time: 1700 });
  expect(cards.value[0]).toMatchObject({ path: "strip/8/level", began: 1700, last: 1700 });
});
