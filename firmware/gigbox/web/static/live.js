// live.js - the one connection to the box: what it says comes in, what a hand does goes out, and nothing survives a loss.

const SEND_MS = 40;        // a moving finger writes at most 25 times a second
const QUIET_MS = 4000;     // the box speaks at least once a second; this long without a word is a loss
const BACKOFF_MS = [250, 500, 1000, 2000, 4000];

export class Live {
  /** `hear(message)` gets every message; `lost()` is called once per loss. Ready means: the state was read on this connection. */
  constructor(url, hear, lost) {
    Object.assign(this, { url, hear, lost, ready: false, pending: {}, timer: 0, tries: 0, epoch: "", seq: 0 });
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    addEventListener("online", () => this.wake());
    setInterval(() => this.socket && performance.now() - this.heard > QUIET_MS && this.drop(), 1000);
    this.open();
  }

  open() {
    clearTimeout(this.again);
    const socket = this.socket = new WebSocket(`${this.url}&epoch=${this.epoch}&since=${this.seq}`);
    socket.binaryType = "arraybuffer";
    this.heard = performance.now();
    socket.onmessage = ({ data }) => {
      if (socket !== this.socket) return;
      this.heard = performance.now();
      const message = typeof data === "string" ? JSON.parse(data) : { meters: data };
      if (message.desk === false) this.ready = false;
      if (message.epoch) { this.ready = true; this.tries = 0; this.epoch = message.epoch; }
      if (message.seq) this.seq = message.seq;
      this.hear(message);
    };
    socket.onclose = () => socket === this.socket && this.drop();
  }

  drop() {
    this.socket?.close();
    this.socket = null;
    this.forget();
    this.lost();
    this.again = setTimeout(() => this.open(), BACKOFF_MS[Math.min(this.tries++, BACKOFF_MS.length - 1)]);
  }

  wake() {
    if (!this.socket) this.open();
  }

  /** Nothing that was meant before a loss is sent after it. */
  forget() {
    this.ready = false;
    this.pending = {};
    clearTimeout(this.timer);
    this.timer = 0;
  }

  ask(request) {
    if (!this.ready || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.flush();
    this.socket.send(JSON.stringify(request));
    return true;
  }

  /** Sets a value: the first at once, then the newest every SEND_MS, the last one always. */
  set(path, value) {
    if (!this.ready) return;
    this.pending[path] = value;
    if (!this.timer) this.tick();
  }

  tick() {
    this.timer = this.flush() ? setTimeout(() => this.tick(), SEND_MS) : 0;
  }

  flush() {
    if (!Object.keys(this.pending).length) return false;
    const set = this.pending;
    this.pending = {};
    this.socket.send(JSON.stringify({ set }));
    return true;
  }
}
