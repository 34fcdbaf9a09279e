// listen.ts - the box's sound over a WebSocket into this device's own output.
import { signal } from "@preact/signals";
import { socketAddress, tellAll } from "./box";
import { Ring, type Report } from "./ring";

export type Bus = "listen" | "main" | `monitor_${number}`;
/** off; or what happens: starting, not reached, or the ring's report. */
export const listening = signal<null | "starting" | "waiting" | Report>(null);
export const bus = signal<Bus>("listen");
export const volume = signal(0.7);

interface Ear {
  context: AudioContext;
  gain: GainNode;
  push: ((sound: ArrayBuffer) => void) | null;
  socket: WebSocket | null;
  again: number;
}
let ear: Ear | null = null;

/** Call from a click: browsers give sound only to a gesture. */
export async function listen(): Promise<void> {
  let context: AudioContext;
  try {
    context = new AudioContext({ sampleRate: 48000 });
  } catch {
    context = new AudioContext();
  }
  const gain = new GainNode(context, { gain: volume.value }),
    mine: Ear = { context, gain, push: null, socket: null, again: 0 };
  gain.connect(context.destination);
  ear = mine;
  listening.value = "starting";
  void context.resume();
  try {
    const { node, push } = context.audioWorklet ? await worklet(context) : script(context);
    if (ear !== mine) return;
    node.connect(gain);
    mine.push = push;
    dial(mine);
  } catch (e) {
    if (ear !== mine) return; // it was stopped while it began
    stop();
    tellAll(String((e as Error).message));
  }
}

export function stop(): void {
  const mine = ear;
  ear = null;
  listening.value = null;
  if (!mine) return;
  clearTimeout(mine.again);
  mine.socket?.close();
  void mine.context.close();
}

export function hear(next: Bus): void {
  bus.value = next;
  if (ear?.push) dial(ear);
}

export function setVolume(next: number): void {
  volume.value = next;
  ear?.gain.gain.setTargetAtTime(next, ear.context.currentTime, 0.02);
}

function dial(mine: Ear): void {
  const before = mine.socket,
    socket = (mine.socket = new WebSocket(socketAddress(`/listen?bus=${bus.value}`)));
  before?.close();
  clearTimeout(mine.again);
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => {
    if (socket === mine.socket && data instanceof ArrayBuffer) mine.push?.(data);
  };
  socket.onclose = () => {
    if (ear !== mine || socket !== mine.socket) return;
    listening.value = "waiting";
    mine.again = setTimeout(() => dial(mine), 1000) as unknown as number;
  };
}

const report = (told: Report): void => {
  if ((ear && listening.value !== "waiting") || told.playing) listening.value = ear ? told : null;
};

async function worklet(context: AudioContext): Promise<{ node: AudioNode; push: (sound: ArrayBuffer) => void }> {
  await context.audioWorklet.addModule("/static/listen-worklet.js");
  const node = new AudioWorkletNode(context, "listen", { numberOfInputs: 0, outputChannelCount: [2] });
  node.port.onmessage = ({ data }: MessageEvent<Report>) => report(data);
  return { node, push: (sound) => node.port.postMessage(sound, [sound]) };
}

/** Without a secure origin (http:// on a local network) there is no worklet; the old way runs the same ring on this thread. */
function script(context: AudioContext): { node: AudioNode; push: (sound: ArrayBuffer) => void } {
  const node = context.createScriptProcessor(2048, 0, 2),
    ring = new Ring(context.sampleRate);
  node.onaudioprocess = ({ outputBuffer }) => {
    ring.pull(outputBuffer.getChannelData(0), outputBuffer.getChannelData(1));
    if (ring.heard >= context.sampleRate / 4) report(ring.report());
  };
  return { node, push: (sound) => ring.push(new Int16Array(sound)) };
}
