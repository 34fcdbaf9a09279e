// Hear.tsx - the channels of a decision, alone on the listen bus and on this phone, as long as it is held on or its page is open.
import { useEffect, useRef } from "preact/hooks";
import { may, set, stripName } from "../box";
import { hear, listen, listening } from "../listen";
import { isOn, peek } from "../store";
import { words } from "../words";
import { Press } from "./controls";

const solo = (n: number): string => `strip/${n}/solo`;

export function Hear({ strips }: { strips: readonly number[] }) {
  const mine = useRef<readonly number[]>([]), // what this one soloed; what was before stays
    on = strips.every((n) => isOn(solo(n)));
  const end = () => {
    for (const n of mine.current) if (peek(solo(n)).value === true) set(solo(n), false);
    mine.current = [];
  };
  useEffect(() => end, []);
  if (!strips.length || !strips.every((n) => may(solo(n)))) return null;
  const tap = () => {
    if (on) {
      mine.current = strips;
      end();
      return;
    }
    mine.current = strips.filter((n) => peek(solo(n)).value !== true);
    for (const n of mine.current) set(solo(n), true);
    hear("listen");
    if (listening.peek() === null) void listen();
  };
  return <Press class="hear" icon="ear" on={on} label={words.value.hearOf(strips.map(stripName).join(", "))} act={tap} />;
}
