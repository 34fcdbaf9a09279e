import { expect, test } from "vitest";
import { arranged, moved } from "./order";
import { remedies, sound, type Line } from "./pages/Linecheck";
import { more } from "./pages/Monitors";
import { saidThen, songs, together, type Event } from "./pages/History";
import { likely } from "./pages/Ideas";
import { saysRole, width } from "./parts/Strip";
import { read } from "./route";

const line = (found: Partial<Line>): Line => ({ channel: 3, name: "Snare", role: "snare", state: "playing", problems: [], sentences: [], ...found });

test("each fault of a line has its remedy, and a sound line none", () => {
  expect(remedies(line({}))).toEqual([]);
  expect(sound(line({}))).toBe(true);
  expect(remedies(line({ turned_against: 2, problems: ["polarity"] }))[0]?.set).toEqual({ "strip/3/polarity": true });
  expect(remedies(line({ state: "hum", hum_hz: 50 }))[0]?.set).toEqual({ "strip/3/hum/on": true, "strip/3/hum/frequency": 50 });
  expect(remedies(line({ gain_db: 20, gain_to_db: 32 }))[0]).toMatchObject({ kind: "gain", set: { "strip/3/input/gain": 32 } });
  expect(remedies(line({ suggested_role: "kick" }))[0]?.set).toEqual({ "strip/3/role": "kick" });
});

test("more me begins where it is heard, goes on in steps, and ends at the top; less ends in silence", () => {
  expect(more(-90, 1.5, -90, 10)).toBe(-30);
  expect(more(-30, 1.5, -90, 10)).toBe(-28.5);
  expect(more(9.5, 1.5, -90, 10)).toBe(10);
  expect(more(-30, -1.5, -90, 10)).toBe(-90);
});

test("an order holds each strip once, also those that came later", () => {
  expect(arranged([3, 3, 9, 1], 4)).toEqual([3, 1, 2, 4]);
  expect(moved([1, 2, 3, 4], 0, 2)).toEqual([2, 3, 1, 4]);
  expect(moved([1, 2, 3], 2, -5)).toEqual([3, 1, 2]);
});

test("an address is a page and a number, anything else the mix", () => {
  expect(read("#/channel/3")).toEqual({ page: "channel", number: 3 });
  expect(read("#/nowhere/x")).toEqual({ page: "mix", number: 1 });
  expect(read("")).toEqual({ page: "mix", number: 1 });
});

test("songs are where their name was set", () => {
  const event = (path: string, name: string, time: number) => ({ path, new: name, time }) as Event;
  expect(songs([event("box/song", "Two", 9), event("strip/1/name", "x", 8), event("box/song", "", 7), event("box/song", "One", 1)])).toEqual([
    { name: "Two", time: 9 },
    { name: "One", time: 1 },
  ]);
});

test("what was otherwise is said of the layer that was, whichever it is", () => {
  expect([saidThen("strip/1/level", { auto: -3 }), saidThen("strip/1/level", { hand: -2, auto: -3 }), saidThen("strip/1/level", { hand: null })]).toEqual([
    "box −3.0 dB",
    "−2.0 dB",
    "left to the box",
  ]);
});

test("what was done at once for one reason is one entry of the history", () => {
  const event = (action: number, path: string, why = "to their places") => ({ action, path, why, layer: "auto", by: "brain" }) as Event;
  const told = [event(9, "strip/3/level"), event(9, "strip/4/level"), event(9, "strip/4/eq/1/gain", "muddy"), event(8, "strip/3/level")];
  expect(together(told).map((one) => one.length)).toEqual([2, 1, 1]);
});

test("a chord that nobody would bet on is not offered", () => {
  expect(likely([{ share: 0.96 }, { share: 0.04 }, { share: 0.004 }])).toHaveLength(2);
});

test("a role is not said beside a name that says it, and a long word stands closer", () => {
  expect([saysRole("Lead vocal 2", "lead_vocal"), saysRole("Leadgesang", "lead_vocal"), saysRole("Anna", "lead_vocal")]).toEqual([true, true, false]);
  expect([width("Kick"), width("Overhead"), width("Backing vocal"), width("Donaudampfschiff")]).toEqual(["", " close", "", " closest"]);
  expect([width("Bass drum in and out"), width("Backing vocal and MC, stage left")]).toEqual([" close", " closest"]);
});
