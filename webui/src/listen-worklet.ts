// listen-worklet.ts - the ring in the thread that makes sound.
import { Ring, type Report } from "./ring";

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, kind: new () => AudioWorkletProcessor): void;

registerProcessor(
  "listen",
  class extends AudioWorkletProcessor {
    private readonly ring = new Ring(sampleRate);

    constructor() {
      super();
      this.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.ring.push(new Int16Array(data));
    }

    process(_inputs: unknown, [output]: Float32Array[][]): boolean {
      const left = output?.[0];
      if (left) this.ring.pull(left, output?.[1] ?? new Float32Array(left.length));
      if (this.ring.heard >= sampleRate / 4) this.port.postMessage(this.ring.report() satisfies Report);
      return true;
    }
  },
);
