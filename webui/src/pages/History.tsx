// History.tsx - every change with its hand and reason: on one channel or all; back in time, and what was otherwise then.
import { useEffect, useState } from "preact/hooks";
import { ask, called, channels, isEngineer, stripName, tellAll, undo } from "../box";
import { clockTime, sayValue, sentence } from "../format";
import { Part } from "../parts/controls";
import { Twice } from "../parts/Twice";
import { useAnswer } from "../report";
import type { Plain } from "../table";
import { words } from "../words";

export interface Event {
  readonly time: number;
  readonly by: string;
  readonly path: string;
  readonly layer: string;
  readonly old: Plain;
  readonly new: Plain;
  readonly why: string;
  readonly action: number;
  readonly kind: string;
}
/** Of each path the layers that were otherwise. */
export type Then = Readonly<Partial<Record<"hand" | "auto", Plain>>>;
type Past = Readonly<Record<string, Then>>;
const COUNT = 120,
  BACKS = [30, 120, 300, 900, 3600] as const;

/** When the songs began that the history knows, newest first. */
export const songs = (events: readonly Event[]): { name: string; time: number }[] =>
  events
    .filter(({ path, new: name }) => path === "box/song" && typeof name === "string" && name !== "")
    .map(({ time, new: name }) => ({ name: String(name), time }));

/** What was done at once, for one reason, is one entry. */
export function together(events: readonly Event[]): readonly (readonly Event[])[] {
  const found: Event[][] = [];
  for (const e of events) {
    const one = found[found.length - 1],
      last = one?.[one.length - 1];
    if (one && last && last.action === e.action && last.layer === e.layer && last.by === e.by && last.why === e.why) one.push(e);
    else found.push([e]);
  }
  return found;
}

/** What stood there: the hand's part where that was otherwise, else the box's. */
export function saidThen(path: string, then: Then): string {
  const w = words.value;
  if (then.hand !== undefined) return then.hand === null ? w.leftToBox : sayValue(path, then.hand);
  return `${w.box} ${sayValue(path, then.auto ?? null)}`;
}

export function History() {
  const w = words.value,
    [of, setOf] = useState(""),
    [whose, setWhose] = useState<"all" | "hand" | "auto">("all"),
    where = of ? { of } : {};
  const { told, wrong, look } = useAnswer<Event[]>({ history: COUNT, ...where }, 3000, (ok) => ok as Event[]);
  const shown = (told ?? []).filter(({ layer }) => whose === "all" || (whose === "auto") === (layer === "auto"));
  return (
    <div class="history">
      <Part title={w.whichChanges}>
        <label class="choose">
          <span class="label">{w.channel}</span>
          <select value={of} onChange={(e) => setOf(e.currentTarget.value)}>
            <option value="">{w.everything}</option>
            {Array.from({ length: channels.value }, (_, i) => (
              <option key={i} value={`strip/${i + 1}`}>{`${i + 1} · ${stripName(i + 1)}`}</option>
            ))}
            <option value="main">{w.main}</option>
          </select>
        </label>
        <div class="segments" role="radiogroup" aria-label={w.whose}>
          {(["all", "hand", "auto"] as const).map((which) => (
            <button key={which} role="radio" aria-checked={which === whose} onClick={() => setWhose(which)}>
              {w.layers[which]}
            </button>
          ))}
        </div>
        <div class="acts">
          <button class="wide" onClick={() => void undo(of || undefined).then(look)}>
            {of ? w.undoOf(called(of).split(" · ")[0] ?? of) : w.undoMine}
          </button>
        </div>
      </Part>
      <Back of={of} songs={songs(told ?? [])} done={look} />
      <Part title={w.changes}>
        {shown.length ? (
          <ul class="list events">
            {together(shown).map((one, i) => (
              <Entry key={`${one[0]?.action}${one[0]?.path}${i}`} events={one} />
            ))}
          </ul>
        ) : (
          <p class="empty">{wrong || w.nothingChanged}</p>
        )}
      </Part>
    </div>
  );
}

function Entry({ events }: { events: readonly Event[] }) {
  const [{ layer, why, by, time }] = events as readonly [Event];
  return (
    <li class={layer}>
      <span class="event">
        {events.map((e) => (
          <span key={e.path} class="event">
            <b>{called(e.path)}</b>
            <span class="way">
              {sayValue(e.path, e.old)} → <b>{sayValue(e.path, e.new)}</b>
            </span>
          </span>
        ))}
        {why && <span class="cause">{sentence(why)}</span>}
      </span>
      <span class="by">
        {layer === "auto" ? words.value.layers.auto : by.replace(/^(web|osc):/, "")}
        <time>{clockTime(time)}</time>
      </span>
    </li>
  );
}

function Back({ of, songs: sung, done }: { of: string; songs: readonly { name: string; time: number }[]; done: () => void }) {
  const w = words.value,
    [ago, setAgo] = useState(-1),
    [past, setPast] = useState<Past | null>(null),
    [wrong, setWrong] = useState(""),
    first = sung[sung.length - 1];
  // By the clock of the box alone: this phone's may be days off.
  const steps = [...BACKS.map((s) => ({ when: { ago: s }, name: w.ago(s) })), ...(first ? [{ when: { at: first.time - 1 }, name: w.sinceFirstSong }] : [])],
    step = steps[ago],
    where = of ? { of } : {};
  useEffect(() => {
    setPast(null);
    setWrong("");
    if (step)
      void ask({ past: step.when, ...where }).then((answer) => {
        if (typeof answer.error === "string") setWrong(answer.error);
        else setPast(answer.ok as Past);
      });
  }, [ago, of]);
  const goBack = async () => {
    if (!step) return;
    const answer = await ask({ back: step.when, ...where });
    tellAll(typeof answer.error === "string" ? answer.error : w.wentBack);
    setAgo(-1);
    done();
  };
  const different = Object.entries(past ?? {});
  return (
    <Part title={w.backInTime}>
      <div class="scrub">
        <span class="label">{step ? step.name : w.rightNow}</span>
        <input
          type="range"
          min={1 - steps.length}
          max="1"
          step="1"
          value={-ago}
          aria-label={w.backInTime}
          aria-valuetext={step ? step.name : w.rightNow}
          onInput={(e) => setAgo(-e.currentTarget.value)}
        />
      </div>
      {step && wrong && <p class="hint">{wrong}</p>}
      {step && past && (
        <>
          <p class="verdict" role="status">
            <b>{w.wasOtherwise(different.length)}</b>
          </p>
          <ul class="list changes">
            {different.slice(0, 40).map(([path, then]) => (
              <li key={path}>
                <span>{called(path)}</span>
                <span class="way">{saidThen(path, then)}</span>
              </li>
            ))}
          </ul>
          {different.length > 0 && isEngineer() && (
            <div class="acts">
              <Twice class="wide" says={w.goBack} act={() => void goBack()} />
            </div>
          )}
        </>
      )}
    </Part>
  );
}
