// Meter.tsx - a strip's or bus's level, on the board that it is on: in, out with its peak, and from the top what is taken away.
import { useContext, useEffect, useMemo, useRef } from "preact/hooks";
import { Needle } from "../meters";
import { CLIP, CLIP_DB, CUT, CUT_DB, GAP, PEAK, STOPS, TRACK, wayOfDb } from "../scale";
import { Board, OfBoard, type Drawn } from "./Board";

export interface Source {
  /** dB now. */ level(): number;
  input?(): number;
  /** dB, 0 or less. */ cut?(): number;
}
interface Props {
  of: Source;
  upright?: boolean;
  /** Of what is not heard. */ faint?: boolean;
}
const CLIP_MS = 2000,
  FAINT = 0.45;

export function Meter(props: Props) {
  return useContext(OfBoard) ? <Placed {...props} /> : (
    <Board>
      <Placed {...props} />
    </Board>
  );
}

function Placed({ of, upright = false, faint = false }: Props) {
  const place = useRef<HTMLElement>(null),
    surface = useContext(OfBoard),
    drawing = useMemo(() => new Drawing(upright, of), [of, upright]);
  useEffect(() => (place.current && surface ? surface.add(place.current, drawing) : undefined), [surface, drawing]);
  useEffect(() => drawing.fade(faint), [drawing, faint]);
  return <i ref={place} class={`meter ${upright ? "upright" : "lying"}`} aria-hidden="true" />;
}

/** Draws when something moves. */
class Drawing implements Drawn {
  private stale = true;
  private faint = false;
  private readonly input = new Needle();
  private readonly output = new Needle();
  private clipped = -Infinity;
  private cut = 0;
  private at: readonly [number, number, number, number] = [0, 0, 0, 0];
  private across = 0; // until it is laid out
  private along = 0;
  private dpr = 1;
  private colours: CanvasGradient | string = "#fff";

  constructor(
    private readonly upright: boolean,
    private readonly of: Source,
  ) {}

  place(ink: CanvasRenderingContext2D, left: number, top: number, width: number, height: number, dpr: number): void {
    this.at = [left, top, width, height];
    this.dpr = dpr;
    [this.across, this.along] = this.upright ? [width, height] : [height, width];
    const gradient = ink.createLinearGradient(0, 0, 0, this.along);
    for (const [way, colour] of STOPS) gradient.addColorStop(1 - way, colour);
    this.colours = gradient;
    this.stale = true;
  }

  fade(faint: boolean): void {
    this.faint = faint;
    this.stale = true;
  }

  frame(ink: CanvasRenderingContext2D, now: number): boolean {
    if (!this.across) return false;
    const level = this.of.level(),
      input = this.of.input?.() ?? level,
      cut = this.of.cut?.() ?? 0,
      hot = Math.max(level, input) >= CLIP_DB;
    if (hot) this.clipped = now;
    const out = this.output.step(level, now),
      moves = this.input.step(input, now) || out,
      clips = now - this.clipped < CLIP_MS;
    if (moves || this.stale || cut !== this.cut || clips) {
      this.cut = cut;
      this.draw(ink, clips);
      this.stale = clips;
    }
    return moves || clips;
  }

  /** In a frame whose y runs along the meter, silence at `along`. */
  private draw(ink: CanvasRenderingContext2D, clips: boolean): void {
    const { across, along, dpr } = this,
      [x, y, width, height] = this.at,
      tall = (way: number) => Math.round(way * along),
      gap = Math.round(dpr * 1.5);
    const two = this.of.input !== undefined,
      three = this.of.cut !== undefined,
      thin = Math.round(across * 0.26);
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.clearRect(x, y, width, height);
    if (this.upright) ink.setTransform(1, 0, 0, 1, x, y);
    else ink.setTransform(0, 1, -1, 0, x + along, y);
    ink.globalAlpha = this.faint ? FAINT : 1;
    const bar = (from: number, wide: number, high: number) => ink.fillRect(from, along - high, wide, high);
    ink.fillStyle = TRACK;
    ink.fillRect(0, 0, across, along);
    const left = two ? thin + gap : 0,
      right = three ? across - thin - gap : across;
    ink.fillStyle = this.colours;
    if (two) bar(0, thin, tall(wayOfDb(this.input.level)));
    bar(left, right - left, tall(wayOfDb(this.output.level)));
    ink.fillStyle = PEAK;
    const peak = wayOfDb(this.output.peak);
    if (peak > 0) ink.fillRect(left, Math.min(along - tall(peak), along - Math.round(2 * dpr)), right - left, Math.round(2 * dpr));
    ink.fillStyle = CUT;
    if (three) ink.fillRect(right + gap, 0, thin, tall(Math.min(-this.cut / CUT_DB, 1)));
    ink.fillStyle = GAP;
    if (two) ink.fillRect(thin, 0, gap, along);
    if (three) ink.fillRect(right, 0, gap, along);
    ink.fillStyle = CLIP;
    if (clips) ink.fillRect(0, 0, right, Math.round(7 * dpr));
  }
}
