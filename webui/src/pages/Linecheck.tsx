// Linecheck.tsx - everybody plays for ten seconds, and each line gets its verdict; each fault comes with what mends it.
import { useEffect } from "preact/hooks";
import { may, set, stripName, wishes } from "../box";
import { choiceWord, figure, sentence } from "../format";
import { Part, Press } from "../parts/controls";
import { Icon } from "../parts/Icon";
import { Meter } from "../parts/Meter";
import { useStripMeter } from "../parts/Strip";
import { useReport } from "../report";
import { address } from "../route";
import { layers, numberOf } from "../store";
import { words } from "../words";

export interface Line {
  readonly channel: number;
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly problems: readonly string[];
  readonly sentences: readonly string[];
  readonly suggested_role?: string | null;
  readonly turn_db?: number | null;
  readonly advice?: string;
  readonly hum_hz?: number | null;
  readonly turned_against?: number | null;
  readonly gain_db?: number | null;
  readonly gain_to_db?: number | null;
  readonly peak_dbfs?: number;
}
export interface Remedy {
  readonly kind: "polarity" | "hum" | "gain" | "role" | "mute";
  readonly set: Readonly<Record<string, number | string | boolean>>;
  readonly figure: string;
}
const SECONDS = 10;

/** What can be done here for what was found; the rest is said in the sentences. */
export function remedies(line: Line): Remedy[] {
  const path = `strip/${line.channel}`,
    found: Remedy[] = [],
    hum = line.problems.some((p) => p.includes("hum")) || line.state === "hum";
  if (line.turned_against) found.push({ kind: "polarity", set: { [`${path}/polarity`]: true }, figure: "" });
  if (hum)
    found.push({
      kind: "hum",
      set: { [`${path}/hum/on`]: true, ...(line.hum_hz ? { [`${path}/hum/frequency`]: line.hum_hz } : {}) },
      figure: line.hum_hz ? `${figure(line.hum_hz, 0)} Hz` : "",
    });
  if (typeof line.gain_to_db === "number" && line.gain_to_db !== line.gain_db)
    found.push({ kind: "gain", set: { [`${path}/input/gain`]: line.gain_to_db }, figure: `${figure(line.gain_to_db)} dB` });
  if (line.suggested_role && line.suggested_role !== line.role)
    found.push({ kind: "role", set: { [`${path}/role`]: line.suggested_role }, figure: line.suggested_role });
  if (line.state === "dead") found.push({ kind: "mute", set: { [`${path}/mute`]: true }, figure: "" });
  return found;
}

export const sound = (line: Line): boolean => !line.problems.length && line.state === "playing";

export function Linecheck() {
  const w = words.value,
    running = numberOf("box/linecheck") > 0,
    { told, wrong, look } = useReport<{ channels: Line[]; seconds: number }>("linecheck", 0);
  useEffect(look, [running]);
  const lines = [...(told?.channels ?? [])].sort((a, b) => Number(sound(a)) - Number(sound(b)) || a.channel - b.channel),
    bad = lines.filter((line) => !sound(line)).length;
  return (
    <div class="linecheck">
      <Part title={w.pages.linecheck}>
        <p class="hint">{w.linecheckHint}</p>
        <Press class="go wide" disabled={!may("box/linecheck")} act={() => set("box/linecheck", running ? 0 : SECONDS)}>
          {running ? w.breakOff : w.startCheck(SECONDS)}
        </Press>
        {running && (
          <div class="progress" role="status">
            <i class="runs" />
            <span>{w.listening}</span>
          </div>
        )}
        {!running && lines.length > 0 && (
          <p class="verdict" role="status">
            <b>{bad ? w.linesToMend(bad) : w.allLinesWell}</b>
          </p>
        )}
        {!running && !lines.length && <p class="empty">{wrong ? w.noCheckYet : ""}</p>}
      </Part>
      <ul class="lines">
        {lines.map((line) => (
          <Found key={line.channel} line={line} />
        ))}
      </ul>
    </div>
  );
}

function Found({ line }: { line: Line }) {
  const w = words.value,
    meter = useStripMeter(line.channel),
    state = line.state === "playing" && line.problems.length ? w.toMend : (w.states[line.state] ?? line.state);
  return (
    <li class={`part found ${sound(line) ? "good" : "bad"}`}>
      <div class="part-head">
        <h2>
          <span class="num">{line.channel}</span> {stripName(line.channel)}
        </h2>
        <span class="state">
          <Icon name={sound(line) ? "check" : "linecheck"} />
          {state}
        </span>
      </div>
      <Meter of={meter} />
      {line.sentences.map((says) => (
        <p key={says} class="cause">
          {sentence(says)}
        </p>
      ))}
      {line.advice && !line.sentences.includes(line.advice) && <p class="cause">{sentence(line.advice)}</p>}
      <div class="acts">
        {remedies(line).map((r) => (
          <Mend key={r.kind} remedy={r} />
        ))}
        <a class="button" href={address("channel", line.channel)}>
          {w.openIt}
        </a>
      </div>
    </li>
  );
}

function Mend({ remedy }: { remedy: Remedy }) {
  const w = words.value,
    done = Object.entries(remedy.set).every(([path, value]) => layers(path).value === value);
  return (
    <button class="go" disabled={done || !may("box/linecheck")} onClick={() => void wishes({ set: remedy.set }, w.done)}>
      {done ? w.done : w.remedies[remedy.kind](remedy.kind === "role" ? (w.roles[remedy.figure] ?? choiceWord(remedy.figure)) : remedy.figure)}
    </button>
  );
}
