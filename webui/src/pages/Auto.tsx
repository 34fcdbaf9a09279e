// Auto.tsx - how much the box may, what it decided and why, what it must leave alone, what it learnt.
import { called, cards, depth, isEngineer, locks, may, set, toggleLock } from "../box";
import { figure, choiceWord } from "../format";
import { decisions } from "../cards";
import { Choose, Part, Press, Segments, Switch } from "../parts/controls";
import { Decision } from "../parts/Decision";
import { Fader } from "../parts/Fader";
import { Icon } from "../parts/Icon";
import { Questions } from "../parts/Questions";
import { Taste } from "../parts/Taste";
import { isOn } from "../store";
import { words } from "../words";

export function Auto() {
  const w = words.value,
    frozen = isOn("box/freeze");
  return (
    <div class="auto">
      <Part title={w.howMuch} class="first">
        <div class="big-depth">
          <b>{figure(depth.value * 100, 0)} %</b>
          <span class="label">{w.depthLong}</span>
          <Fader path="box/depth" label={w.depthLong} plain />
        </div>
        <Segments path="box/mode" />
        <Press class={`wide freeze${frozen ? " on" : ""}`} disabled={!may("box/freeze")} on={frozen} icon="freeze" act={() => set("box/freeze", !isOn("box/freeze"))}>
          {frozen ? w.frozenLong : w.freezeLong}
        </Press>
        <Choose path="box/style" say={choiceWord} />
        <Choose path="box/denoise" />
      </Part>
      <Questions />
      <Part title={w.decisions} class="decisions">
        {cards.value.length ? (
          <ul class="cards" aria-live="off">
            {decisions(cards.value).map((one) => (
              <Decision key={Math.min(...one.map(({ id }) => id))} cards={one} />
            ))}
          </ul>
        ) : (
          <p class="empty">{w.nothingYet}</p>
        )}
      </Part>
      <Part title={w.locks}>
        {locks.value.length ? (
          <ul class="list">
            {locks.value.map((place) => (
              <li key={place}>
                <span>{called(place)}</span>
                <button disabled={!isEngineer()} onClick={() => void toggleLock(place)} aria-label={w.unlock(called(place))}>
                  <Icon name="lock" />
                  {w.open}
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <p class="hint">{w.noLocks}</p>
        )}
      </Part>
      <Part title={w.taste} action={<Switch path="box/taste" label={w.learn} of={w.taste} />}>
        <Taste />
      </Part>
    </div>
  );
}
