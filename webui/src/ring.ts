// ring.ts - the store between the network and the ear: steady against jitter, and it follows the box's clock.

const RATE = 48000;
const TARGET = 0.12 * RATE,
  MOST = 0.5 * RATE; // frames kept in hand; every gap asks for half as much again, up to MOST
const ROOM = 2 * RATE; // more than this is never kept
const FADE = 128; // frames to glide over any break

export interface Report {
  readonly ms: number;
  readonly gaps: number;
  readonly skips: number;
  readonly playing: boolean;
  readonly rms: number;
}
type Stereo = [number, number];

export class Ring {
  heard = 0;
  write = 0;
  read = 0;
  target = TARGET;
  private readonly base: number;
  private step: number;
  private mean = TARGET;
  private playing = false;
  private steering = false;
  private gaps = 0;
  private skips = 0;
  private fade = FADE;
  private sum = 0;
  private readonly pcm = [new Float32Array(ROOM), new Float32Array(ROOM)] as const;
  private last: Stereo = [0, 0];
  private held: Stereo = [0, 0];

  constructor(rate: number) {
    this.base = this.step = RATE / rate;
  }

  /** Interleaved stereo as it came; when far too much waits, the oldest is skipped. */
  push(samples: Int16Array): void {
    const [left, right] = this.pcm;
    for (let i = 0; i + 1 < samples.length; i += 2) {
      const at = this.write++ % ROOM;
      left[at] = (samples[i] ?? 0) / 32768;
      right[at] = (samples[i + 1] ?? 0) / 32768;
    }
    if (this.write - this.read > 3 * this.target) {
      if (this.playing) {
        this.skips++;
        this.glide();
      }
      this.read = this.write - this.target;
      this.mean = this.target;
    }
  }

  pull(left: Float32Array, right: Float32Array): void {
    const fill = this.write - this.read;
    if (!this.playing && fill >= this.target) {
      this.playing = true;
      this.mean = fill;
      this.glide();
    }
    this.steer(fill);
    for (let i = 0; i < left.length; i++) {
      if (this.playing && this.write - this.read < 3) {
        this.playing = false;
        this.gaps++;
        this.target = Math.min(this.target * 1.5, MOST);
        this.glide();
      }
      const gain = Math.min(this.fade++ / FADE, 1),
        l = (left[i] = this.out(0, gain)),
        r = (right[i] = this.out(1, gain));
      if (this.playing) this.read += this.step;
      this.sum += l * l + r * r;
    }
    this.heard += left.length;
  }

  /** Plays up to 0.4 % faster or slower while the store has run away, and exactly in step otherwise. */
  private steer(fill: number): void {
    this.mean += 0.01 * (fill - this.mean);
    const error = (this.mean - this.target) / this.target;
    this.steering = Math.abs(error) > (this.steering ? 0.05 : 0.35);
    this.step = this.base * (this.steering ? 1 + Math.max(-0.004, Math.min(0.004, error * 0.01)) : 1);
  }

  private out(side: 0 | 1, gain: number): number {
    const fresh = this.playing ? this.between(this.pcm[side]) : 0;
    return (this.last[side] = gain < 1 ? this.held[side] * (1 - gain) + fresh * gain : fresh);
  }

  /** Cubic Hermite between frames; a whole frame is itself. */
  private between(pcm: Float32Array): number {
    const i = Math.floor(this.read),
      t = this.read - i,
      at = (n: number) => pcm[(i + n + ROOM) % ROOM] ?? 0;
    const b = at(0);
    if (t === 0) return b;
    const a = i ? at(-1) : b,
      c = at(1),
      d = at(2);
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  }

  private glide(): void {
    this.held = [...this.last];
    this.fade = 0;
  }

  /** What happened since it was asked last. */
  report(): Report {
    const rms = this.heard ? Math.sqrt(this.sum / (2 * this.heard)) : 0;
    this.sum = this.heard = 0;
    return { ms: ((this.write - this.read) / RATE) * 1000, gaps: this.gaps, skips: this.skips, playing: this.playing, rms };
  }
}
