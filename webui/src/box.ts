// box.ts - the box as the page knows it: the link, who we are, how it does, what it decided; and what a hand may ask of it.
import { batch, computed, effect, signal } from "@preact/signals";
import { grown, marked, type Card } from "./cards";
import { Link, type Ears, type Message } from "./link";
import { takeFrame } from "./meters";
import { minus, sayWhat, sentence } from "./format";
import { rest } from "./rest";
import { answered, asNumber, forget, layers, say, takeChanges, takeState, toldOf } from "./store";
import { patternOf, startOf, type Layers, type Plain } from "./table";
import { words } from "./words";

export interface You {
  readonly role: "engineer" | "musician" | "guest" | "nobody";
  readonly name: string;
  readonly monitor: number;
  readonly strips: readonly number[];
}
export interface Health {
  readonly engine?: boolean;
  readonly denoiser?: string;
  readonly xruns?: number;
  readonly load?: number;
  readonly faults?: number;
  readonly unplugged?: boolean;
  readonly main_ms?: number;
  readonly monitor_ms?: number;
}
export interface Spectrum {
  readonly of: string;
  readonly db: readonly number[];
}
type Reason = { readonly why: string; readonly time: number };
type State = Readonly<Record<string, Layers>>;

export const channels = signal(0);
export const you = signal<You>({ role: "engineer", name: "", monitor: 0, strips: [] });
export const trouble = signal<"" | "connecting" | "lost" | "desk">("connecting");
export const health = signal<Health>({});
export const locks = signal<readonly string[]>([]);
export const cards = signal<readonly Card[]>([]);
export const note = signal("");
export const spectrum = signal<Spectrum | null>(null);
export const depth = computed(() => asNumber(layers("box/depth").value) / 100);

let epoch = "",
  seq = 0,
  noteTimer = 0;
const wish: { meters: number; spectrum: string | null } = { meters: 20, spectrum: null };

export function tellAll(text: string): void {
  note.value = sentence(text);
  clearTimeout(noteTimer);
  noteTimer = setTimeout(() => {
    note.value = "";
  }, 5000) as unknown as number;
}

const ears: Ears = {
  hear: (message) => batch(() => hear(message)),
  meters: takeFrame,
  lost() {
    trouble.value = "lost";
    health.value = {};
    takeFrame(null);
    forget();
    whoAmI();
  },
  answered(paths, refused) {
    if (!refused) {
      answered(paths);
      return;
    }
    forget(paths);
    tellAll(refused);
  },
};

/** Who is told again to be who they are is no news: everything that is drawn looks at it. */
export function meet({ role, name, monitor, strips }: You): void {
  const me = { role, name, monitor, strips };
  if (JSON.stringify(me) !== JSON.stringify(you.peek())) you.value = me;
}

/** Asked at first, and after each loss: somebody may have been shown the door. */
export function whoAmI(): void {
  void rest<You>("GET", "/api/me").then(
    (me) => {
      meet(me);
    },
    () => {
      /* the link says it */
    },
  );
}

const address = (path: string): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
export const socketAddress = address;
let link: Link | null = null;

/** A page that nobody looks at wants none. */
const seenMeters = (): number => (document.hidden ? 0 : wish.meters);

export function connect(): void {
  link = new Link(() => new WebSocket(address(`/live?meters=${seenMeters()}${epoch && `&epoch=${epoch}&since=${seq}`}`)), ears);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) link?.wake();
    link?.tell({ want: { meters: seenMeters() } });
  });
  addEventListener("online", () => link?.wake());
  effect(() => {
    document.body.classList.toggle("lost", !!trouble.value);
  });
}

function hear(message: Message): void {
  if (message.state) takeState(message.state as State);
  if (message.delta) takeChanges(message.delta as State);
  if (message.state || message.delta) begin(message);
  if (message.changed) change(message);
  if (typeof message.seq === "number") seq = message.seq;
  if (message.you) meet(message.you as You);
  if (message.locks) locks.value = message.locks as string[];
  if (typeof message.channels === "number" && message.channels) channels.value = message.channels;
  if (message.health) takeHealth(message.health as Health);
  if (message.spectrum) takeSpectrum(message.spectrum as Spectrum);
  if (message.desk === false) {
    trouble.value = "desk";
    forget();
  }
  if (typeof message.error === "string") {
    forget();
    tellAll(message.error);
  }
}

export function takeHealth(now: Health): void {
  health.value = now;
  if (now.engine === false) takeFrame(null); // no sound: nothing stands where the last one was
}

/** What was asked for before may come late: it is not of what is looked at now. */
export function takeSpectrum(told: Spectrum): void {
  if (told.of === wish.spectrum) spectrum.value = told;
}

function begin(message: Message): void {
  trouble.value = "";
  epoch = String(message.epoch ?? "");
  if (!cards.peek().length)
    for (const { why, time } of (message.reasons ?? []) as Reason[]) cards.value = grown(cards.peek(), { path: "", from: null, to: null, why: sentence(why), time });
  link?.tell({ want: { meters: seenMeters(), spectrum: wish.spectrum } }); // it may have been shown or hidden meanwhile
}

/** What is otherwise now. Times are of the box's clock, here as in its history. */
export function change(message: Message): void {
  const changed = message.changed as State,
    why = sentence(String(message.why ?? ""));
  if (message.layer === "auto") {
    for (const [path, { value }] of Object.entries(changed)) {
      if (value !== toldOf(path).value) cards.value = grown(cards.peek(), { path, from: toldOf(path).value, to: value, why, time: Number(message.time) });
    }
  }
  takeChanges(changed);
}

// ---- what a hand may do

/** Whether this hand may set a path: the same rule as the server's, which alone enforces it. */
export function may(path: string): boolean {
  const { role, monitor, strips } = you.value;
  if (role === "engineer") return true;
  if (role !== "musician") return false;
  const pattern = patternOf(path),
    strip = Number(path.split("/")[1]);
  return path.startsWith(`monitor/${monitor}/`)
    ? /^monitor\/\*\/(level|name|eq|geq)/.test(pattern)
    : pattern === "strip/*/name"
      ? strips.includes(strip)
      : pattern === "strip/*/send/*/level" && path.split("/")[3] === String(monitor);
}
export const isEngineer = (): boolean => you.value.role === "engineer";

export function set(path: string, value: Plain): void {
  if (!may(path)) {
    tellAll(words.value.notYours);
    return;
  }
  if (link?.set(path, value)) say(path, value);
}

export async function ask(request: object, ms?: number): Promise<Message> {
  return link ? link.ask(request, ms) : { error: words.value.notConnected };
}

/** Asks, and tells everybody who looks at the page what was wrong. True where the box did it. */
export async function wishes(request: object, done = ""): Promise<boolean> {
  const answer = await ask(request),
    wrong = typeof answer.error === "string" ? answer.error : "";
  if (wrong || done) tellAll(wrong ? inWords(wrong) : done);
  return !wrong;
}

const inWords = (wrong: string): string =>
  wrong.startsWith("undo:") ? words.value.nothingToUndo : wrong === "not connected" || wrong === "connection lost" ? words.value.notConnected : wrong;

export async function release(path: string, called: string): Promise<void> {
  forget([path]);
  await wishes({ release: path }, words.value.released(called));
}

export const isLocked = (place: string): boolean => locks.value.some((lock) => lock === place || place.startsWith(`${lock}/`));
export const toggleLock = (place: string): Promise<boolean> => wishes(locks.peek().includes(place) ? { unlock: place } : { lock: place });

/** Takes back the hand's own last action, or the newest on one channel. */
export async function undo(of?: string): Promise<void> {
  forget();
  const answer = await ask(of ? { undo: true, of } : { undo: true });
  if (typeof answer.error === "string") {
    tellAll(inWords(answer.error));
    return;
  }
  const undone = (answer.ok as { undone?: [string, string, string][] } | undefined)?.undone ?? [];
  tellAll(words.value.undone(undone.map(([path, from, to]) => [called(path), minus(from), minus(to)])));
}

export function markCard(id: number, done: Card["done"]): void {
  cards.value = marked(cards.peek(), id, done);
}

export function wantMeters(rate: number): void {
  wish.meters = rate;
  link?.tell({ want: { meters: seenMeters() } });
}

export function wantSpectrum(of: string | null): void {
  wish.spectrum = of;
  spectrum.value = null;
  link?.tell({ want: { spectrum: of } });
}

// ---- what people call things

export function stripName(n: number): string {
  const name = String(layers(`strip/${n}/name`).value ?? ""),
    role = String(layers(`strip/${n}/role`).value ?? "unused");
  return name || (role === "unused" ? words.value.input(n) : (words.value.roles[role] ?? role));
}
export const monitorName = (n: number): string => String(layers(`monitor/${n}/name`).value ?? "") || words.value.monitor(n);
export const groupName = (n: number): string => String(layers(`group/${n}/name`).value ?? "") || words.value.group(n);

/** 'Keys level', as people say a path. */
export function called(path: string): string {
  const [kind, n] = path.split("/"),
    number = Number(n);
  const who =
    kind === "strip"
      ? stripName(number)
      : kind === "monitor"
        ? monitorName(number)
        : kind === "main"
          ? words.value.main
          : kind === "group"
            ? groupName(number)
            : "";
  const [, , block = "", band = ""] = path.replace(/^main\//, "main/0/").split("/"),
    within = words.value.blocks[block];
  const what = within && path.endsWith("/on") ? within : within ? `${within}${/^\d+$/.test(band) ? ` ${band}` : ""}, ${sayWhat(path)}` : sayWhat(path);
  return who ? `${who} · ${what}` : what;
}

export const start = (path: string): number => asNumber(startOf(path));
