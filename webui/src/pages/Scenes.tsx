// Scenes.tsx - saved states: recall all or a part, look before what will change, save, delete.
import { useState } from "preact/hooks";
import { ask, called, channels, isEngineer, stripName, tellAll, wishes } from "../box";
import { sayValue } from "../format";
import { Line, Part, Switch } from "../parts/controls";
import { Sheet } from "../parts/Sheet";
import { Twice } from "../parts/Twice";
import { useAnswer } from "../report";
import { served, type Plain } from "../table";
import { words } from "../words";

export const KINDS = ["names", "inputs", "processing", "faders", "sends", "effects", "monitors", "main", "box"] as const;
type Kind = (typeof KINDS)[number];
export interface Difference {
  readonly path: string;
  readonly layer: string;
  readonly old: Plain;
  readonly new: Plain;
}
const SHOWN = 60;

export function Scenes() {
  const w = words.value,
    { told, wrong, look } = useAnswer<string[]>({ scenes: true }, 4000, (ok) =>
      (ok as string[] | { scenes: string[] }) instanceof Array ? (ok as string[]) : (ok as { scenes: string[] }).scenes,
    );
  const [name, setName] = useState(""),
    [open, setOpen] = useState(""),
    there = told?.includes(name.trim()) ?? false;
  const save = async (as: string) => {
    if (as && (await wishes({ scene: { save: as } }, w.saved(as)))) {
      setName("");
      look();
    }
  };
  return (
    <div class="scenes">
      <Part title={w.saveScene}>
        <form
          class="row-form"
          onSubmit={(e) => {
            e.preventDefault();
            if (!there) void save(name.trim());
          }}
        >
          <input
            type="text"
            value={name}
            maxLength={64}
            aria-label={w.sceneName}
            placeholder={w.sceneName}
            autocomplete="off"
            onInput={(e) => setName(e.currentTarget.value)}
          />
          {there ? (
            <Twice class="go" says={w.save} label={w.saveOver(name.trim())} act={() => void save(name.trim())} />
          ) : (
            <button class="go" disabled={!isEngineer() || !name.trim()}>
              {w.save}
            </button>
          )}
        </form>
      </Part>
      <Part title={w.pages.scenes}>
        {told?.length ? (
          <ul class="list scene-list">
            {told.map((scene) => (
              <li key={scene}>
                <b>{scene}</b>
                <span class="acts">
                  <button onClick={() => setOpen(scene)}>{w.recall}</button>
                  <Twice says={w.save} label={w.saveOver(scene)} act={() => void save(scene)} />
                  <Twice
                    class="plain"
                    says={w.remove}
                    label={`${w.remove} ${scene}`}
                    act={() => void wishes({ scene: { delete: scene } }, w.removed(scene)).then(look)}
                  />
                </span>
              </li>
            ))}
          </ul>
        ) : (
          <p class="empty">{wrong || w.noScenes}</p>
        )}
        <Line path="box/recall" />
      </Part>
      {served("box/safe/names") && (
        <Part title={w.safes}>
          <p class="hint">{w.safesHint}</p>
          {KINDS.map((kind) => (
            <Switch key={kind} path={`box/safe/${kind}`} label={w.kinds[kind]} />
          ))}
        </Part>
      )}
      {served("box/safe/names") && (
        <Part title={w.safeChannels}>
          <Switch path="main/safe" label={w.main} />
          {Array.from({ length: channels.value }, (_, i) => (
            <Switch key={i} path={`strip/${i + 1}/safe`} label={stripName(i + 1)} />
          ))}
        </Part>
      )}
      {open && <Recall scene={open} shut={() => setOpen("")} />}
    </div>
  );
}

function Recall({ scene, shut }: { scene: string; shut: () => void }) {
  const w = words.value,
    [kinds, setKinds] = useState<readonly Kind[]>(KINDS);
  const wanted = kinds.length === KINDS.length ? {} : { kinds };
  const { told, wrong } = useAnswer<{ changes: Difference[]; safe: number }>(
    { preview: scene, ...wanted },
    0,
    (ok) => ok as { changes: Difference[]; safe: number },
  );
  const recall = async () => {
    const answer = await ask({ scene: { recall: scene }, ...wanted });
    tellAll(typeof answer.error === "string" ? answer.error : w.recalled(scene));
    shut();
  };
  return (
    <Sheet title={w.recallOf(scene)} shut={shut}>
      <div class="pick" role="group" aria-label={w.whatOfIt}>
        {KINDS.map((kind) => (
          <button
            key={kind}
            aria-pressed={kinds.includes(kind)}
            onClick={() => setKinds(kinds.includes(kind) ? kinds.filter((k) => k !== kind) : KINDS.filter((k) => k === kind || kinds.includes(k)))}
          >
            {w.kinds[kind]}
          </button>
        ))}
      </div>
      <p class="verdict" role="status">
        <b>{wrong || (told ? w.willChange(told.changes.length, told.safe) : w.looking)}</b>
      </p>
      <ul class="list changes">
        {told?.changes.slice(0, SHOWN).map((c) => (
          <li key={c.path + c.layer}>
            <span>{called(c.path)}</span>
            <span class="way">
              {sayValue(c.path, c.old)} → <b>{sayValue(c.path, c.new)}</b>
            </span>
          </li>
        ))}
      </ul>
      <div class="acts">
        <button class="go wide" disabled={!isEngineer() || !kinds.length} onClick={() => void recall()}>
          {w.recall}
        </button>
      </div>
    </Sheet>
  );
}
