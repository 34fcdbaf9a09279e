import { expect, test } from "vitest";
import { chordNotes, drumNotes, percent } from "./pages/Ideas";
import { hertz } from "./synth";

test("a chord sounds as long as it stands, note by note", () => {
  expect(chordNotes([[4, 8, "Am", [57, 60, 64]]])).toEqual([57, 60, 64].map((pitch) => [4, 3.8, pitch, 80]));
  expect(chordNotes(undefined)).toEqual([]);
});

test("a bar of hits goes round, and what is no hit is silent", () => {
  expect(drumNotes({ kick: [112, 0, 0, 0], snare: [0, 0, 90, 0] }, 2)).toEqual([
    [0, 0.2, 36, 112],
    [1, 0.2, 36, 112],
    [0.5, 0.2, 38, 90],
    [1.5, 0.2, 38, 90],
  ]);
});

test("pitches are of A 440, and shares are said whole", () => {
  expect([hertz(69), hertz(57), percent(0.476)]).toEqual([440, 220, "48 %"]);
});
