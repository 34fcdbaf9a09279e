// panel.ts - the line to the box's own panel: its picture, lamps and knobs come in, turns and presses go out.
import { signal } from "@preact/signals";
import { socketAddress, tellAll } from "./box";

export interface Kind {
  readonly pots: number;
  readonly encoders: number;
  readonly buttons: readonly string[];
  readonly leds: readonly string[];
  readonly width: number;
  readonly height: number;
}
/** undefined: not asked yet; null: the panel's program is away. */
export const kind = signal<Kind | null | undefined>(undefined);
export const picture = signal<Uint8Array | null>(null);
export const lamps = signal<readonly number[]>([]);
export const pots = signal<readonly number[]>([]);
export const labels = signal<readonly string[]>([]);

const AGAIN_MS = 1500,
  SEND_MS = 34;
let socket: WebSocket | null = null,
  again = 0,
  viewers = 0,
  waiting: { pot: [number, number] } | null = null,
  sending = 0;

interface Told {
  panel?: Kind | null;
  frame?: string;
  leds?: number[];
  pots?: number[];
  labels?: string[];
  error?: string;
}

export function take(text: string): void {
  const told = JSON.parse(text) as Told;
  if (told.panel !== undefined) kind.value = told.panel;
  if (told.frame) picture.value = Uint8Array.from(atob(told.frame), (c) => c.charCodeAt(0));
  if (told.leds) lamps.value = told.leds;
  if (told.pots) pots.value = told.pots;
  if (told.labels) labels.value = told.labels;
  if (told.error) tellAll(told.error);
}

/** While somebody looks; give back what ends it. */
export function look(): () => void {
  if (!viewers++) dial();
  return () => {
    if (!--viewers) hangUp();
  };
}

function dial(): void {
  const mine = (socket = new WebSocket(socketAddress("/panel")));
  mine.onmessage = ({ data }) => {
    if (mine === socket) take(String(data));
  };
  mine.onclose = () => {
    if (mine !== socket) return;
    kind.value = null;
    again = setTimeout(dial, AGAIN_MS) as unknown as number;
  };
}

function hangUp(): void {
  clearTimeout(again);
  const mine = socket;
  socket = null;
  mine?.close();
  kind.value = undefined;
}

const say = (message: object): void => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};
export const turn = (encoder: number, clicks: number): void => say({ turn: [encoder, clicks] });
export const press = (what: string, down: boolean): void => say({ press: [what, down] });

/** The newest way of a pot, at most 30 a second. */
export function pot(n: number, way: number): void {
  waiting = { pot: [n, Math.round(way * 1000) / 1000] };
  if (!sending) send();
}

function send(): void {
  if (waiting) say(waiting);
  sending = waiting ? (setTimeout(send, SEND_MS) as unknown as number) : 0;
  waiting = null;
}
