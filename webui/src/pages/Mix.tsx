// Mix.tsx - the faders: banks by swipe, main always beside them, below it how much of the box is heard and what it did last.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { cards, channels, stripName } from "../box";
import { asPatched, moveStrip, order } from "../order";
import { Arrange } from "../parts/Arrange";
import { Board } from "../parts/Board";
import { Fader } from "../parts/Fader";
import { GroupStrip } from "../parts/GroupStrip";
import { Icon } from "../parts/Icon";
import { Part, Switch } from "../parts/controls";
import { TextField } from "../parts/TextField";
import { MainStrip } from "../parts/MainStrip";
import { Strip } from "../parts/Strip";
import { figure } from "../format";
import { address } from "../route";
import { numberOf } from "../store";
import { groups, served } from "../table";
import { words } from "../words";

export function Mix() {
  const strips = useRef<HTMLDivElement>(null),
    bar = useRef<HTMLDivElement>(null),
    [bank, setBank] = useState(0),
    [perBank, setPerBank] = useState(() => across(innerWidth - BESIDE)),
    [arranging, setArranging] = useState(false),
    [grouped, setGrouped] = useState(false);
  const w = words.value,
    all = order.value,
    per = Math.max(Math.min(perBank, all.length), 1),
    banks = Math.max(Math.ceil(all.length / per), 1);
  useEffect(() => {
    const box = strips.current;
    if (!box) return;
    const sized = new ResizeObserver(() => {
      if (box.clientWidth) setPerBank(across(box.clientWidth));
    });
    sized.observe(box);
    return () => sized.disconnect();
  }, [arranging, grouped, all.length > 0]);
  useEffect(() => inSight(bar.current), [bank, grouped]);
  const width = () => strips.current?.clientWidth ?? 1;
  return (
    <div class="mix">
      <div class="banks" ref={bar} role="group" aria-label={w.banks}>
        {(banks > 1 || served("group/1/level")) &&
          Array.from({ length: banks }, (_, i) => {
            const first = i * per,
              last = Math.min(first + per, all.length),
              which = `${first + 1}${last > first + 1 ? `–${last}` : ""}`;
            return (
              <button
                key={i}
                aria-pressed={i === bank && !grouped}
                aria-label={w.bankOf(which, stripName(all[first] ?? 1), stripName(all[last - 1] ?? 1))}
                onClick={() => {
                  setGrouped(false);
                  strips.current?.scrollTo({ left: i * width(), behavior: calm() });
                }}
              >
                {which}
              </button>
            );
          })}
        {served("group/1/level") && (
          <button class="groups" aria-pressed={grouped} onClick={() => setGrouped(!grouped)}>
            {w.groups}
          </button>
        )}
        <button class="tool" aria-pressed={arranging} aria-label={w.arrange} onClick={() => setArranging(!arranging)}>
          <Icon name="order" />
        </button>
      </div>
      {arranging && grouped ? (
        <div class="arrange">
          <Part title={w.groups}>
            {groups.map((g) => (
              <TextField key={g} path={`group/${g}/name`} label={w.group(g)} />
            ))}
            <Switch path="box/mute_all" danger />
          </Part>
        </div>
      ) : arranging ? (
        <Arrange list={all} move={moveStrip} reset={asPatched} done={() => setArranging(false)} />
      ) : (
        <div class="desk">
          <div class="strips" ref={strips} style={{ "--per": per }} onScroll={(e) => setBank(Math.round(e.currentTarget.scrollLeft / width()))}>
            {grouped
              ? groups.map((g) => (
                  <div key={`g${g}`} class="slot">
                    <GroupStrip n={g} />
                  </div>
                ))
              : Array.from({ length: banks }, (_, i) => <Bank key={i} of={all.slice(i * per, (i + 1) * per)} per={per} />)}
            {!channels.value && <p class="empty">{w.noStrips}</p>}
          </div>
          <MainStrip />
        </div>
      )}
      <Below />
    </div>
  );
}

/** As many strips as stand beside each other; their meters are on one board. What nobody sees is not laid out. */
function Bank({ of, per }: { of: readonly number[]; per: number }) {
  return useMemo(
    () => (
      <Board class="bank" style={{ flexBasis: `${(100 * of.length) / per}%`, "--per": of.length }}>
        {of.map((n) => (
          <div key={n} class="slot">
            <Strip n={n} />
          </div>
        ))}
      </Board>
    ),
    [of.join(), per],
  ); // a strip follows what it shows by itself
}

/** How many strips of a thumb's width stand beside each other. */
const across = (width: number): number => Math.max(Math.floor(width / (width > 640 ? 92 : 69)), 1);
const BESIDE = 102; // what main takes of a phone's width: a guess that is right spares drawing all strips twice
/** Of many banks, the one that is shown. */
function inSight(bar: HTMLElement | null): void {
  const button = bar?.querySelector<HTMLElement>("[aria-pressed=true]");
  if (!bar || !button) return;
  const [outer, inner] = [bar.getBoundingClientRect(), button.getBoundingClientRect()];
  bar.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}
const calm = (): ScrollBehavior => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

function Below() {
  const w = words.value,
    newest = cards.value[0];
  return (
    <aside class="below">
      <a class="newest" href={address("auto")}>
        <Icon name="auto" />
        <span class="last">
          <span>{newest ? (newest.head ? `${newest.head}: ${newest.cause}` : newest.cause) : w.nothingYet}</span>
        </span>
      </a>
      <div class="depth">
        <span class="label">{w.depth}</span>
        <Fader path="box/depth" label={w.depthLong} plain />
        <b>{figure(numberOf("box/depth"), 0)} %</b>
      </div>
    </aside>
  );
}
