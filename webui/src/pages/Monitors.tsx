// Monitors.tsx - what a musician hears: "more me" first, then everything else that goes there.
import { useMemo, useState } from "preact/hooks";
import { channels, isEngineer, may, monitorName, set, stripName, tellAll, you } from "../box";
import { keep, kept } from "../keep";
import { hear, listen, type Bus } from "../listen";
import { buses } from "../meters";
import { order } from "../order";
import { Choose, Line, Part, Press, Switch } from "../parts/controls";
import { EqGraph } from "../parts/EqGraph";
import { Icon } from "../parts/Icon";
import { Meter } from "../parts/Meter";
import { TextField } from "../parts/TextField";
import { go, route } from "../route";
import { asNumber, isOn, peek } from "../store";
import { effects, monitors, row } from "../table";
import { words } from "../words";

const STEP_DB = 1.5,
  AUDIBLE_DB = -30; // from off a send begins where it is heard

/** "More" for somebody: his own sends up; where he is not heard yet, audible. */
export function more(level: number, by: number, low: number, high: number): number {
  if (by > 0 && level < AUDIBLE_DB) return AUDIBLE_DB;
  const next = level + by;
  return by < 0 && next < AUDIBLE_DB ? low : Math.min(next, high);
}

export function Monitors() {
  const mine = you.value.monitor,
    m = mine || Math.min(route.value.number, monitors.length),
    w = words.value;
  const shown = monitors.filter((k) => !isOn(`monitor/${k - 1}/link`)); // the right one of a pair rests
  return (
    <div class="monitors">
      {!mine && (
        <div class="banks" role="group" aria-label={w.pages.monitors}>
          {shown.map((k) => (
            <button key={k} aria-pressed={k === m} onClick={() => go("monitors", k)}>
              {monitorName(k)}
            </button>
          ))}
        </div>
      )}
      <Monitor key={m} m={m} />
    </div>
  );
}

function Monitor({ m }: { m: number }) {
  const w = words.value,
    [me, setMe] = useState<number[]>(you.value.strips.length ? [...you.value.strips] : kept<number[]>(`me-${m}`, []));
  const [choosing, setChoosing] = useState(!me.length),
    own = me.filter((n) => n <= channels.value);
  const meter = useMemo(() => ({ level: () => buses.peak[m + 1] ?? -Infinity, cut: () => buses.limiter[m + 1] ?? 0 }), [m]);
  const choose = (n: number) => {
    const next = me.includes(n) ? me.filter((k) => k !== n) : [...me, n];
    setMe(next);
    keep(`me-${m}`, next);
  };
  const send = (n: number) => `strip/${n}/send/${m}/level`,
    others = order.value.filter((n) => !own.includes(n));
  const push = (by: number) =>
    own.forEach((n) => {
      const r = row(send(n)),
        { hand } = peek(send(n));
      set(send(n), more(hand === null ? r.low : asNumber(hand), by, r.low, r.high));
    });
  return (
    <>
      <Part title={w.moreMe} class="me" action={<Press class="plain" icon="pencil" label={w.whoAmI} on={choosing} act={() => setChoosing(!choosing)} />}>
        {choosing && (
          <div class="pick" role="group" aria-label={w.whoAmI}>
            <p class="hint">{w.whoAmI}</p>
            {order.value.map((n) => (
              <button key={n} aria-pressed={me.includes(n)} onClick={() => choose(n)}>
                {stripName(n)}
              </button>
            ))}
          </div>
        )}
        {own.length > 0 && (
          <>
            <div class="more-me">
              <button aria-label={w.lessMe} disabled={!may(send(1))} onClick={() => push(-STEP_DB)}>
                <Icon name="minus" />
                {w.less}
              </button>
              <button class="go" aria-label={w.moreMe} disabled={!may(send(1))} onClick={() => push(STEP_DB)}>
                <Icon name="plus" />
                {w.moreOfMe}
              </button>
            </div>
            {own.map((n) => (
              <Send key={n} n={n} m={m} />
            ))}
          </>
        )}
      </Part>
      <Part title={w.theOthers}>
        {others.map((n) => (
          <Send key={n} n={n} m={m} />
        ))}
      </Part>
      <Part title={w.wholeMonitor(monitorName(m))}>
        <Meter of={meter} />
        <Line path={`monitor/${m}/level`} />
        <Switch path={`monitor/${m}/mute`} danger />
        <div class="acts">
          <button
            onClick={() => {
              hear(`monitor_${m}` as Bus);
              void listen().catch((e) => tellAll(String(e)));
            }}
          >
            <Icon name="ear" />
            {w.hearIt}
          </button>
        </div>
        <TextField path={`monitor/${m}/name`} label={w.whose} />
        <Switch path={`monitor/${m}/follow`} />
        <Switch path={`monitor/${m}/talk`} />
        <Switch path={`monitor/${m}/solo`} />
        {m < monitors.length && <Switch path={`monitor/${m}/link`} label={w.linkWith(monitorName(m + 1))} />}
        {effects.map((k) => (
          <Line key={k} path={`fx/${k}/send/${m}/level`} label={w.effect(k)} />
        ))}
        <Line path={`monitor/${m}/ambience`} />
        <Switch path={`monitor/${m}/loudness/on`} />
        <Line path={`monitor/${m}/loudness/most`} />
      </Part>
      {isEngineer() && (
        <Part title={w.eq} action={<Switch path={`monitor/${m}/eq/on`} label={w.inUse} of={w.eq} />}>
          <EqGraph owner={`monitor/${m}`} called={monitorName(m)} />
        </Part>
      )}
      {isEngineer() && (
        <Part title={w.taps}>
          <p class="hint">{w.tapHint}</p>
          {order.value.map((n) => (
            <Choose key={n} path={`strip/${n}/send/${m}/tap`} label={stripName(n)} of={w.tap} />
          ))}
        </Part>
      )}
      {isOn(`monitor/${m}/mute`) && <p class="hint ill">{w.monitorMuted}</p>}
    </>
  );
}

const Send = ({ n, m }: { n: number; m: number }) => (
  <div class="send-to">
    <span class="num">{n}</span>
    <Line path={`strip/${n}/send/${m}/level`} label={stripName(n)} />
  </div>
);
