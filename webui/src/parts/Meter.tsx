// Meter.tsx - a strip's or bus's level on a canvas of its own: in, out with its peak, and from the top what is taken away.
import { useEffect, useRef } from "preact/hooks";
import { Needle, paint } from "../meters";
import { CLIP, CLIP_DB, CUT, CUT_DB, PEAK, STOPS, TRACK, wayOfDb } from "../scale";

export interface Source {
  /** dB now. */ level(): number;
  input?(): number;
  /** dB, 0 or less. */ cut?(): number;
}
const CLIP_MS = 2000;

/** Draws when something moves, and only what is on the screen. */
export function Meter({ of, upright = false }: { of: Source; upright?: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current,
      ink = element?.getContext("2d", { alpha: false });
    if (!element || !ink) return;
    const drawing = new Drawing(element, ink, upright, of),
      seen = new IntersectionObserver(([entry]) => {
        drawing.shown = entry?.isIntersecting ?? true;
        drawing.stale = true;
      });
    const sized = new ResizeObserver(([entry]) => entry && drawing.fit(entry.contentRect));
    sized.observe(element);
    seen.observe(element);
    const stop = paint((now) => drawing.frame(now));
    return () => {
      stop();
      sized.disconnect();
      seen.disconnect();
    };
  }, [of, upright]);
  return <canvas ref={canvas} class={`meter ${upright ? "upright" : "lying"}`} aria-hidden="true" />;
}

class Drawing {
  shown = true;
  stale = true;
  private readonly input = new Needle();
  private readonly output = new Needle();
  private clipped = -Infinity;
  private cut = 0;
  private across = 0; // until it is laid out
  private along = 0;
  private dpr = 1;
  private colours: CanvasGradient | string = "#fff";

  constructor(
    private readonly element: HTMLCanvasElement,
    private readonly ink: CanvasRenderingContext2D,
    private readonly upright: boolean,
    private readonly of: Source,
  ) {}

  /** As large as it is laid out: whoever asks the element itself makes the whole page be laid out anew for each meter. */
  fit({ width: wide, height: tall }: DOMRectReadOnly): void {
    this.dpr = Math.min(devicePixelRatio || 1, 2);
    const width = Math.max(Math.round(wide * this.dpr), 1),
      height = Math.max(Math.round(tall * this.dpr), 1);
    if (this.element.width !== width || this.element.height !== height) Object.assign(this.element, { width, height });
    [this.across, this.along] = this.upright ? [width, height] : [height, width];
    const gradient = this.ink.createLinearGradient(0, 0, 0, this.along);
    for (const [way, colour] of STOPS) gradient.addColorStop(1 - way, colour);
    this.colours = gradient;
    this.stale = true;
  }

  frame(now: number): boolean {
    if (!this.shown || !this.across) return false;
    const level = this.of.level(),
      input = this.of.input?.() ?? level,
      cut = this.of.cut?.() ?? 0,
      hot = Math.max(level, input) >= CLIP_DB;
    if (hot) this.clipped = now;
    const moves = [this.output.step(level, now), this.input.step(input, now)].some(Boolean),
      clips = now - this.clipped < CLIP_MS;
    if (moves || this.stale || cut !== this.cut || clips) {
      this.cut = cut;
      this.draw(clips);
      this.stale = clips;
    }
    return moves || clips;
  }

  /** In a frame whose y runs along the meter, silence at `along`. */
  private draw(clips: boolean): void {
    const { ink, across, along, dpr } = this,
      tall = (way: number) => Math.round(way * along),
      gap = Math.round(dpr * 1.5);
    const two = this.of.input !== undefined,
      three = this.of.cut !== undefined,
      thin = Math.round(across * 0.26);
    if (this.upright) ink.setTransform(1, 0, 0, 1, 0, 0);
    else ink.setTransform(0, 1, -1, 0, along, 0);
    ink.fillStyle = TRACK;
    ink.fillRect(0, 0, across, along);
    const left = two ? thin + gap : 0,
      right = three ? across - thin - gap : across;
    ink.fillStyle = this.colours;
    if (two) ink.fillRect(0, along - tall(wayOfDb(this.input.level)), thin, along);
    ink.fillRect(left, along - tall(wayOfDb(this.output.level)), right - left, along);
    ink.fillStyle = PEAK;
    const peak = wayOfDb(this.output.peak);
    if (peak > 0) ink.fillRect(left, along - tall(peak), right - left, Math.max(Math.round(2 * dpr), 2));
    ink.fillStyle = CUT;
    if (three) ink.fillRect(right + gap, 0, thin, tall(Math.min(-this.cut / CUT_DB, 1)));
    ink.fillStyle = "#05070a";
    if (two) ink.fillRect(thin, 0, gap, along);
    if (three) ink.fillRect(right, 0, gap, along);
    ink.fillStyle = CLIP;
    if (clips) ink.fillRect(0, 0, right, Math.round(7 * dpr));
  }
}
