import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Link, type Ears, type Message, type Wire } from "./link";

class FakeWire implements Wire {
  binaryType: BinaryType = "blob";
  readyState = 1;
  sent: Message[] = [];
  onopen: Wire["onopen"] = null;
  onmessage: Wire["onmessage"] = null;
  onclose: Wire["onclose"] = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Message);
  }
  close(): void {
    this.readyState = 3;
  }
  tell(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }
  hangUp(): void {
    this.readyState = 3;
    this.onclose?.({} as CloseEvent);
  }
  get sets(): unknown[] {
    return this.sent.map(({ set }) => set).filter(Boolean);
  }
}

let wires: FakeWire[], heard: Message[], lost: number, answers: [readonly string[], string][], link: Link;
const newest = (): FakeWire => wires[wires.length - 1] as FakeWire;

beforeEach(() => {
  vi.useFakeTimers();
  [wires, heard, answers, lost] = [[], [], [], 0];
  const ears: Ears = { hear: (m) => heard.push(m), lost: () => lost++, answered: (paths, refused) => answers.push([paths, refused]) };
  link = new Link(
    () => {
      wires.push(new FakeWire());
      return newest();
    },
    ears,
    () => Date.now(),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

test("nothing is written before the state was read", async () => {
  expect(link.set("strip/1/level", -3)).toBe(false);
  expect(await link.ask({ undo: true })).toEqual({ error: "not connected" });
  expect(newest().sent).toEqual([]);
  newest().tell({ state: {} });
  expect(link.set("strip/1/level", -3)).toBe(true);
  expect(newest().sets).toEqual([{ "strip/1/level": -3 }]);
});

test("a moving finger writes the first at once, then the newest each 40 ms, the last always", () => {
  newest().tell({ state: {} });
  for (const value of [-1, -2, -3]) link.set("strip/1/level", value);
  expect(newest().sets).toEqual([{ "strip/1/level": -1 }]);
  vi.advanceTimersByTime(45);
  expect(newest().sets).toEqual([{ "strip/1/level": -1 }, { "strip/1/level": -3 }]);
  vi.advanceTimersByTime(500);
  expect(newest().sets).toHaveLength(2);
});

test("what was meant before a loss is not sent after it, and a question is answered with the loss", async () => {
  newest().tell({ state: {} });
  const asked = link.ask({ history: 5 });
  link.set("strip/1/level", -1);
  link.set("strip/1/level", -2);
  newest().hangUp();
  expect(lost).toBe(1);
  expect(await asked).toEqual({ error: "connection lost" });
  vi.advanceTimersByTime(2000);
  expect(wires).toHaveLength(2);
  expect(link.set("strip/1/level", -9)).toBe(false);
  newest().tell({ state: {} });
  vi.advanceTimersByTime(500);
  expect(newest().sent).toEqual([]);
  link.set("main/level", 0);
  expect(newest().sets).toEqual([{ "main/level": 0 }]);
});

test("a delta makes it ready as a state does, and a desk that is away forbids it again", () => {
  newest().tell({ delta: {} });
  expect(link.ready).toBe(true);
  newest().tell({ desk: false });
  expect(link.ready).toBe(false);
});

test("an answer goes to who asked, everything else to the ears", async () => {
  newest().tell({ state: {} });
  const asked = link.ask({ scenes: true });
  newest().tell({ changed: {} });
  newest().tell({ answer: newest().sent[0]?.id, ok: ["rock"] });
  expect((await asked).ok).toEqual(["rock"]);
  expect(heard).toHaveLength(2);
});

test("a refused set is told with its paths", async () => {
  newest().tell({ state: {} });
  link.set("main/level", 99);
  newest().tell({ answer: newest().sent[0]?.id, error: "main/level: 99 dB is above 10 dB" });
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toEqual([[["main/level"], "main/level: 99 dB is above 10 dB"]]);
});

test("four seconds without a word are a loss", () => {
  newest().tell({ state: {} });
  vi.advanceTimersByTime(3500);
  expect(lost).toBe(0);
  vi.advanceTimersByTime(2000);
  expect(lost).toBe(1);
});
