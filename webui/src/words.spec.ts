import { expect, test } from "vitest";
import { minus, sayValue, sayWhat, sentence } from "./format";
import { TABLE, TEXTS, type Row } from "./params";
import { de } from "./words/de";
import { en } from "./words/en";
import { speak } from "./words";

const keys = (x: object, at = ""): string[] =>
  Object.entries(x).flatMap(([key, value]) => (typeof value === "object" ? keys(value as object, `${at}${key}.`) : [`${at}${key}`]));

test("German has every word that English has, also those that are looked up", () => {
  expect(keys(de)).toEqual(keys(en));
});

test("every parameter, role and choice has a word of its own", () => {
  const hand = new Set([...Object.values(en.params)]);
  for (const path of [...Object.keys(TABLE), ...Object.keys(TEXTS)].filter((path) => !path.startsWith("box/safe/")))
    expect(hand, path).toContain(sayWhat(path.replace(/\*/g, "1")));
  for (const { choices } of Object.values(TABLE) as Row[])
    for (const name of choices ?? []) if (!/\d/.test(name)) expect(en.choices[name] ?? en.roles[name], name).toBeTruthy();
});

test("values are said as musicians say them, in both languages", async () => {
  expect([
    sayValue("strip/1/level", -90),
    sayValue("strip/1/level", -3.04),
    sayValue("strip/1/pan", -0.3),
    sayValue("strip/1/eq/1/frequency", 2510),
    sayValue("strip/1/comp/ratio", 4),
    sayValue("strip/1/mute", true),
  ]).toEqual(["off", "−3.0 dB", "L 30", "2.51 kHz", "4.0 : 1", "on"]);
  await speak("de");
  expect([sayValue("strip/1/level", -3), sayValue("strip/1/mute", false), sayValue("strip/1/pan", 0)]).toEqual(["−3,0 dB", "aus", "Mitte"]);
  await speak("en");
});

test("a figure behind a name that is written from the right keeps its sign before it, and a hyphen of a name stays", () => {
  const mark = "\u200e";
  expect(sentence("מאיה -1.2 dB, זוהר +0.4 dB")).toBe(`מאיה${mark} -1.2 dB, זוהר${mark} +0.4 dB`);
  expect(sentence("שירה של רותי up: Kick -2 dB")).toBe(`שירה של רותי${mark} up: Kick -2 dB`);
  expect([minus("-2.0 dB"), minus("snare-top"), en.undone([["snare-top", "1", "2"]])]).toEqual(["−2.0 dB", "snare-top", "undone: snare-top 1 → 2"]);
});
