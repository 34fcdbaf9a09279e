// CardView.tsx - one decision of the box: what, from where to where, why; and what a hand makes of it.
import { called, isEngineer, isLocked, markCard, set, start, toggleLock, wishes } from "../box";
import type { Card } from "../cards";
import { clockTime, sayValue } from "../format";
import { asNumber, toldOf } from "../store";
import { clamp, rowOf, type Plain } from "../table";
import { words } from "../words";
import { Hear } from "./Hear";
import { Icon } from "./Icon";

/** The hand's share with which it sounds as before the move: what the box added is taken back by hand, and taste learns from it. */
export function undoing(path: string, from: number, to: number): number | null {
  const r = rowOf(path);
  if (!r || r.choices) return null;
  const told = toldOf(path);
  return r.blend === "add" ? clamp((told.hand === null ? start(path) : asNumber(told.hand)) + from - to, r.low, r.high) : from;
}

export const placeOf = (path: string): string => (/^(strip|monitor)\//.test(path) ? path.split("/").slice(0, 3).join("/") : path);

/** What a hand sets to undo a card; null where nothing can. */
export const undoneTo = ({ path, from, to }: Card): Plain => (typeof from === "number" && typeof to === "number" ? undoing(path, from, to) : from);

/** From where to where; where both read alike, where it is. */
export const Way = ({ card: { path, from, to, steps } }: { card: Card }) => (
  <p class="way">
    {sayValue(path, from) !== sayValue(path, to) && (
      <>
        <span>{sayValue(path, from)}</span>
        <Icon name="next" />
      </>
    )}
    <b>{sayValue(path, to)}</b>
    {steps > 1 && <span class="steps">{words.value.steps(steps)}</span>}
  </p>
);

/** Whose channels these are, each once. */
const stripsOf = (paths: readonly string[]): number[] => [...new Set(paths.filter((path) => path.startsWith("strip/")).map((path) => Number(path.split("/")[1])))];

/** What an engineer makes of a decision. `stuck`: nothing undoes it. */
export function Acts(of: { done: Card["done"]; paths: readonly string[]; locked: boolean; stuck?: boolean; keep: () => void; undo: () => void; lock: () => void }) {
  const w = words.value;
  return (
    <div class="acts">
      <Hear strips={stripsOf(of.paths)} />
      <button onClick={of.keep} disabled={of.done === "kept"}>
        {of.done === "kept" ? w.isKept : w.keep}
      </button>
      <button onClick={of.undo} disabled={of.done === "undone" || of.stuck}>
        {of.done === "undone" ? w.isUndone : w.undo}
      </button>
      <button aria-pressed={of.locked} onClick={of.lock}>
        <Icon name="lock" />
        {of.locked ? w.locked : w.lock}
      </button>
    </div>
  );
}

export function CardView({ card }: { card: Card }) {
  const w = words.value,
    { path, from } = card,
    locked = path !== "" && isLocked(path),
    back = undoneTo(card);
  const keep = async () => {
    if (await wishes({ keep: path }, w.kept)) markCard(card.id, "kept");
  };
  const undo = () => {
    set(path, back);
    markCard(card.id, "undone");
  };
  const lock = async () => {
    if (await toggleLock(placeOf(path))) markCard(card.id, locked ? "" : "locked");
  };
  return (
    <li class={`card ${card.done}`} data-path={path}>
      <div class="card-head">
        <b>{path ? called(path) : card.head || card.cause}</b>
        <time>{clockTime(card.last)}</time>
      </div>
      {path && <Way card={card} />}
      {(path || card.head) && <p class="cause">{card.cause}</p>}
      {path && isEngineer() && (
        <Acts done={card.done} paths={[path]} locked={locked} stuck={typeof from === "number" && back === null} keep={() => void keep()} undo={undo} lock={() => void lock()} />
      )}
    </li>
  );
}
