// Arrange.tsx - the strips as a list to put in order: by a finger on the grip, or by keys.
import { useRef, useState } from "preact/hooks";
import { stripName } from "../box";
import { words } from "../words";
import { Icon } from "./Icon";
import { Name } from "./Strip";

interface Props {
  list: readonly number[];
  move: (n: number, to: number) => void;
  reset: () => void;
  done: () => void;
}

export function Arrange({ list, move, reset, done }: Props) {
  const w = words.value,
    [held, setHeld] = useState(0),
    rows = useRef<HTMLOListElement>(null);
  const take = (e: PointerEvent, n: number) => {
    rows.current?.setPointerCapture(e.pointerId);
    setHeld(n);
  }; // the list has the finger: a row that moves would lose it
  const drag = (e: PointerEvent) => {
    const to = under([...(rows.current?.children ?? [])], e.clientY);
    if (held && to !== list.indexOf(held)) move(held, to);
  };
  const keys = (e: KeyboardEvent, n: number, i: number) => {
    const by = e.key === "ArrowUp" ? -1 : e.key === "ArrowDown" ? 1 : 0,
      grip = e.currentTarget as HTMLElement;
    if (!by) return;
    e.preventDefault();
    move(n, i + by);
    requestAnimationFrame(() => grip.focus());
  };
  return (
    <div class="arrange">
      <p class="hint">{w.arrangeHint}</p>
      <ol ref={rows} onPointerMove={drag} onPointerUp={() => setHeld(0)} onPointerCancel={() => setHeld(0)}>
        {list.map((n, i) => (
          <li key={n} class={held === n ? "held" : ""}>
            <span class="num">{n}</span>
            <span class="who">
              <Name n={n} />
            </span>
            <button class="grip" aria-label={w.moveStrip(stripName(n), i + 1)} onPointerDown={(e) => take(e, n)} onKeyDown={(e) => keys(e, n, i)}>
              <Icon name="order" />
            </button>
          </li>
        ))}
      </ol>
      <div class="acts">
        <button onClick={reset}>{w.asPatched}</button>
        <button class="go" onClick={done}>
          {w.done}
        </button>
      </div>
    </div>
  );
}

/** Which row a finger is over. */
function under(rows: readonly Element[], y: number): number {
  const found = rows.findIndex((row) => y < row.getBoundingClientRect().bottom);
  return found < 0 ? rows.length - 1 : found;
}
