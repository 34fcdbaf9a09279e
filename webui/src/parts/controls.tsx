// controls.tsx - a line, a switch, a choice: each shows what the box says of one path, and asks for it.
import type { ComponentChildren } from "preact";
import { depth, may, set } from "../box";
import { choiceWord, sayValue, sayWhat, signed } from "../format";
import { isOn, layers, peek } from "../store";
import { row, rowOf, served } from "../table";
import { words } from "../words";
import { Fader, parts } from "./Fader";
import { Icon, type IconName } from "./Icon";
import { useSure } from "./Twice";

interface Of {
  path: string;
  label?: string;
  of?: string;
}
const APART = 0.05;

/** Served, and where it is the card's, the card has it: the desk then knows its value. */
const there = (path: string): boolean => served(path) && (!rowOf(path)?.ofCard || layers(path).hand !== null);

/** A lying fader with its words: for all that has a way. `of`: whose it is, for who does not see. */
export function Line({ path, label = sayWhat(path), of = "" }: Of) {
  if (!there(path)) return null;
  const r = row(path),
    told = layers(path),
    p = parts(path, r, told, depth.value);
  return (
    <div class="line">
      <span class="label">{label}</span>
      <span class={`value ${p.yours && told.hand !== null ? "you" : told.auto !== null ? "box" : ""}`}>
        {sayValue(path, p.hand)}
        {Math.abs(p.box) >= (APART * (r.high - r.low)) / 20 && <b class="box"> {signed(p.box)}</b>}
      </span>
      <Fader path={path} label={of ? `${of}, ${label}` : label} />
    </div>
  );
}

/** `asks`: what the first of two taps says, where one might be a slip that everybody hears. */
export function Switch({ path, label = sayWhat(path), of = "", icon, danger, asks = "" }: Of & { icon?: IconName; danger?: boolean; asks?: string }) {
  const turn = () => set(path, peek(path).value !== true),
    [sure, tap] = useSure(turn, asks);
  if (!there(path)) return null;
  const on = isOn(path);
  return (
    <button
      class={`switch${danger ? " danger" : ""}`}
      role="switch"
      aria-checked={on}
      aria-label={of ? `${of}, ${label}` : label}
      data-path={path}
      disabled={!may(path)}
      onClick={asks ? tap : turn}
    >
      {icon && <Icon name={icon} />}
      <span>{sure ? words.value.really : label}</span>
      <i class="knob" aria-hidden="true" />
    </button>
  );
}

/** All choices side by side: for a few. */
export function Segments({ path, label = sayWhat(path), say = choiceWord }: Of & { say?: (name: string) => string }) {
  if (!there(path)) return null;
  const value = String(layers(path).value ?? "");
  return (
    <div class="segments" role="radiogroup" aria-label={label} data-path={path}>
      {(row(path).choices ?? []).map((name) => (
        <button key={name} role="radio" aria-checked={name === value} disabled={!may(path)} onClick={() => set(path, name)}>
          {say(name)}
        </button>
      ))}
    </div>
  );
}

/** The system's own list: for many. */
export function Choose({
  path,
  label = sayWhat(path),
  of = "",
  say = choiceWord,
  only,
}: Of & { say?: (name: string) => string; only?: (name: string) => boolean }) {
  if (!there(path)) return null;
  const value = String(layers(path).value ?? "");
  return (
    <label class="choose">
      <span class="label">{label}</span>
      <select
        value={value}
        aria-label={of ? `${of}, ${label}` : label}
        data-path={path}
        disabled={!may(path)}
        onChange={(e) => set(path, e.currentTarget.value)}
      >
        {(row(path).choices ?? [])
          .filter((name) => name === value || !only || only(name))
          .map((name) => (
            <option key={name} value={name}>
              {say(name)}
            </option>
          ))}
      </select>
    </label>
  );
}

interface Pressing {
  on?: boolean;
  label?: string;
  icon?: IconName;
  class?: string;
  disabled?: boolean;
  act: () => void;
  children?: ComponentChildren;
}

/** A button; with `on` one that stays pressed. */
export const Press = ({ on, label, icon, class: kind = "", disabled = false, act, children }: Pressing) => (
  <button class={kind} aria-label={label} disabled={disabled} {...(on === undefined ? {} : { "aria-pressed": on })} onClick={act}>
    {icon && <Icon name={icon} />}
    {children}
  </button>
);

export const Part = ({
  title,
  class: kind = "",
  children,
  action,
}: {
  title: string;
  class?: string;
  children: ComponentChildren;
  action?: ComponentChildren;
}) => (
  <section class={`part ${kind}`} aria-label={title}>
    <div class="part-head">
      <h2>{title}</h2>
      {action}
    </div>
    {children}
  </section>
);
