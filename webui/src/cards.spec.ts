import { expect, test } from "vitest";
import { decisions, grown, marked, parts, type Card } from "./cards";

const step = (to: number, time: number, why = `Overhead to ${to.toFixed(1)}: plays at ${(to + 3).toFixed(1)} LUFS`, path = "strip/5/level") => ({
  path,
  from: to + 0.1,
  to,
  why,
  time,
});
const all = (...steps: ReturnType<typeof step>[]): readonly Card[] => steps.reduce<readonly Card[]>(grown, []);

test("a move of ten steps is one card, from where it began to where it is", () => {
  const cards = all(...Array.from({ length: 10 }, (_, i) => step(-18.9 - i / 10, i)));
  expect(cards).toHaveLength(1);
  expect(cards[0]).toMatchObject({ steps: 10, began: 0, last: 9, cause: "plays at -16.8 LUFS" });
  expect(cards[0]?.from).toBeCloseTo(-18.8);
  expect(cards[0]?.to).toBeCloseTo(-19.8);
});

test("after a rest another cause is another card, the same cause the same one", () => {
  expect(all(step(-18, 0), step(-17, 40, "Overhead +1.0 dB: brighter than the voice"))).toHaveLength(2);
  expect(all(step(-18, 0), step(-17, 40))).toHaveLength(1);
  expect(all(step(-18, 0), step(-17, 400))).toHaveLength(2);
});

test("while a move goes on its cause may change: it is one card still, with the newest cause", () => {
  const cards = all(step(-18, 0), step(-17.5, 8, "Overhead +1.0 dB: brighter than the voice"));
  expect(cards.map(({ cause, steps }) => [cause, steps])).toEqual([["brighter than the voice", 2]]);
});

test("what moves on comes first, and other paths are other cards", () => {
  const cards = all(step(-18, 0), step(-5, 1, "keys -5: loud", "strip/8/level"), step(-18.2, 2));
  expect(cards.map(({ path }) => path)).toEqual(["strip/5/level", "strip/8/level"]);
});

test("a move that goes on for the reason that was told ends where it ends, and its card stays where it is", () => {
  const bare = (to: number, time: number, path?: string) => step(to, time, "", path);
  const cards = all(step(-18, 0), step(-5, 1, "keys -5: loud", "strip/8/level"), bare(-19, 2), bare(-20, 12), bare(-21, 20), bare(-30, 60), bare(-3, 61, "strip/2/level"));
  expect(cards.map(({ path, to, last, steps }) => [path, to, last, steps])).toEqual([
    ["strip/8/level", -5, 1, 1],
    ["strip/5/level", -21, 0, 1],
  ]);
});

test("a card that a hand has answered does not grow any more", () => {
  const [card] = all(step(-18, 0));
  expect(grown(marked([card as Card], card?.id ?? 0, "kept"), step(-19, 1))).toHaveLength(2);
});

test("words alone are told apart by what they say, not by their figures", () => {
  const words = (why: string, time: number) => ({ path: "", from: null, to: null, why, time });
  expect(
    [words("keys -2.5 dB: covers Anna by 6 dB", 0), words("keys -2.6 dB: covers Anna by 5.9 dB", 1), words("bass +1 dB: thin", 2)].reduce<readonly Card[]>(
      grown,
      [],
    ),
  ).toHaveLength(2);
  expect(parts("keys -2.5 dB at 2 kHz: covers Anna")).toEqual({ head: "keys -2.5 dB at 2 kHz", cause: "covers Anna" });
});

test("what one message moved for one reason is one decision, whatever stands between others", () => {
  const why = "Kick +0.9 and Bass +0.6 dB: to their places";
  const cards = all(step(-5, 0, "keys -5: loud", "strip/8/level"), step(-3, 5, why, "strip/3/level"), step(-6, 5, why, "strip/6/level"));
  expect(decisions(cards).map((one) => one.map(({ path }) => path))).toEqual([["strip/6/level", "strip/3/level"], ["strip/8/level"]]);
  expect(decisions(marked(cards, cards[0]?.id ?? 0, "kept"))).toHaveLength(3);
  expect(decisions(all(step(-3, 5, why, "strip/3/level"), step(-6, 9, why, "strip/6/level")))).toHaveLength(2);
});
