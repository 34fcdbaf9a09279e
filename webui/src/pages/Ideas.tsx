// Ideas.tsx - a notebook that listens: tempo, key, chord and chart of what is played, and what might come next. It never insists.
import { useEffect, useState } from "preact/hooks";
import { may, set } from "../box";
import { Part, Switch } from "../parts/controls";
import { rest } from "../rest";
import { numberOf } from "../store";
import { hush, play, playing, type Note } from "../synth";
import { language, words } from "../words";

type Change = readonly [number, string];
interface Prompt {
  readonly mood: string;
  readonly images: readonly string[];
  readonly rhymes: readonly (readonly string[])[];
  readonly meter: string;
}
export interface Notebook {
  readonly on: boolean;
  readonly why?: string;
  readonly tempo?: { readonly bpm: number; readonly sure: number };
  readonly key?: { readonly name: string; readonly sure: number } | null;
  readonly chord?: { readonly name: string; readonly sure: number };
  readonly next?: readonly { readonly name: string; readonly share: number; readonly notes: readonly number[] }[];
  readonly metre?: number;
  readonly bars?: readonly (readonly Change[])[];
  readonly bar_count?: number;
  readonly over?: readonly (readonly [number, number, string, readonly number[]])[];
  readonly melody?: readonly Note[];
  readonly bass?: readonly Note[];
  readonly drums?: Readonly<Record<string, readonly number[]>>;
  readonly words?: Readonly<Record<string, Prompt>>;
}
const EVERY_MS = 500,
  SHOWN = 16,
  DRUMS: Readonly<Record<string, number>> = { kick: 36, snare: 38, hat: 42, open: 46 },
  SEEDS = 999;

/** The chords under an offer, as notes. */
export const chordNotes = (over: Notebook["over"]): Note[] =>
  (over ?? []).flatMap(([start, end, , notes]) => notes.map((pitch): Note => [start, (end - start) * 0.95, pitch, 80]));

/** A bar of hits, so many times over. */
export const drumNotes = (grid: Notebook["drums"], bars: number): Note[] =>
  Object.entries(grid ?? {}).flatMap(([drum, row]) =>
    Array.from({ length: bars }, (_, bar) => row.flatMap((velocity, i): Note[] => (velocity ? [[(bar * row.length + i) / 4, 0.2, DRUMS[drum] ?? 42, velocity]] : []))).flat(),
  );

/** What nobody would bet on is not offered. */
export const likely = <T extends { readonly share: number }>(next: readonly T[]): readonly T[] => next.filter(({ share }) => Math.round(100 * share) > 0);
export const percent = (share: number): string => `${Math.round(100 * share)} %`;

function useNotebook(): Notebook | null {
  const [told, setTold] = useState<Notebook | null>(null);
  useEffect(() => {
    let open = true,
      timer = 0;
    const look = async () => {
      const found = await rest<Notebook>("GET", "/api/ideas").catch((e: Error): Notebook => ({ on: false, why: e.message }));
      if (!open) return;
      setTold(found);
      timer = setTimeout(() => void look(), document.hidden ? 10 * EVERY_MS : EVERY_MS) as unknown as number;
    };
    void look();
    return () => {
      open = false;
      clearTimeout(timer);
      hush();
    };
  }, []);
  return told;
}

export function Ideas() {
  const w = words.value,
    told = useNotebook();
  return (
    <div class="ideas">
      <Part title={w.pages.ideas}>
        <p class="hint">{w.ideasHint}</p>
        <Switch path="box/ideas/on" />
        {told && !told.on && (
          <p class="empty" role="status">
            {told.why?.includes("depth") ? w.noIdeasAtDepth : told.why?.includes("off") ? w.ideasOff : w.nobodyListens}
          </p>
        )}
        {told?.on && <Now told={told} />}
      </Part>
      {told?.on && (
        <>
          <Next told={told} />
          <Song told={told} />
          <Offers told={told} />
          <Prompts told={told} />
          <p class="hint">{w.madeByBox}</p>
        </>
      )}
    </div>
  );
}

function Now({ told }: { told: Notebook }) {
  const w = words.value,
    facts: readonly (readonly [string, string, number])[] = [
      [w.chordNow, told.chord?.name || "–", told.chord?.name ? told.chord.sure : 0],
      [w.keyNow, told.key ? w.keyName(told.key.name) : "–", told.key?.sure ?? 0],
      [w.tempoNow, told.tempo?.bpm ? `${Math.round(told.tempo.bpm)}` : "–", told.tempo?.sure ?? 0],
    ];
  return (
    <dl class="now">
      {facts.map(([what, value, sure]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>
            <b>{value}</b>
            <meter min={0} max={1} value={sure} aria-label={w.sureOf(what, percent(sure))} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Next({ told }: { told: Notebook }) {
  const w = words.value,
    next = likely(told.next ?? []);
  return (
    <Part title={w.nextChords}>
      {!next.length && <p class="empty">{w.stillListening}</p>}
      <div class="acts">
        {next.map(({ name, share, notes }) => (
          <button key={name} class="go chord" aria-label={w.hearChord(name, percent(share))} onClick={() => play(`next ${name}`, { chords: notes.map((p): Note => [0, 2, p, 100]) }, 90)}>
            <b>{name}</b> <small>{percent(share)}</small>
          </button>
        ))}
      </div>
    </Part>
  );
}

function Song({ told }: { told: Notebook }) {
  const w = words.value,
    bars = (told.bars ?? []).slice(-SHOWN),
    first = (told.bar_count ?? 0) - bars.length + 1;
  return (
    <Part title={w.songSoFar}>
      {!bars.length && <p class="empty">{w.stillListening}</p>}
      <ol class="chart" start={first}>
        {bars.map((bar, i) => (
          <li key={first + i} value={first + i}>
            {bar.map(([beat, name]) => (
              <span key={beat}>{name || "–"}</span>
            ))}
          </li>
        ))}
      </ol>
      {bars.length > 0 && (
        <div class="acts">
          <a class="button" href="/api/ideas/chart" download="song.cho">
            ChordPro
          </a>
          <a class="button" href="/api/ideas/midi" download="song.mid">
            MIDI
          </a>
        </div>
      )}
    </Part>
  );
}

function Offers({ told }: { told: Notebook }) {
  const w = words.value,
    bpm = told.tempo?.bpm || 100,
    seed = numberOf("box/ideas/seed"),
    chords = chordNotes(told.over),
    length = Math.max(0, ...(told.over ?? []).map(([, end]) => end)),
    drums = drumNotes(told.drums, Math.max(Math.ceil(length / (told.metre ?? 4)), 1)),
    parts = [
      ["melody", w.aMelody, { chords, melody: told.melody ?? [] }],
      ["bass", w.aBass, { chords, bass: told.bass ?? [] }],
      ["drums", w.aGroove, { drums }],
      ["all", w.allTogether, { chords, melody: told.melody ?? [], bass: told.bass ?? [], drums }],
    ] as const;
  return (
    <Part title={w.overThis}>
      {!told.melody?.length ? (
        <p class="empty">{w.stillListening}</p>
      ) : (
        <>
          <p class="hint">{w.onThisPhone}</p>
          <div class="acts">
            {parts.map(([name, says, notes]) => (
              <button key={name} aria-pressed={playing.value === name} onClick={() => play(name, notes, bpm)}>
                {says}
              </button>
            ))}
          </div>
          <Grid grid={told.drums ?? {}} />
        </>
      )}
      <button class="go wide" disabled={!may("box/ideas/seed")} onClick={() => set("box/ideas/seed", (seed % SEEDS) + 1)}>
        {w.otherIdeas(seed)}
      </button>
    </Part>
  );
}

function Grid({ grid }: { grid: Readonly<Record<string, readonly number[]>> }) {
  const w = words.value;
  return (
    <table class="drumgrid">
      <caption class="unseen">{w.aGroove}</caption>
      <colgroup>
        <col class="names" />
      </colgroup>
      <tbody>
        {Object.entries(grid)
          .filter(([, row]) => row.some(Boolean))
          .map(([drum, row]) => (
            <tr key={drum}>
              <th scope="row">{w.drums[drum] ?? drum}</th>
              {row.map((velocity, i) => (
                <td key={i} class={i % 4 ? "" : "beat"}>
                  <i style={{ opacity: velocity / 112 }} />
                  {velocity > 0 && <span class="unseen">{i + 1}</span>}
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function Prompts({ told }: { told: Notebook }) {
  const w = words.value,
    prompt = told.words?.[language.value];
  if (!prompt) return null;
  return (
    <Part title={w.wordSeeds}>
      <p>
        <b>{prompt.mood}</b>: {prompt.images.join(", ")}
      </p>
      {prompt.rhymes.map((family) => (
        <p key={family[0]}>{family.join(" · ")}</p>
      ))}
      <p class="feet" aria-label={w.meterOf}>
        {prompt.meter}
      </p>
    </Part>
  );
}
