// Channel.tsx - one channel from plug to fader: what it is, what is done to it, and where it goes.
import { useEffect, useState } from "preact/hooks";
import { channels, groupName, isEngineer, isLocked, may, monitorName, release, set, stripName, toggleLock, undo, wishes } from "../box";
import { choiceWord } from "../format";
import { order } from "../order";
import { Bleed, Voice } from "../parts/Apart";
import { Choose, Line, Part, Press, Segments, Switch } from "../parts/controls";
import { Dynamics } from "../parts/Dynamics";
import { EqGraph } from "../parts/EqGraph";
import { Fader, Says } from "../parts/Fader";
import { Icon } from "../parts/Icon";
import { Meter } from "../parts/Meter";
import { Name, useStripMeter } from "../parts/Strip";
import { Talk } from "../parts/Talk";
import { HearTaken } from "../parts/HearTaken";
import { Taken } from "../parts/Taken";
import { TextField } from "../parts/TextField";
import { go, route } from "../route";
import { isOn, layers, peek, textOf } from "../store";
import { COUNTS, TABLE } from "../params";
import { groups, monitors, served } from "../table";
import { words } from "../words";

const TABS = ["eq", "dynamics", "clean", "input", "sends", "self"] as const;
type Tab = (typeof TABS)[number];

export function Channel() {
  const w = words.value,
    count = Math.max(channels.value, 1),
    n = Math.min(route.value.number, count),
    [tab, setTab] = useState<Tab>("eq");
  const all = order.value,
    at = all.indexOf(n),
    to = (by: number) => go("channel", all[(at + by + all.length) % all.length] ?? n),
    called = stripName(n);
  useEffect(() => {
    document.querySelector(".page")?.scrollTo(0, 0);
  }, [n]);
  return (
    <div class="channel">
      <header class={`channel-head c-${textOf(`strip/${n}/colour`) || "none"}`}>
        <Press icon="previous" label={w.channelBefore} act={() => to(-1)} class="tool" />
        <div class="who">
          <span class="num">{n}</span>
          <Name n={n} />
        </div>
        <Press icon="next" label={w.channelAfter} act={() => to(1)} class="tool" />
        <Level n={n} called={called} />
      </header>
      <div class="tabs" role="tablist" aria-label={called}>
        {TABS.map((name) => (
          <button key={name} role="tab" id={`tab-${name}`} aria-controls={`panel-${name}`} aria-selected={name === tab} onClick={() => setTab(name)}>
            {w.tabs[name]}
          </button>
        ))}
      </div>
      <div class="panels">
        {TABS.map((name) => (
          <div key={name} id={`panel-${name}`} role="tabpanel" aria-labelledby={`tab-${name}`} class={name === tab ? "panel-on" : ""}>
            {PANELS[name]({ n, called })}
          </div>
        ))}
      </div>
    </div>
  );
}

function Level({ n, called }: { n: number; called: string }) {
  const w = words.value,
    path = `strip/${n}`,
    meter = useStripMeter(n),
    locked = isLocked(path);
  return (
    <>
      <div class="level">
        <Meter of={meter} />
        <Fader path={`${path}/level`} label={w.faderOf(called)} />
        <Says path={`${path}/level`} />
      </div>
      <div class="acts row">
        <Press class="mute" disabled={!may(`${path}/mute`)} on={isOn(`${path}/mute`)} act={() => set(`${path}/mute`, peek(`${path}/mute`).value !== true)}>
          {isOn(`${path}/mute`) ? w.muted : w.mute}
        </Press>
        <Press class="solo" disabled={!may(`${path}/solo`)} on={isOn(`${path}/solo`)} act={() => set(`${path}/solo`, peek(`${path}/solo`).value !== true)}>
          {w.solo}
        </Press>
        <Press class="lock" disabled={!isEngineer()} on={locked} icon="lock" label={w.lockOf(called)} act={() => void toggleLock(path)}>
          {locked ? w.locked : w.lock}
        </Press>
        <Press icon="undo" disabled={!isEngineer()} label={w.undoOf(called)} act={() => void undo(path)} />
      </div>
    </>
  );
}

interface Of {
  n: number;
  called: string;
}

function Eq({ n, called }: Of) {
  const w = words.value,
    path = `strip/${n}`,
    [band, setBand] = useState(1);
  return (
    <>
      <Part title={w.eq} action={<Switch path={`${path}/eq/on`} label={w.inUse} of={w.eq} />}>
        <div
          onPointerDown={(e) => {
            const dot = (e.target as Element).closest<HTMLElement>(".dot");
            if (dot) setBand(Number(dot.textContent));
          }}
        >
          <EqGraph owner={path} called={called} />
        </div>
        <div class="segments" role="group" aria-label={w.bands}>
          {[1, 2, 3, 4].map((k) => (
            <button key={k} aria-pressed={k === band} onClick={() => setBand(k)}>
              {w.band(k)}
            </button>
          ))}
        </div>
        <Segments path={`${path}/eq/${band}/type`} />
        {(["frequency", "gain", "q"] as const).map((what) => (
          <Line key={`${band}${what}`} path={`${path}/eq/${band}/${what}`} of={w.band(band)} />
        ))}
        <div class="acts">
          <button disabled={!may(`${path}/eq/${band}/gain`)} onClick={() => void release(`${path}/eq/${band}`, w.band(band))}>{w.leaveToBox}</button>
        </div>
      </Part>
      <Part title={w.highPass} action={<Switch path={`${path}/hpf/on`} label={w.inUse} of={w.highPass} />}>
        <Line path={`${path}/hpf/frequency`} of={w.highPass} />
        <Segments path={`${path}/hpf/slope`} say={(name) => `${name} dB`} />
      </Part>
    </>
  );
}

function Dyn({ n }: Of) {
  const w = words.value,
    path = `strip/${n}`;
  return (
    <>
      {(
        [
          ["gate", w.gate, ["threshold", "range", "ratio", "attack", "hold", "release"]],
          ["comp", w.comp, ["threshold", "ratio", "knee", "attack", "release", "makeup", "mix"]],
        ] as const
      ).map(([kind, title, lines]) => (
        <Part key={kind} title={title} action={<Switch path={`${path}/${kind}/on`} label={w.inUse} of={title} />}>
          <div class="beside">
            <Dynamics n={n} kind={kind} />
            <Taken n={n} fields={[kind]} />
          </div>
          {lines.map((what) => (
            <Line key={what} path={`${path}/${kind}/${what}`} of={title} />
          ))}
          {kind === "comp" && <Switch path={`${path}/comp/auto_makeup`} of={title} />}
        </Part>
      ))}
      <Part title={w.deess} action={<Switch path={`${path}/deess/on`} label={w.inUse} of={w.deess} />}>
        <Taken n={n} fields={["deess"]} />
        {["frequency", "threshold", "range"].map((what) => (
          <Line key={what} path={`${path}/deess/${what}`} of={w.deess} />
        ))}
      </Part>
    </>
  );
}

function Clean({ n }: Of) {
  const w = words.value,
    path = `strip/${n}`;
  return (
    <>
      <Part title={w.denoise}>
        <p class="hint">{w.denoiseHint}</p>
        <Line path={`${path}/denoise/amount`} of={w.denoise} />
        <Taken n={n} fields={["denoise"]} />
        <HearTaken n={n} />
      </Part>
      <Bleed n={n} />
      <Voice n={n} />
      <Part title={w.hum} action={<Switch path={`${path}/hum/on`} label={w.inUse} of={w.hum} />}>
        {["frequency", "harmonics", "depth"].map((what) => (
          <Line key={what} path={`${path}/hum/${what}`} of={w.hum} />
        ))}
      </Part>
      <Part title={w.giveWay}>
        <Switch path={`${path}/duck/key`} />
        <Line path={`${path}/duck/level`} />
        <Line path={`${path}/duck/bell`} />
        <Switch path={`${path}/share/on`} />
        <Line path={`${path}/share/weight`} />
        <Taken n={n} fields={["duck", "share"]} />
        <Switch path={`${path}/guard`} />
      </Part>
    </>
  );
}

function Input({ n }: Of) {
  const w = words.value,
    path = `strip/${n}`,
    preamp = layers(`${path}/input/gain`).hand !== null && may(`${path}/input/gain`);
  return (
    <>
      <Part title={w.preamp}>
        {preamp && <p class="hint">{w.regain}</p>}
        <Line path={`${path}/input/gain`} />
        <Switch path={`${path}/input/phantom`} danger asks={w.pops} />
        <Switch path={`${path}/input/pad`} />
        <Line path={`${path}/trim`} />
        <div class="acts">
          <button disabled={!may(`${path}/trim`)} onClick={() => void wishes({ keep: `${path}/trim` }, w.kept)}>
            {w.keepTrim}
          </button>
        </div>
      </Part>
      <Part title={w.patch}>
        <Choose path={`${path}/input/source`} say={(name) => (name === "none" ? w.noInput : w.input(Number(name)))} />
        <Switch path={`${path}/polarity`} />
        <Line path={`${path}/delay`} />
        <Switch path={`${path}/link`} label={w.linkWith(stripName(n + 1))} />
        <Switch path={`${path}/pop/on`} />
      </Part>
    </>
  );
}

function Sends({ n, called }: Of) {
  const w = words.value,
    path = `strip/${n}`,
    effects = Array.from({ length: COUNTS.fx }, (_, i) => i + 1);
  return (
    <>
      <Part title={w.place}>
        <Line path={`${path}/pan`} of={called} />
        <Talk path={`${path}/talk`} label={w.talkTo} />
      </Part>
      {served(`${path}/fxsend/1/level`) && (
        <Part title={w.effects}>
          {effects.map((k) => (
            <Line key={k} path={`${path}/fxsend/${k}/level`} label={w.effect(k)} />
          ))}
        </Part>
      )}
      <Part title={w.monitorSends}>
        {monitors.map((m) => (
          <div key={m} class="send">
            <Line path={`${path}/send/${m}/level`} label={monitorName(m)} />
            <Line path={`${path}/send/${m}/pan`} of={monitorName(m)} />
            <Choose path={`${path}/send/${m}/tap`} label={w.tap} of={monitorName(m)} />
          </div>
        ))}
      </Part>
    </>
  );
}

function Self({ n, called }: Of) {
  const w = words.value,
    path = `strip/${n}`,
    says = (name: string) => w.roles[name] ?? choiceWord(name),
    colours = TABLE["strip/*/colour"].choices,
    colour = textOf(`${path}/colour`);
  return (
    <>
      <Part title={w.who}>
        <TextField path={`${path}/name`} label={w.name} />
        <Choose path={`${path}/role`} say={says} />
        <div class="acts">
          <button disabled={!may(`${path}/role`)} onClick={() => void release(`${path}/role`, called)}>
            {w.letBoxGuess}
          </button>
        </div>
      </Part>
      <Part title={w.colour}>
        <div class="colours" role="radiogroup" aria-label={w.colour}>
          {colours.map((name) => (
            <button
              key={name}
              role="radio"
              class={`swatch c-${name}`}
              aria-checked={name === colour}
              aria-label={choiceWord(name)}
              disabled={!may(`${path}/colour`)}
              onClick={() => set(`${path}/colour`, name)}
            >
              {name === colour && <Icon name="check" />}
            </button>
          ))}
        </div>
      </Part>
      <Part title={w.groups}>
        {groups.map((g) => (
          <Switch key={g} path={`${path}/group/${g}/on`} label={groupName(g)} />
        ))}
        <Switch path={`${path}/mute_safe`} />
        <Switch path={`${path}/solo_safe`} />
        <Switch path={`${path}/safe`} />
      </Part>
      <Part title={w.leave}>
        <p class="hint">{w.leaveHint}</p>
        <div class="acts">
          <button disabled={!isEngineer()} onClick={() => void wishes({ keep: path }, w.kept)}>{w.keepAll}</button>
          <button disabled={!isEngineer()} onClick={() => void release(path, called)}>{w.leaveToBox}</button>
        </div>
      </Part>
    </>
  );
}

const PANELS: Record<Tab, (of: Of) => preact.JSX.Element> = {
  eq: (of) => <Eq {...of} />,
  dynamics: (of) => <Dyn {...of} />,
  clean: (of) => <Clean {...of} />,
  input: (of) => <Input {...of} />,
  sends: (of) => <Sends {...of} />,
  self: (of) => <Self {...of} />,
};
