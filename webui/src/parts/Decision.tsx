// Decision.tsx - what the box decided about several channels at once: one cause, each way, and one answer for all; each alone below it.
import { called, isEngineer, isLocked, markCard, set, toggleLock, wishes } from "../box";
import type { Card } from "../cards";
import { clockTime } from "../format";
import { words } from "../words";
import { Acts, CardView, placeOf, undoneTo, Way } from "./CardView";

export const Decision = ({ cards }: { cards: readonly Card[] }) => {
  const [first] = cards;
  return first && cards.length === 1 ? <CardView card={first} /> : <Several cards={cards} />;
};

function Several({ cards }: { cards: readonly Card[] }) {
  const w = words.value,
    [{ cause, last, done }] = cards as readonly [Card],
    locked = cards.every(({ path }) => isLocked(path));
  const mark = (as: Card["done"]) => cards.forEach(({ id }) => markCard(id, as));
  const keep = async () => {
    if (await wishes({ keep: cards.map(({ path }) => path) }, w.kept)) mark("kept");
  };
  const undo = () => {
    for (const card of cards) {
      const back = undoneTo(card);
      if (back !== null) set(card.path, back);
    }
    mark("undone");
  };
  const lock = async () => {
    for (const { path } of cards) if (isLocked(path) === locked && !(await toggleLock(placeOf(path)))) return;
    mark(locked ? "" : "locked");
  };
  return (
    <li class={`card several ${done}`}>
      <div class="card-head">
        <b>{cause}</b>
        <time>{clockTime(last)}</time>
      </div>
      <ul class="ways-of">
        {cards.map((card) => (
          <li key={card.id}>
            <span>{called(card.path)}</span>
            <Way card={card} />
          </li>
        ))}
      </ul>
      {isEngineer() && <Acts done={done} paths={cards.map(({ path }) => path)} locked={locked} keep={() => void keep()} undo={undo} lock={() => void lock()} />}
      <details>
        <summary>{w.eachAlone}</summary>
        <ul class="cards">
          {cards.map((card) => (
            <CardView key={card.id} card={card} />
          ))}
        </ul>
      </details>
    </li>
  );
}
