// Talk.tsx - a button that is on as long as it is pressed.
import { may, set } from "../box";
import { isOn } from "../store";
import { served } from "../table";

export function Talk({ path, label }: { path: string; label: string }) {
  if (!served(path)) return null;
  const on = isOn(path),
    say = (now: boolean) => {
      if (isOn(path) !== now) set(path, now);
    };
  return (
    <button
      class="talk"
      aria-pressed={on}
      disabled={!may(path)}
      data-path={path}
      onPointerDown={(e) => {
        e.currentTarget.setPointerCapture(e.pointerId);
        say(true);
      }}
      onPointerUp={() => say(false)}
      onPointerCancel={() => say(false)}
      onKeyDown={(e) => {
        if (e.key === " " || e.key === "Enter") {
          e.preventDefault();
          say(true);
        }
      }}
      onKeyUp={() => say(false)}
      onBlur={() => say(false)}
    >
      {label}
    </button>
  );
}
