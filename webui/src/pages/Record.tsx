// Record.tsx - the recorder: start and stop, how it goes, and what there is to take home or to play again.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { may, set, tellAll, you } from "../box";
import { dayTime, figure, lasts } from "../format";
import { Part, Press } from "../parts/controls";
import { Sheet } from "../parts/Sheet";
import { Twice } from "../parts/Twice";
import { useReport } from "../report";
import { rest } from "../rest";
import { isOn } from "../store";
import { served } from "../table";
import { words } from "../words";

const PATH = "tape/record",
  LOOK_MS = 2000,
  LIST_MS = 5000,
  CLOSES_MS = 1000, // a take that has just ended is looked for sooner
  TICK_MS = 500,
  MB = 1e6,
  RATE = 48000;

interface Told {
  readonly on: boolean;
  readonly name: string;
  readonly stick: boolean;
  readonly seconds: number;
  readonly left_s: number;
  readonly lost_frames: number;
  readonly tracks: number;
  readonly trouble: string;
}
export interface Take {
  readonly name: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly tracks: number;
  readonly began: number;
  readonly lost: number;
  readonly grows: boolean;
  readonly marks: readonly (readonly [number, string])[];
  readonly files: readonly string[];
  readonly folder: string;
}

const takes = signal<readonly Take[] | null>(null),
  wrong = signal("");
const look = (): Promise<void> =>
  rest<readonly Take[]>("GET", "/api/takes").then(
    (told) => {
      takes.value = told;
      wrong.value = "";
    },
    (e: Error) => {
      wrong.value = e.message;
    },
  );
const address = (take: Take, of: string): string => `/api/takes/${encodeURIComponent(take.name)}/${of}`;
export const size = (bytes: number): string => (bytes < 1000 * MB ? `${figure(bytes / MB, 0)} MB` : `${figure(bytes / MB / 1000)} GB`);

export function Record() {
  if (!served(PATH)) return <p class="empty">{words.value.noRecorder}</p>;
  return (
    <div class="record">
      <Now />
      {you.value.role !== "guest" && <Takes />}
    </div>
  );
}

/** What the recorder does, counted on between two reports. */
function Now() {
  const w = words.value,
    { told } = useReport<Told>("tape", LOOK_MS),
    on = isOn(PATH),
    [at, setAt] = useState({ seconds: 0, since: 0 }),
    [, tick] = useState(0);
  useEffect(() => setAt({ seconds: told?.on ? told.seconds : 0, since: performance.now() }), [told?.seconds, told?.on]);
  useEffect(() => {
    const timer = on ? setInterval(() => tick((n) => n + 1), TICK_MS) : 0;
    return () => clearInterval(timer);
  }, [on]);
  const runs = on && told?.on,
    seconds = runs ? at.seconds + Math.max(performance.now() - at.since, 0) / 1000 : 0;
  return (
    <Part title={w.pages.record}>
      <div class={`recorder${runs ? " at-work" : ""}`}>
        <output class="clock" aria-label={w.recordedSoFar}>
          {lasts(seconds)}
        </output>
        <p class="hint">{runs ? w.recordsInto(told.tracks, told.name) : on ? w.recordBegins : w.recordWhat}</p>
        <Press class="go wide record-key" on={on} disabled={!may(PATH)} act={() => set(PATH, !on)}>
          {on ? w.stopRecording : w.startRecording}
        </Press>
        {told && (
          <p class="hint" role="status">
            {w.roomFor(lasts(told.left_s), told.stick)}
          </p>
        )}
        {!!told?.trouble && <p class="cause ill">{told.trouble}</p>}
        {!!told?.lost_frames && <p class="cause ill">{w.lostSound(figure(told.lost_frames / RATE, 2))}</p>}
      </div>
    </Part>
  );
}

function Takes() {
  const w = words.value,
    on = isOn(PATH),
    [open, setOpen] = useState<string>(""),
    closes = !on && !!takes.value?.some(({ grows }) => grows),
    shown = takes.value?.find((take) => take.name === open);
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), closes ? CLOSES_MS : LIST_MS);
    return () => clearInterval(timer);
  }, [on, closes]);
  return (
    <Part title={w.takes}>
      {takes.value?.length ? (
        <ul class="list takes">
          {takes.value.map((take) => (
            <li key={take.name}>
              <div>
                <b>{take.name}</b>
                <span class="hint">
                  {take.grows ? w.beingRecorded : [lasts(take.seconds), size(take.bytes), w.trackCount(take.tracks)].join(" · ")}
                  {!!take.lost && <em class="ill"> {w.lostSound(figure(take.lost / RATE, 2))}</em>}
                </span>
              </div>
              <span class="acts">
                <button aria-label={`${w.open} ${take.name}`} disabled={take.grows} onClick={() => setOpen(take.name)}>
                  {w.open}
                </button>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p class="empty">{wrong.value || w.noTakes}</p>
      )}
      {shown && <OneTake take={shown} renamed={setOpen} />}
    </Part>
  );
}

function OneTake({ take, renamed }: { take: Take; renamed: (name: string) => void }) {
  const w = words.value,
    mine = you.value.role === "engineer",
    [name, setName] = useState(take.name);
  const ask = (method: "PUT" | "DELETE", body?: object) =>
    rest<{ name?: string }>(method, `/api/takes/${encodeURIComponent(take.name)}`, body).then(
      async (told) => {
        await look();
        renamed(told.name ?? "");
      },
      (e: Error) => tellAll(e.message),
    );
  return (
    <Sheet title={take.name} shut={() => renamed("")}>
      <p class="hint">{[dayTime(take.began), lasts(take.seconds), size(take.bytes)].join(" · ")}</p>
      {mine && (
        <form
          class="row-form"
          onSubmit={(e) => {
            e.preventDefault();
            void ask("PUT", { name: name.trim() });
          }}
        >
          <input type="text" value={name} maxLength={80} aria-label={w.takeName} autocomplete="off" onInput={(e) => setName(e.currentTarget.value)} />
          <button class="go" disabled={!name.trim() || name.trim() === take.name}>
            {w.rename}
          </button>
        </form>
      )}
      <a class="button go wide" href={address(take, "zip")} download>
        {w.takeHome(size(take.bytes))}
      </a>
      <ul class="list files">
        {take.files.map((file) => (
          <li key={file}>
            <a href={address(take, `files/${encodeURIComponent(file)}`)} download>
              {file}
            </a>
          </li>
        ))}
      </ul>
      {take.marks.length > 0 && <p class="hint says">{take.marks.map(([at, what]) => `${lasts(at)}  ${what}`).join("\n")}</p>}
      <p class="hint">{w.soundcheckHow}</p>
      <code class="command">gigbox run --song "{take.folder}"</code>
      {mine && (
        <div class="acts">
          <Twice class="danger" says={w.remove} label={`${w.remove} ${take.name}`} act={() => void ask("DELETE")} />
        </div>
      )}
    </Sheet>
  );
}
