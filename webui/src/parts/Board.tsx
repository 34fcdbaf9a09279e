// Board.tsx - one canvas for all meters of a part of the page: a browser keeps a layer for each canvas and hands all of them on in every frame, whatever is drawn.
import { createContext, type ComponentChildren, type JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { paint, wake } from "../meters";

/** A meter, drawn where its place is laid out, in the canvas's own pixels. */
export interface Drawn {
  place(ink: CanvasRenderingContext2D, left: number, top: number, width: number, height: number, dpr: number): void;
  /** True while it moves. */
  frame(ink: CanvasRenderingContext2D, now: number): boolean;
}

const SHARPEST = 2; // more dots are not seen, and cost

export class Surface {
  private readonly drawn = new Map<Element, Drawn>();
  private readonly sized = new ResizeObserver(() => this.fit());
  private canvas: HTMLCanvasElement | null = null;
  private ink: CanvasRenderingContext2D | null = null;
  private shown = true;

  add(place: Element, drawn: Drawn): () => void {
    this.drawn.set(place, drawn);
    this.sized.observe(place);
    return () => {
      this.drawn.delete(place);
      this.sized.unobserve(place);
      this.fit();
    };
  }

  attach(canvas: HTMLCanvasElement, parent: Element): () => void {
    const seen = new IntersectionObserver((looks) => this.show(looks[looks.length - 1]?.isIntersecting ?? true)),
      stop = paint((now) => this.frame(now));
    this.canvas = canvas;
    this.ink = canvas.getContext("2d");
    seen.observe(parent);
    this.sized.observe(parent);
    return () => {
      stop();
      seen.disconnect();
      this.sized.disconnect();
      this.canvas = this.ink = null;
    };
  }

  private show(shown: boolean): void {
    this.shown = shown;
    if (shown) wake();
  }

  /** Over all places, once they are laid out: whoever asks for them at another time makes the whole page be laid out anew. */
  private fit(): void {
    const { canvas, ink } = this,
      parent = canvas?.parentElement;
    if (!canvas || !ink || !parent || !this.drawn.size) return;
    const dpr = Math.min(devicePixelRatio || 1, SHARPEST),
      from = parent.getBoundingClientRect(),
      boxes = [...this.drawn].map(([place, drawn]) => [place.getBoundingClientRect(), drawn] as const);
    const left = Math.min(...boxes.map(([box]) => box.left)),
      top = Math.min(...boxes.map(([box]) => box.top)),
      wide = Math.max(...boxes.map(([box]) => box.right)) - left,
      tall = Math.max(...boxes.map(([box]) => box.bottom)) - top;
    Object.assign(canvas.style, { left: `${left - from.left}px`, top: `${top - from.top}px`, width: `${wide}px`, height: `${tall}px` });
    Object.assign(canvas, { width: Math.max(Math.round(wide * dpr), 1), height: Math.max(Math.round(tall * dpr), 1) });
    for (const [box, drawn] of boxes) {
      const [x, y, width, height] = [box.left - left, box.top - top, box.width, box.height].map((px) => Math.round(px * dpr)) as [number, number, number, number];
      drawn.place(ink, x, y, width, height, dpr);
    }
    wake();
  }

  private frame(now: number): boolean {
    if (!this.shown || !this.ink) return false;
    let moving = false;
    for (const drawn of this.drawn.values()) moving = drawn.frame(this.ink, now) || moving;
    return moving;
  }
}

export const OfBoard = createContext<Surface | null>(null);

export function Board({ class: kind = "", style, children }: { class?: string; style?: JSX.CSSProperties; children: ComponentChildren }) {
  const root = useRef<HTMLDivElement>(null),
    canvas = useRef<HTMLCanvasElement>(null),
    surface = useMemo(() => new Surface(), []);
  useEffect(() => (canvas.current && root.current ? surface.attach(canvas.current, root.current) : undefined), [surface]);
  return (
    <div ref={root} class={`board ${kind}`} {...(style ? { style } : {})}>
      <OfBoard.Provider value={surface}>{children}</OfBoard.Provider>
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}
