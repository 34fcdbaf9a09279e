// Strip.tsx - one channel of the mix, standing: name, level, fader, solo, mute.
import { useMemo } from "preact/hooks";
import { isLocked, may, set, stripName } from "../box";
import { choiceWord } from "../format";
import { strips } from "../meters";
import { address } from "../route";
import { isOn, textOf } from "../store";
import { words } from "../words";
import { ROLES } from "../words/roles";
import { Fader, Says } from "./Fader";
import { Icon } from "./Icon";
import { Meter, type Source } from "./Meter";

export function useStripMeter(n: number): Source {
  return useMemo(
    () => ({
      level: () => strips.output[n - 1] ?? -Infinity,
      input: () => strips.input[n - 1] ?? -Infinity,
      cut: () => (strips.gate[n - 1] ?? 0) + (strips.comp[n - 1] ?? 0),
    }),
    [n],
  );
}

/** Whether a name says already what the role says, in whatever language. */
export const saysRole = (name: string, role: string): boolean =>
  [role.replaceAll("_", " "), ...Object.values(ROLES).map((roles) => roles[role])].some((word) => word && name.toLowerCase().includes(word.replaceAll("\u00ad", "").toLowerCase()));

const LONG = 24; // letters: as much as there is room for, and it says more than a role

/** How wide its longest word is, and how long all of it: what does not fit is set closer before it is broken. */
export const width = (name: string): string => {
  const longest = Math.max(...name.split(/[\s-]/).map((word) => [...word].length)),
    all = [...name].length;
  return longest > 9 || all > LONG ? " closest" : longest > 7 || all > 18 ? " close" : "";
};

/** Name and role in as many lines as they need. */
export function Name({ n }: { n: number }) {
  const w = words.value,
    name = textOf(`strip/${n}/name`),
    role = textOf(`strip/${n}/role`),
    says = w.roles[role] ?? choiceWord(role);
  return (
    <>
      <span class={`name${width(stripName(n))}`}>{stripName(n)}</span>
      {name && [...name].length <= LONG && role !== "unused" && !saysRole(name, role) && <span class="role">{says}</span>}
    </>
  );
}

export function Strip({ n }: { n: number }) {
  const w = words.value,
    path = `strip/${n}`,
    called = stripName(n),
    muted = isOn(`${path}/mute`),
    solo = isOn(`${path}/solo`),
    colour = textOf(`${path}/colour`);
  const meter = useStripMeter(n),
    locked = isLocked(path);
  return (
    <section class={`strip c-${colour || "none"}${muted ? " silent" : ""}`} aria-label={called} data-strip={n}>
      <a class="strip-head" href={address("channel", n)}>
        <span class="num">
          {n}
          {locked && <Icon name="lock" />}
        </span>
        <Name n={n} />
      </a>
      <Says path={`${path}/level`} />
      <div class="lane">
        <Meter of={meter} upright faint={muted} />
        <Fader path={`${path}/level`} label={w.faderOf(called)} upright />
      </div>
      <div class="keys">
        <button
          class="solo"
          aria-pressed={solo}
          aria-label={w.soloOf(called)}
          disabled={!may(`${path}/solo`)}
          onClick={() => set(`${path}/solo`, !isOn(`${path}/solo`))}
        >
          {w.solo}
        </button>
        <button
          class="mute"
          aria-pressed={muted}
          aria-label={w.muteOf(called)}
          disabled={!may(`${path}/mute`)}
          onClick={() => set(`${path}/mute`, !isOn(`${path}/mute`))}
        >
          {muted ? w.muted : w.mute}
        </button>
      </div>
    </section>
  );
}
