// EqGraph.tsx - the equaliser as a curve with the live spectrum behind it; each band is a dot that a finger drags: across its frequency, up its gain.
import { useEffect, useRef } from "preact/hooks";
import { depth, may, release, set, spectrum, wantSpectrum } from "../box";
import { figure, hertz } from "../format";
import { paint, wake } from "../meters";
import { bandDb, highPassDb, type Band, type Shape } from "../response";
import { asNumber, hold, isHeld, isOn, layers, lift, numberOf, textOf } from "../store";
import { clamp, row, rounded, at, wayOf } from "../table";
import { words } from "../words";
import { parts } from "./Fader";

const LOW = 20,
  HIGH = 20000,
  SPAN_DB = 18,
  POINTS = 121,
  BANDS = [1, 2, 3, 4] as const,
  LINES = [50, 100, 200, 500, 1000, 2000, 5000, 10000];
export const wayOfHz = (hz: number): number => Math.log(hz / LOW) / Math.log(HIGH / LOW);
export const hzAt = (way: number): number => LOW * (HIGH / LOW) ** way;
const up = (db: number): number => 0.5 - clamp(db, -SPAN_DB, SPAN_DB) / (2 * SPAN_DB);
const effective = (path: string): number => parts(path, row(path), layers(path), depth.value).heard;

/** The bands as heard, of a strip or a bus. */
export const bandsOf = (owner: string): Band[] =>
  BANDS.map((n) => ({
    type: textOf(`${owner}/eq/${n}/type`) as Shape,
    hz: numberOf(`${owner}/eq/${n}/frequency`),
    gain: effective(`${owner}/eq/${n}/gain`),
    q: numberOf(`${owner}/eq/${n}/q`),
  }));

function curve(dbAt: (hz: number) => number): string {
  return Array.from({ length: POINTS }, (_, i) => {
    const way = i / (POINTS - 1);
    return `${i ? "L" : "M"}${(way * 1000).toFixed(1)} ${(up(dbAt(hzAt(way))) * 400).toFixed(1)}`;
  }).join("");
}

/** `of`: whose spectrum is behind it. */
export function EqGraph({ owner, of = owner, called }: { owner: string; of?: string; called: string }) {
  const w = words.value,
    on = isOn(`${owner}/eq/on`),
    bands = bandsOf(owner),
    cut = isOn(`${owner}/hpf/on`);
  const corner = numberOf(`${owner}/hpf/frequency`),
    slope = textOf(`${owner}/hpf/slope`) === "24" ? 24 : 12;
  const total = (hz: number): number => (on ? bands.reduce((db, band) => db + bandDb(band, hz), 0) : 0) + (cut ? highPassDb(corner, slope, hz) : 0);
  const path = curve(total);
  useEffect(() => {
    wantSpectrum(of);
    return () => wantSpectrum(null);
  }, [of]);
  return (
    <div class={`eq${on ? "" : " off"}`} role="group" aria-label={w.eqOf(called)}>
      <Spectrum />
      <svg viewBox="0 0 1000 400" preserveAspectRatio="none" aria-hidden="true">
        {LINES.map((hz) => (
          <line key={hz} x1={wayOfHz(hz) * 1000} x2={wayOfHz(hz) * 1000} y1="0" y2="400" class="grid" />
        ))}
        {[-12, -6, 0, 6, 12].map((db) => (
          <line key={db} x1="0" x2="1000" y1={up(db) * 400} y2={up(db) * 400} class={db ? "grid" : "zero"} />
        ))}
        <path d={`${path}L1000 200L0 200Z`} class="fill" />
        <path d={path} class="curve" />
      </svg>
      {LINES.map((hz) => (
        <span key={hz} class="hz" style={{ left: `${wayOfHz(hz) * 100}%` }}>
          {hz < 1000 ? hz : `${hz / 1000}k`}
        </span>
      ))}
      {BANDS.map((n) => (
        <Dot key={n} owner={owner} n={n} called={called} />
      ))}
    </div>
  );
}

function Dot({ owner, n, called }: { owner: string; n: number; called: string }) {
  const root = useRef<HTMLButtonElement>(null),
    from = useRef<{ x: number; y: number; hz: number; gain: number } | null>(null);
  const f = `${owner}/eq/${n}/frequency`,
    g = `${owner}/eq/${n}/gain`,
    q = `${owner}/eq/${n}/q`,
    hz = numberOf(f),
    gain = effective(g),
    hand = parts(g, row(g), layers(g), 0).hand;
  const move = (way: number, db: number) => {
    set(f, rounded(row(f), hzAt(clamp(way, 0, 1))));
    set(g, rounded(row(g), clamp(db, -SPAN_DB, SPAN_DB)));
  };
  const down = (e: PointerEvent) => {
    if (!may(g) || e.button) return;
    root.current?.setPointerCapture(e.pointerId);
    from.current = { x: e.clientX, y: e.clientY, hz, gain: hand };
    [f, g].forEach(hold);
  };
  const drag = (e: PointerEvent) => {
    const start = from.current,
      box = root.current?.parentElement;
    if (start && box && isHeld(g)) move(wayOfHz(start.hz) + (e.clientX - start.x) / box.clientWidth, start.gain - ((e.clientY - start.y) / box.clientHeight) * 2 * SPAN_DB);
  };
  const drop = () => {
    if (from.current) [f, g].forEach(lift);
    from.current = null;
  };
  const keys = (e: KeyboardEvent) => {
    const side = { ArrowLeft: -1, ArrowRight: 1 }[e.key] ?? 0,
      tall = { ArrowUp: 1, ArrowDown: -1 }[e.key] ?? 0,
      wide = { "+": -1, "-": 1 }[e.key] ?? 0;
    if (wide) set(q, rounded(row(q), at(row(q), wayOf(row(q), numberOf(q)) - wide * 0.04)));
    else if (e.key === "Delete" || e.key === "Backspace") void release(`${owner}/eq/${n}`, called);
    else if (side || tall) move(wayOfHz(hz) + side * 0.01, hand + tall * 0.5);
    else return;
    e.preventDefault();
  };
  return (
    <button
      ref={root}
      class="dot"
      style={{ left: `${wayOfHz(hz) * 100}%`, top: `${up(gain) * 100}%` }}
      data-path={g}
      disabled={!may(g)}
      aria-label={words.value.bandOf(called, n, hertz(hz), `${figure(gain)} dB`)}
      onPointerDown={down}
      onPointerMove={drag}
      onPointerUp={drop}
      onPointerCancel={drop}
      onDblClick={() => void release(`${owner}/eq/${n}`, words.value.band(n))}
      onKeyDown={keys}
    >
      <b>{n}</b>
    </button>
  );
}

/** Behind the curve: bands of the spectrum, drawn when the box says one, gliding down in between. */
function Spectrum() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current,
      ink = element?.getContext("2d");
    if (!element || !ink) return;
    const shown = new Float32Array(128).fill(-100),
      stop = paint(() => draw(element, ink, shown)),
      told = spectrum.subscribe(() => wake());
    return () => {
      stop();
      told();
    };
  }, []);
  return <canvas ref={canvas} class="spectrum" aria-hidden="true" />;
}

const TOP_DB = -12,
  BOTTOM_DB = -84;
function draw(element: HTMLCanvasElement, ink: CanvasRenderingContext2D, shown: Float32Array): boolean {
  const db = spectrum.peek()?.db ?? [],
    { clientWidth: width, clientHeight: height } = element;
  if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
  let moving = false;
  for (let i = 0; i < db.length; i++) {
    const goal = asNumber(db[i] ?? null),
      now = shown[i] ?? 0,
      next = goal > now ? now + (goal - now) * 0.5 : Math.max(goal, now - 1.2);
    moving = moving || Math.abs(next - now) > 0.1;
    shown[i] = next;
  }
  ink.clearRect(0, 0, width, height);
  if (db.length < 2) return false;
  ink.beginPath();
  ink.moveTo(0, height);
  for (let i = 0; i < db.length; i++) ink.lineTo(wayOfHz(erb(i, db.length)) * width, height * clamp((TOP_DB - (shown[i] ?? 0)) / (TOP_DB - BOTTOM_DB), 0, 1));
  ink.lineTo(width, height);
  ink.fillStyle = "#1d4a52";
  ink.fill();
  return moving;
}

/** The centre of band `i` of `count`: 50 Hz to 20 kHz, even on the ERB scale. */
export function erb(i: number, count: number): number {
  const rate = (hz: number) => 21.4 * Math.log10(1 + 0.00437 * hz),
    low = rate(50),
    high = rate(20000);
  return (10 ** ((low + ((high - low) * i) / (count - 1)) / 21.4) - 1) / 0.00437;
}
