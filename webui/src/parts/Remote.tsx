// Remote.tsx - whether apps and surfaces that people own may mix; an engineer decides, for an app needs no password.
import { you } from "../box";
import { sayWhat } from "../format";
import { words } from "../words";
import { Part, Segments, Switch } from "./controls";

export function Remote() {
  const w = words.value;
  if (you.value.role !== "engineer") return null;
  return (
    <Part title={w.remote}>
      <span class="label">{sayWhat("box/osc")}</span>
      <Segments path="box/osc" />
      <p class="hint">{w.remoteHint}</p>
      <Switch path="box/midi" />
      <p class="hint">{w.midiHint}</p>
    </Part>
  );
}
