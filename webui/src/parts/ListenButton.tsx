// ListenButton.tsx - the box's sound on this phone, and a sheet with what is heard, how loud, and how late.
import { useState } from "preact/hooks";
import { channels, monitorName } from "../box";
import { figure } from "../format";
import { bus, hear, listen, listening, setVolume, stop, volume, type Bus } from "../listen";
import { monitors } from "../table";
import { words } from "../words";
import { Icon } from "./Icon";
import { Sheet } from "./Sheet";

export function ListenButton() {
  const [open, setOpen] = useState(false),
    w = words.value,
    on = listening.value !== null;
  return (
    <>
      <button
        id="listen"
        class="tool ear"
        aria-pressed={on}
        aria-haspopup="dialog"
        aria-label={w.listen}
        onClick={() => {
          if (!on) void listen();
          setOpen(true);
        }}
      >
        <Icon name="ear" />
      </button>
      {open && (
        <Sheet title={w.listen} shut={() => setOpen(false)}>
          <Ear shut={() => setOpen(false)} />
        </Sheet>
      )}
    </>
  );
}

function Ear({ shut }: { shut: () => void }) {
  const w = words.value,
    told = listening.value,
    report = typeof told === "object" ? told : null;
  const says =
    told === null
      ? w.listenOff
      : told === "starting"
        ? w.listenStarts
        : told === "waiting"
          ? w.listenWaits
          : told.playing
            ? w.heard(figure(told.ms, 0), told.gaps)
            : w.noSound;
  const buses: readonly [Bus, string][] = [["listen", w.listenBus], ["main", w.main], ...monitors.map((n): [Bus, string] => [`monitor_${n}`, monitorName(n)])];
  return (
    <>
      <p class="hint">{channels.value ? w.listenHint : w.noSound}</p>
      <label class="choose">
        <span class="label">{w.whatIsHeard}</span>
        <select value={bus.value} onChange={(e) => hear(e.currentTarget.value as Bus)}>
          {buses.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="choose">
        <span class="label">{w.volume}</span>
        <input type="range" min="0" max="1" step="0.01" value={volume.value} onInput={(e) => setVolume(+e.currentTarget.value)} />
      </label>
      <output
        id="heard"
        class="hint"
        data-rms={report?.rms ?? 0}
        data-gaps={report?.gaps ?? 0}
        data-skips={report?.skips ?? 0}
        data-playing={String(report?.playing ?? false)}
      >
        {says}
      </output>
      <div class="acts">
        {told === null ? (
          <button class="go" onClick={() => void listen()}>
            {w.listen}
          </button>
        ) : (
          <button
            id="listen-stop"
            class="go"
            onClick={() => {
              stop();
              shut();
            }}
          >
            {w.stop}
          </button>
        )}
      </div>
    </>
  );
}
