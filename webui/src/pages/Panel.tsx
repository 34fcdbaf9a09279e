// Panel.tsx - the box's own front, simulated: the same picture, lamps and knobs as on the stage.
import { useEffect, useRef, useState } from "preact/hooks";
import { isEngineer } from "../box";
import { kind, labels, lamps, look, picture, pot, pots, press, turn } from "../panel";
import { clamp } from "../table";
import { words } from "../words";

const TURN_PX = 14,
  WHOLE_PX = 180,
  KEYS: Readonly<Record<string, () => void>> = {
    ArrowUp: () => turn(1, -1),
    ArrowDown: () => turn(1, 1),
    ArrowLeft: () => turn(2, -1),
    ArrowRight: () => turn(2, 1),
  };
const HELD: Readonly<Record<string, string>> = { Enter: "encoder_2", Backspace: "encoder_1", a: "auto", m: "mute" };

export function Panel() {
  const w = words.value,
    told = kind.value;
  useEffect(look, []);
  if (!told)
    return (
      <div class="panel-page">
        <p class="empty" role="status">
          {told === null ? w.panelAway : w.looking}
        </p>
      </div>
    );
  const lamp = (name: string) => lamps.value[told.leds.indexOf(name)] ?? 0;
  const keys = (e: KeyboardEvent, down: boolean) => {
    if ((e.target as Element).closest(".pot")) return;
    const turning = KEYS[e.key],
      button = HELD[e.key];
    if (turning && down) turning();
    else if (button && !e.repeat) press(button, down);
    else return;
    e.preventDefault();
  };
  return (
    <div class="panel-page">
      <div class="front" role="group" aria-label={w.front} tabIndex={0} onKeyDown={(e) => keys(e, true)} onKeyUp={(e) => keys(e, false)}>
        <Encoder n={1} label={w.encoderWalk} />
        <Oled width={told.width} height={told.height} />
        <Encoder n={2} label={w.encoderChange} />
        <div class="pots">
          {Array.from({ length: told.pots }, (_, i) => (
            <Pot key={i} n={i + 1} lit={lamp(`strip_${i + 1}`)} />
          ))}
        </div>
        <div class="buttons">
          {told.buttons.map((name) => (
            <Hold key={name} what={name} label={w.panelButtons[name] ?? name} lit={lamp(name === "mute" ? "muted" : name)} />
          ))}
          {["signal", "clip"].map((name) => (
            <span key={name} class="status">
              <i class={`led ${name}`} data-lit={lamp(name)} />
              {w.panelButtons[name] ?? name}
            </span>
          ))}
        </div>
      </div>
      <p class="hint">{isEngineer() ? w.panelHint : w.panelLook}</p>
    </div>
  );
}

function Oled({ width, height }: { width: number; height: number }) {
  const canvas = useRef<HTMLCanvasElement>(null),
    bits = picture.value;
  useEffect(() => {
    const ink = canvas.current?.getContext("2d");
    if (!ink || !bits) return;
    const image = ink.createImageData(width, height);
    for (let i = 0; i < width * height; i++) image.data.set((bits[i >> 3] ?? 0) & (0x80 >> (i & 7)) ? [170, 225, 255, 255] : [3, 6, 9, 255], 4 * i);
    ink.putImageData(image, 0, 0);
  }, [bits, width, height]);
  return <canvas ref={canvas} class="oled" width={width} height={height} role="img" aria-label={words.value.display} />;
}

function Encoder({ n, label }: { n: 1 | 2; label: string }) {
  const from = useRef<{ y: number; x: number; clicks: number } | null>(null),
    [angle, setAngle] = useState(0),
    name = `encoder_${n}`;
  const click = (by: number) => {
    turn(n, by);
    setAngle((a) => a + by * 18);
  };
  const drag = (e: PointerEvent) => {
    const start = from.current;
    if (!start) return;
    const clicks = Math.round((e.clientX - start.x + start.y - e.clientY) / TURN_PX);
    if (clicks !== start.clicks) {
      click(clicks - start.clicks);
      start.clicks = clicks;
    }
  };
  return (
    <div
      class="encoder"
      onWheel={(e) => {
        e.preventDefault();
        click(Math.sign(e.deltaY));
      }}
      onPointerDown={(e) => {
        if ((e.target as Element).closest(".cap")) return;
        e.currentTarget.setPointerCapture(e.pointerId);
        from.current = { x: e.clientX, y: e.clientY, clicks: 0 };
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        from.current = null;
      }}
      onPointerCancel={() => {
        from.current = null;
      }}
    >
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle cx="50" cy="50" r="47" class="ring" />
        <path d="M50 6v12" class="mark" transform={`rotate(${angle} 50 50)`} />
      </svg>
      <Hold what={name} label={label} kind="cap" />
      <span class="clicks">
        <button aria-label={`${label} −`} onClick={() => click(-1)}>
          −
        </button>
        <button aria-label={`${label} +`} onClick={() => click(1)}>
          +
        </button>
      </span>
    </div>
  );
}

function Hold({ what, label, lit, kind: look = "key" }: { what: string; label: string; lit?: number; kind?: string }) {
  const say = (down: boolean) => (e: PointerEvent) => {
    if (down) (e.currentTarget as Element).setPointerCapture(e.pointerId);
    press(what, down);
  };
  return (
    <button
      class={look}
      aria-label={label}
      onPointerDown={say(true)}
      onPointerUp={say(false)}
      onPointerCancel={say(false)}
      onKeyDown={(e) => {
        if (e.key === " " && !e.repeat) {
          e.preventDefault();
          press(what, true);
        }
      }}
      onKeyUp={(e) => {
        if (e.key === " ") press(what, false);
      }}
    >
      {lit !== undefined && <i class={`led ${what}`} data-lit={lit} />}
      {look === "key" && label}
    </button>
  );
}

function Pot({ n, lit }: { n: number; lit: number }) {
  const from = useRef<{ y: number; way: number } | null>(null),
    [mine, setMine] = useState<number | null>(null),
    way = mine ?? pots.value[n - 1] ?? 0.5,
    name = labels.value[n - 1] ?? "";
  const to = (next: number) => {
    const held = clamp(next, 0, 1);
    if (from.current) setMine(held);
    pot(n, held);
  };
  return (
    <div class="pot">
      <i class="led strip" data-lit={lit} />
      <svg
        viewBox="0 0 100 100"
        aria-hidden="true"
        onPointerDown={(e) => {
          e.currentTarget.setPointerCapture(e.pointerId);
          from.current = { y: e.clientY, way };
        }}
        onPointerMove={(e) => {
          const start = from.current;
          if (start) to(start.way + (start.y - e.clientY) / WHOLE_PX);
        }}
        onPointerUp={() => {
          from.current = null;
          setMine(null);
        }}
        onPointerCancel={() => {
          from.current = null;
          setMine(null);
        }}
        onDblClick={() => pot(n, 0.5)}
      >
        <circle cx="50" cy="50" r="45" class="ring" />
        <path d="M50 8v30" class="mark" transform={`rotate(${(way - 0.5) * 270} 50 50)`} />
      </svg>
      <input type="range" min="0" max="1" step="0.01" value={way} aria-label={name || words.value.knob(n)} onInput={(e) => pot(n, +e.currentTarget.value)} />
      <span class="pot-name">{name || n}</span>
    </div>
  );
}
