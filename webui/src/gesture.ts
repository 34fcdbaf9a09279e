// gesture.ts - a hand on a fader: it moves without a jump, a tap does nothing, two taps let go of it.
import type { Row } from "./params";
import { at, clamp, rounded, wayOf } from "./table";

const SLOP_PX = 5; // less is a tap
const DOUBLE_MS = 350;

export interface Touch {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly time: number;
}
export interface Wishes {
  /** Where the hand stands now. */
  hand(): number;
  take(): void;
  /** Whether what was taken is still this hand's: a loss takes it away. */ held(): boolean;
  move(value: number): void;
  drop(): void;
  release(): void;
}

/** What fingers, keys and screen readers do to one control whose way is `length` px long. */
export class Gesture {
  private finger: { id: number; x: number; y: number; way: number; moving: boolean } | null = null;
  private tapped = -Infinity;

  constructor(
    private readonly row: Row,
    private readonly wishes: Wishes,
  ) {}

  get moving(): boolean {
    return this.finger?.moving ?? false;
  }

  down({ id, x, y }: Touch): boolean {
    if (this.finger) return false;
    this.finger = { id, x, y, way: wayOf(this.row, this.wishes.hand()), moving: false };
    return true;
  }

  moved({ id, x, y }: Touch, upright: boolean, length: number): void {
    const f = this.finger;
    if (f?.id !== id) return;
    const px = upright ? f.y - y : x - f.x;
    if (!f.moving && Math.abs(px) < SLOP_PX) return;
    if (!f.moving) {
      // begins where the box is now, without a jump
      Object.assign(f, { moving: true, x, y, way: wayOf(this.row, this.wishes.hand()) });
      this.wishes.take();
      return;
    }
    if (!this.wishes.held()) return; // until it comes anew
    this.go(f.way + px / Math.max(length, 1));
  }

  up({ id, time }: Touch): void {
    const f = this.finger;
    if (f?.id !== id) return;
    this.cancel();
    if (f.moving) return;
    const again = time - this.tapped < DOUBLE_MS;
    this.tapped = again ? -Infinity : time;
    if (again) this.wishes.release();
  }

  cancel(): void {
    const moved = this.moving;
    this.finger = null;
    if (moved) this.wishes.drop();
  }

  /** True where the key meant something. */
  key(key: string, fine: boolean): boolean {
    const row = this.row,
      way = wayOf(row, this.wishes.hand()),
      step = row.taper === "step" ? 1 / (row.high - row.low) : fine ? 0.0025 : 0.0125;
    const goals: Record<string, number> = {
      ArrowUp: way + step,
      ArrowRight: way + step,
      ArrowDown: way - step,
      ArrowLeft: way - step,
      PageUp: way + 0.1,
      PageDown: way - 0.1,
      Home: 0,
      End: 1,
    };
    const goal = goals[key];
    if (goal !== undefined) this.go(goal);
    else if (key === "Delete" || key === "Backspace") this.wishes.release();
    else return false;
    return true;
  }

  go(way: number): void {
    this.wishes.move(rounded(this.row, at(this.row, clamp(way, 0, 1))));
  }
}
