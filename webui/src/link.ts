// link.ts - the one connection to the box: what it says comes in, what a hand does goes out, and nothing survives a loss.
import type { Plain } from "./table";

export const SEND_MS = 40; // a moving finger writes at most 25 times a second
const QUIET_MS = 4000; // the box speaks at least once a second; this long without a word is a loss
const ANSWER_MS = 10000;
const BACKOFF_MS = [250, 500, 1000, 1500];

export type Message = Readonly<Record<string, unknown>>;
/** What the page asks of a socket; a browser's WebSocket has it. */
export interface Wire {
  binaryType: BinaryType;
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  onopen: ((e: Event) => void) | null;
  onmessage: ((e: MessageEvent) => void) | null;
  onclose: ((e: CloseEvent) => void) | null;
}
export interface Ears {
  hear(message: Message): void;
  meters?(frame: ArrayBuffer): void;
  /** Once per loss. */
  lost(): void;
  /** The box took these paths, or refused them. */
  answered(paths: readonly string[], refused: string): void;
  /** What a fresh connection says first. */
  greeting?(): object | null;
}

/** `ready`: the state was read on this connection. Before that nothing is written. */
export class Link {
  ready = false;
  private wire: Wire | null = null;
  private pending: Record<string, Plain> = {};
  private waiting = new Map<number, (answer: Message) => void>();
  private timer = 0;
  private again = 0;
  private tries = 0;
  private heard = 0;
  private number = 0;

  constructor(
    private readonly dial: () => Wire,
    private readonly ears: Ears,
    private readonly now: () => number = () => performance.now(),
  ) {
    setInterval(() => this.look(), 1000);
    this.open();
  }

  open(): void {
    clearTimeout(this.again);
    const wire = (this.wire = this.dial());
    wire.binaryType = "arraybuffer";
    this.heard = this.now();
    wire.onopen = () => {
      const greeting = this.ears.greeting?.();
      if (greeting && wire === this.wire) wire.send(JSON.stringify(greeting));
    };
    wire.onmessage = ({ data }) => {
      if (wire === this.wire) this.take(data as string | ArrayBuffer);
    };
    wire.onclose = () => {
      if (wire === this.wire) this.drop();
    };
  }

  /** The network is back, or somebody looks at the page again. */
  wake(): void {
    if (!this.wire) this.open();
    else this.look();
  }

  /** Sets a value: the first at once, then the newest every SEND_MS, the last one always. False where nothing may be written. */
  set(path: string, value: Plain): boolean {
    if (!this.ready) return false;
    this.pending[path] = value;
    if (!this.timer) this.tick();
    return true;
  }

  /** One request, after what was set before it; its answer, or one with `error`. */
  ask(request: object, ms: number = ANSWER_MS): Promise<Message> {
    if (!this.ready || !this.wire) return Promise.resolve({ error: "not connected" });
    this.flush();
    return this.sent(request, ms);
  }

  /** Of this page alone, changes nothing: what it wishes to be told. */
  tell(message: object): void {
    if (this.wire?.readyState === 1) this.wire.send(JSON.stringify(message));
  }

  private sent(request: object, ms: number): Promise<Message> {
    const id = ++this.number;
    return new Promise((done) => {
      const late = setTimeout(() => this.answer(id, { error: "no answer from the box" }), ms);
      this.waiting.set(id, (answer) => {
        clearTimeout(late);
        done(answer);
      });
      this.wire?.send(JSON.stringify({ ...request, id }));
    });
  }

  private answer(id: number, message: Message): void {
    const done = this.waiting.get(id);
    this.waiting.delete(id);
    done?.(message);
  }

  private take(data: string | ArrayBuffer): void {
    this.heard = this.now();
    if (typeof data !== "string") {
      this.ears.meters?.(data);
      return;
    }
    const message = JSON.parse(data) as Message;
    if (message.desk === false) this.ready = false;
    if (message.state || message.delta) {
      this.ready = true;
      this.tries = 0;
    }
    if (typeof message.answer === "number") this.answer(message.answer, message);
    else this.ears.hear(message);
  }

  private look(): void {
    if (this.wire && this.now() - this.heard > QUIET_MS) this.drop();
  }

  private drop(): void {
    const wire = this.wire;
    this.wire = null;
    wire?.close();
    this.forget();
    this.ears.lost();
    this.again = setTimeout(() => this.open(), BACKOFF_MS[Math.min(this.tries++, BACKOFF_MS.length - 1)]) as unknown as number;
  }

  /** Nothing that was meant before a loss is sent after it. */
  private forget(): void {
    this.ready = false;
    this.pending = {};
    clearTimeout(this.timer);
    this.timer = 0;
    for (const id of [...this.waiting.keys()]) this.answer(id, { error: "connection lost" });
  }

  private tick(): void {
    this.timer = this.flush() ? (setTimeout(() => this.tick(), SEND_MS) as unknown as number) : 0;
  }

  private flush(): boolean {
    const set = this.pending,
      paths = Object.keys(set);
    if (!paths.length) return false;
    this.pending = {};
    void this.sent({ set }, ANSWER_MS).then((answer) => {
      const refused = String(answer.error ?? "");
      this.ears.answered(
        paths.filter((path) => !(path in this.pending)),
        refused,
      );
    });
    return true;
  }
}
