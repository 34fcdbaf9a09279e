// listen.js - the listen button: the box's sound over a WebSocket into this device's own output.

import { Ring } from "./listen-worklet.js";

export class Listen {
  /** `tell(report)`: Ring.report() four times a second; null when stopped; {waiting: true} while the box is not reached. */
  constructor(url, tell) {
    Object.assign(this, { url, tell, on: false, volume: 0.7 });
  }

  /** Call from a click: browsers give sound only to a gesture. */
  async start() {
    this.on = true;
    let context;
    try { context = new AudioContext({ sampleRate: 48000 }); } catch { context = new AudioContext(); }
    const gain = new GainNode(context, { gain: this.volume });
    gain.connect(context.destination);
    Object.assign(this, { context, gain });
    context.resume();
    const { node, push } = context.audioWorklet ? await worklet(context, this.tell) : script(context, this.tell);
    if (!this.on || context !== this.context) return;
    node.connect(gain);
    this.node = node;
    this.push = push;
    this.open();
  }

  open() {
    const socket = this.socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => socket === this.socket && data instanceof ArrayBuffer && this.push(data);
    socket.onclose = () => {
      if (!this.on || socket !== this.socket) return;
      this.tell({ waiting: true });
      this.again = setTimeout(() => this.open(), 1000);
    };
  }

  stop() {
    this.on = false;
    clearTimeout(this.again);
    this.socket?.close();
    this.node?.disconnect();
    this.context.close();
    this.socket = this.node = null;
    this.tell(null);
  }

  set loudness(volume) {
    this.volume = volume;
    if (this.on) this.gain?.gain.setTargetAtTime(volume, this.context.currentTime, 0.02);
  }
}

async function worklet(context, tell) {
  await context.audioWorklet.addModule("/static/listen-worklet.js");
  const node = new AudioWorkletNode(context, "listen", { numberOfInputs: 0, outputChannelCount: [2] });
  node.port.onmessage = ({ data }) => tell(data);
  return { node, push: (buffer) => node.port.postMessage(buffer, [buffer]) };
}

/** Without a secure origin (http:// on a local network) there is no worklet; the old way runs the same ring on this thread. */
function script(context, tell) {
  const node = context.createScriptProcessor(2048, 0, 2), ring = new Ring(context.sampleRate);
  node.onaudioprocess = ({ outputBuffer }) => {
    ring.pull(outputBuffer.getChannelData(0), outputBuffer.getChannelData(1));
    if (ring.heard >= context.sampleRate / 4) tell(ring.report());
  };
  return { node, push: (buffer) => ring.push(new Int16Array(buffer)) };
}
