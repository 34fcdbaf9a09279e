// Health.tsx - how the box does, in true figures: is it me, or the box?
import { channels, health, you } from "../box";
import { figure } from "../format";
import { Part } from "../parts/controls";
import { vitals } from "../parts/Top";
import { useReport } from "../report";
import { language, speak, words, type Language } from "../words";

interface Trouble {
  readonly what?: string;
  readonly says?: string;
}
interface Report {
  readonly sound?: {
    latency_ms?: { main?: number; monitor?: number };
    load?: { mean?: number; p999?: number; worst?: number };
    xruns?: number;
    recoveries?: number;
    card?: string;
    channels?: number;
    gains?: { age_ms?: number | null; late?: boolean };
  };
  readonly machine?: { temperature_c?: number | null; memory?: { free_mb?: number }; disk?: { free_mb?: number } };
  readonly desk?: { clients?: readonly (string | { who?: string })[] };
  readonly troubles?: readonly (string | Trouble)[];
}

const UNKNOWN = "–";
const inWords = (trouble: string | Trouble): string => (typeof trouble === "string" ? trouble : (trouble.says ?? trouble.what ?? ""));

export function Health() {
  const w = words.value,
    { told, wrong } = useReport<Report>("health", 2000),
    h = health.value,
    { ok, text } = vitals(),
    troubles = (told?.troubles ?? []).map(inWords);
  const ms = (x: number | undefined) => (x === undefined ? UNKNOWN : `${figure(x)} ms`),
    percent = (x: number | undefined) => (x === undefined ? UNKNOWN : `${figure(x, 0)} %`);
  const figures: readonly [string, string, boolean?][] = [
    [w.latencyMain, ms(told?.sound?.latency_ms?.main ?? h.main_ms)],
    [w.latencyMonitor, ms(told?.sound?.latency_ms?.monitor ?? h.monitor_ms)],
    [w.loadMean, percent(told?.sound?.load?.mean ?? h.load)],
    [w.loadWorst, percent(told?.sound?.load?.p999)],
    [w.xruns, String(told?.sound?.xruns ?? h.xruns ?? UNKNOWN), !!(told?.sound?.xruns ?? h.xruns)],
    [w.cleaner, w.denoisers[h.denoiser ?? ""] ?? h.denoiser ?? UNKNOWN],
    [w.temperature, told?.machine?.temperature_c == null ? UNKNOWN : `${figure(told.machine.temperature_c, 0)} °C`],
    [w.channels, String(channels.value)],
    [w.programs, String(told?.desk?.clients?.length ?? UNKNOWN)],
  ];
  return (
    <div class="health-page">
      <Part title={w.now}>
        <p class={`verdict ${ok && !troubles.length ? "well" : "ill"}`} role="status">
          <b>{troubles.length ? "" : ok ? w.allWell : text}</b>
        </p>
        {troubles.map((says) => (
          <p key={says} class="cause ill">
            {says}
          </p>
        ))}
        {wrong && <p class="hint">{wrong}</p>}
      </Part>
      <Part title={w.figures}>
        <dl class="figures">
          {figures.filter(([, value]) => value !== UNKNOWN).map(([name, value, bad]) => (
            <div key={name} class={bad ? "ill" : ""}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Part>
      <Part title={w.thisPhone}>
        <p class="hint">{w.youAre(you.value.name || UNKNOWN, w.people[you.value.role])}</p>
        <label class="choose">
          <span class="label">{w.language}</span>
          <select id="language" value={language.value} onChange={(e) => void speak(e.currentTarget.value as Language)}>
            <option value="en">English</option>
            <option value="de">Deutsch</option>
          </select>
        </label>
      </Part>
    </div>
  );
}
