// Remote.tsx - whether apps and surfaces that people own may mix; an engineer decides, for an app needs no password.
import { you } from "../box";
import { sayWhat } from "../format";
import { useReport } from "../report";
import { words } from "../words";
import { Part, Segments, Switch } from "./controls";

export function Remote() {
  const w = words.value,
    { told } = useReport<{ apps?: number }>("osc", 2000);
  if (you.value.role !== "engineer") return null;
  return (
    <Part title={w.remote}>
      <span class="label">{sayWhat("box/osc")}</span>
      <Segments path="box/osc" />
      {told?.apps ? <p role="status">{w.appsHere(told.apps)}</p> : null}
      <p class="hint">{w.remoteHint}</p>
      <Switch path="box/midi" />
      <p class="hint">{w.midiHint}</p>
    </Part>
  );
}
