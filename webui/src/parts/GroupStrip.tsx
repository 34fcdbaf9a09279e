// GroupStrip.tsx - a group of channels under one fader and one mute.
import { channels, groupName, may, set, stripName } from "../box";
import { isOn } from "../store";
import { words } from "../words";
import { Fader, Says } from "./Fader";
import { width } from "./Strip";

export function GroupStrip({ n }: { n: number }) {
  const w = words.value,
    path = `group/${n}`,
    called = groupName(n),
    muted = isOn(`${path}/mute`);
  const members = Array.from({ length: channels.value }, (_, i) => i + 1).filter((k) => isOn(`strip/${k}/group/${n}/on`));
  return (
    <section class={`strip${muted ? " silent" : ""}`} aria-label={called} data-group={n}>
      <div class="strip-head">
        <span class={`name${width(called)}`}>{called}</span>
        <span class="role">{members.map(stripName).join(", ")}</span>
      </div>
      <Says path={`${path}/level`} />
      <div class="lane">
        <Fader path={`${path}/level`} label={w.faderOf(called)} upright />
      </div>
      <button class="mute" disabled={!may(`${path}/mute`)} aria-pressed={muted} aria-label={w.muteOf(called)} onClick={() => set(`${path}/mute`, !isOn(`${path}/mute`))}>
        {muted ? w.muted : w.mute}
      </button>
    </section>
  );
}
