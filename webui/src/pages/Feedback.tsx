// Feedback.tsx - the feedback guard of each output: its notches on the spectrum, each to keep or to kill; ring-out before the show.
import { useState } from "preact/hooks";
import { cards, may, monitorName, release, set } from "../box";
import { figure, hertz } from "../format";
import { CardView } from "../parts/CardView";
import { Choose, Line, Part, Press, Segments, Switch } from "../parts/controls";
import { EqGraph, wayOfHz } from "../parts/EqGraph";
import { Icon } from "../parts/Icon";
import { Twice } from "../parts/Twice";
import { useReport } from "../report";
import { isOn, layers, numberOf, textOf } from "../store";
import { monitors, served } from "../table";
import { words } from "../words";

const FIXED = [1, 2, 3, 4, 5, 6, 7, 8] as const,
  LIVE = [9, 10, 11, 12, 13, 14, 15, 16] as const,
  ALL = 17,
  DEEP_DB = 24;
export interface Notch {
  readonly n: number;
  readonly hz: number;
  readonly db: number;
  readonly live: boolean;
}

/** Those that cut something now. */
export const notchesOf = (out: string): Notch[] =>
  [...FIXED, ...LIVE]
    .map((n) => ({ n, hz: numberOf(`${out}/notch/${n}/frequency`), db: numberOf(`${out}/notch/${n}/gain`), live: n > FIXED.length }))
    .filter(({ db }) => db < 0);

export function Feedback() {
  const w = words.value,
    [out, setOut] = useState("main"),
    outs = ["main", ...monitors.map((m) => `monitor/${m}`)];
  const name = (o: string) => (o === "main" ? w.main : monitorName(Number(o.split("/")[1]))),
    notches = notchesOf(out),
    ringing = textOf(`${out}/guard/ringout`);
  const heard = cards.value.filter(({ path }) => path.includes("/notch/")),
    report = useReport<{ out: string; says?: string[]; margin_db?: number }>("ringout", ringing !== "off" ? 2000 : 0);
  const guarded = served("main/guard/on");
  return (
    <div class="feedback">
      <div class="banks" role="group" aria-label={w.outputs}>
        {outs.map((o) => (
          <button key={o} aria-pressed={o === out} onClick={() => setOut(o)}>
            {name(o)}
            {notchesOf(o).some(({ live }) => live) && <i class="lamp ill" />}
          </button>
        ))}
      </div>
      <Part
        title={guarded ? w.guardOf(name(out)) : name(out)}
        action={
          guarded ? <Switch path={`${out}/guard/on`} label={w.inUse} of={w.pages.feedback} /> : <Switch path={`${out}/eq/on`} label={w.inUse} of={w.eq} />
        }
      >
        <div class="notched">
          <EqGraph owner={out} called={name(out)} />
          <div class="marks" aria-hidden="true">
            {notches.map(({ n, hz, db, live }) => (
              <i key={n} class={live ? "live" : "fixed"} style={{ left: `${wayOfHz(hz) * 100}%`, height: `${Math.min(-db / DEEP_DB, 1) * 100}%` }} />
            ))}
          </div>
        </div>
        {notches.length ? (
          <ul class="list notches">
            {notches.map((notch) => (
              <NotchLine key={notch.n} out={out} notch={notch} />
            ))}
          </ul>
        ) : (
          <p class="hint">{guarded ? w.noNotches : w.noGuard}</p>
        )}
        {notches.some(({ live }) => live) && (
          <div class="acts">
            <button disabled={!may(`${out}/guard/keep`)} onClick={() => set(`${out}/guard/keep`, ALL)}>{w.keepAllNotches}</button>
            <Twice says={w.killAll} disabled={!may(`${out}/guard/kill`)} act={() => set(`${out}/guard/kill`, ALL)} />
          </div>
        )}
      </Part>
      <Part title={w.output(name(out))}>
        <Line path={`${out}/level`} />
        <Line path={`${out}/limiter/ceiling`} />
        <Line path={`${out}/limiter/release`} />
        {guarded && <Switch path={`${out}/eq/on`} />}
        {out === "main" && (
          <>
            <Switch path="main/mono/on" />
            <Line path="main/mono/frequency" />
          </>
        )}
      </Part>
      {guarded && (
        <Part title={w.ringOut}>
          <p class="hint">{w.ringOutHint}</p>
          {ringing === "off" ? (
            <div class="acts">
              <Twice
                class="go"
                says={w.ringLoud}
                asks={w.getsLoud}
                disabled={!may(`${out}/guard/ringout`)}
                act={() => set(`${out}/guard/ringout`, "loud")}
              />
              <Press disabled={!may(`${out}/guard/ringout`)} act={() => set(`${out}/guard/ringout`, "quiet")}>{w.ringQuiet}</Press>
            </div>
          ) : (
            <Press class="wide danger" act={() => set(`${out}/guard/ringout`, "off")}>
              {w.breakOff}
            </Press>
          )}
          {ringing !== "off" && <Line path={`${out}/guard/boost`} />}
          {report.told?.out === out && (
            <>
              {typeof report.told.margin_db === "number" && (
                <p class="verdict">
                  <b>{w.margin(figure(report.told.margin_db))}</b>
                </p>
              )}
              {report.told.says?.map((says) => (
                <p key={says} class="cause">
                  {says}
                </p>
              ))}
            </>
          )}
        </Part>
      )}
      {heard.length > 0 && (
        <Part title={w.whatItDid}>
          <ul class="cards">
            {heard.map((card) => (
              <CardView key={card.id} card={card} />
            ))}
          </ul>
        </Part>
      )}
      {served(`${out}/geq/1/gain`) && (
        <Part title={w.graphic} action={<Switch path={`${out}/geq/on`} label={w.inUse} of={w.graphic} />}>
          <Graphic out={out} />
        </Part>
      )}
      <Part title={w.outPatch}>
        {[1, 2, 3, 4, 5, 6, 7, 8].map((k) => (
          <Choose key={k} path={`out/${k}/bus`} label={w.outputNumber(k)} />
        ))}
      </Part>
      {isOn("box/generator/loud") && <p class="hint ill">{w.loudTone}</p>}
      {served("box/generator/kind") && (
        <Part title={w.tools}>
          <Segments path="box/generator/kind" />
          <Segments path="box/generator/output" />
          <Line path="box/generator/level" />
          <Line path="box/generator/frequency" />
          <Switch path="box/generator/loud" danger />
        </Part>
      )}
    </div>
  );
}

function NotchLine({ out, notch: { n, hz, db, live } }: { out: string; notch: Notch }) {
  const w = words.value,
    path = `${out}/notch/${n}`,
    says = `${hertz(hz)}, ${figure(db)} dB`;
  return (
    <li>
      <span>
        <b>{hertz(hz)}</b> {figure(db)} dB · Q {figure(numberOf(`${path}/q`), 0)} <span class="role">{live ? w.live : w.fixed}</span>
      </span>
      <span class="acts">
        {live && (
          <button disabled={!may(`${out}/guard/keep`)} aria-label={`${w.keep} ${says}`} onClick={() => set(`${out}/guard/keep`, n)}>
            {w.keep}
          </button>
        )}
        <button
          disabled={!may(`${out}/guard/kill`)}
          aria-label={`${w.kill} ${says}`}
          onClick={() => {
            if (live) set(`${out}/guard/kill`, n);
            else void release(path, says);
          }}
        >
          <Icon name="trash" />
          {w.kill}
        </button>
      </span>
    </li>
  );
}

function Graphic({ out }: { out: string }) {
  return (
    <div class="graphic">
      {Array.from({ length: 31 }, (_, i) => i + 1).map(
        (k) =>
          served(`${out}/geq/${k}/gain`) && layers(`${out}/geq/${k}/gain`) && <Line key={k} path={`${out}/geq/${k}/gain`} label={hertz(GEQ_HZ[k - 1] ?? 0)} />,
      )}
    </div>
  );
}
/** ISO thirds. */
const GEQ_HZ = [
  20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500,
  16000, 20000,
];
