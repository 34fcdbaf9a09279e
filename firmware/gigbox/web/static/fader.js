// fader.js - a fader shows what the box says and moves what the hand says; while a finger is on it, the finger is right.

const SLOP_PX = 5;         // less is a tap
const DOUBLE_MS = 350;
const SETTLE_MS = 800;     // so long the last value of the hand stands; then the box's word, whatever it is

/** The way 0..1 at `value`, and back: both read the curve that the server sampled from THE table. */
export function position(row, value) {
  const { curve } = row, last = curve.length - 1;
  if (value <= curve[0]) return 0;
  if (value >= curve[last]) return 1;
  let low = 0, high = last;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (curve[mid] <= value) low = mid; else high = mid;
  }
  return (low + (value - curve[low]) / (curve[high] - curve[low])) / last;
}

export function at(row, way) {
  const { curve } = row, last = curve.length - 1, x = Math.min(Math.max(way, 0), 1) * last, i = Math.min(Math.floor(x), last - 1);
  return curve[i] + (x - i) * (curve[i + 1] - curve[i]);
}

export class Fader {
  /** `root`: an empty element. `on.move(value)`, `on.release()`: what the hand wants. `on.say(hand, value)`: the words for it. */
  constructor(root, label, row, on) {
    Object.assign(this, { root, row, on, way: 0, hand: row.default, told: row.default, auto: 0, depth: 1, finger: null, settle: 0, tapped: -Infinity });
    root.innerHTML = '<div class="rail"><i class="zero"></i><i class="band"></i><i class="ghost"></i><i class="thumb"></i></div>'
      + '<input type="range" min="0" max="1" step="any">';
    this.input = root.querySelector("input");
    this.input.setAttribute("aria-label", label);
    root.style.setProperty("--zero", position(row, row.default));
    root.addEventListener("pointerdown", (e) => this.down(e));
    root.addEventListener("pointermove", (e) => this.moved(e));
    root.addEventListener("pointerup", (e) => this.up(e));
    root.addEventListener("pointercancel", () => this.cancel());
    this.input.addEventListener("keydown", (e) => this.key(e));
    this.input.addEventListener("input", () => this.go(+this.input.value));     // a screen reader's own gestures
    this.draw();
  }

  /** What the box says. */
  show(hand, auto, depth) {
    Object.assign(this, { told: hand ?? this.row.default, auto: auto ?? 0, depth });
    this.listen();
  }

  /** Follows the box, unless the hand has just spoken. */
  listen() {
    if (!this.finger?.moving && performance.now() >= this.settle) this.hand = this.told;
    this.draw();
  }

  get value() {
    return Math.min(Math.max(this.hand + this.depth * this.auto, this.row.low), this.row.high);
  }

  go(way) {
    this.way = Math.min(Math.max(way, 0), 1);
    this.hand = Math.round(at(this.row, this.way) * 10) / 10;
    this.settle = performance.now() + SETTLE_MS;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.listen(), SETTLE_MS + 5);
    this.on.move(this.hand);
    this.draw();
  }

  down(e) {
    if (this.finger || e.button) return;
    this.finger = { id: e.pointerId, x: e.clientX, y: e.clientY, way: position(this.row, this.hand), moving: false };
    this.root.setPointerCapture(e.pointerId);
  }

  moved(e) {
    const f = this.finger;
    if (f?.id !== e.pointerId) return;
    const upright = getComputedStyle(this.root).getPropertyValue("--axis").trim() === "y";
    const rail = this.root.firstChild.getBoundingClientRect();
    const px = upright ? f.y - e.clientY : e.clientX - f.x;
    if (!f.moving && Math.abs(px) < SLOP_PX) return;
    if (!f.moving) {                     // begins without a jump, and without losing what the box said meanwhile
      Object.assign(f, { moving: true, x: e.clientX, y: e.clientY, way: position(this.row, this.hand) });
      this.root.classList.add("held");
      return;
    }
    this.go(f.way + px / (upright ? rail.height : rail.width));
  }

  up(e) {
    const f = this.finger;
    if (f?.id !== e.pointerId) return;
    this.cancel();
    if (f.moving) return;              // the last move has been told; `later` compares it with the box's word
    const again = e.timeStamp - this.tapped < DOUBLE_MS;
    this.tapped = again ? -Infinity : e.timeStamp;
    if (again) this.release();
  }

  cancel() {
    this.finger = null;
    this.root.classList.remove("held");
    clearTimeout(this.later);
    this.later = setTimeout(() => this.listen(), SETTLE_MS + 5);
  }

  release() {
    this.settle = 0;
    this.on.release();
  }

  /** What the hand did last no longer counts: the box's word does. */
  letGo() {
    this.cancel();
    this.settle = 0;
  }

  key(e) {
    const step = e.shiftKey ? 0.0025 : 0.0125, { way } = this;
    const to = { ArrowUp: way + step, ArrowRight: way + step, ArrowDown: way - step, ArrowLeft: way - step, PageUp: way + 0.1, PageDown: way - 0.1, Home: 0, End: 1 };
    if (e.key in to) this.go(to[e.key]);
    else if (e.key === "Delete" || e.key === "Backspace") this.release();
    else return;
    e.preventDefault();
  }

  draw() {
    const style = this.root.style, value = this.value, heard = position(this.row, value);
    if (!this.finger?.moving) this.way = position(this.row, this.hand);
    style.setProperty("--hand", this.way);
    style.setProperty("--heard", heard);
    style.setProperty("--from", Math.min(this.way, heard));
    style.setProperty("--span", Math.abs(this.way - heard));
    this.root.classList.toggle("apart", Math.abs(value - this.hand) >= 0.05);
    this.input.value = this.way;
    this.input.setAttribute("aria-valuetext", this.on.say(this.hand, value));
  }
}
