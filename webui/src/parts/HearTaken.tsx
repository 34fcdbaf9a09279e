// HearTaken.tsx - what the denoiser takes from a channel, made audible on the listen bus, as long as this is open.
import { useEffect } from "preact/hooks";
import { may, set } from "../box";
import { hear, listen, listening } from "../listen";
import { layers, peek } from "../store";
import { served } from "../table";
import { words } from "../words";
import { Press } from "./controls";

const PATH = "box/taken";

export function HearTaken({ n }: { n: number }) {
  const w = words.value,
    mine = `strip_${n}`,
    on = layers(PATH).value === mine;
  useEffect(
    () => () => {
      if (peek(PATH).value === mine) set(PATH, "off");
    },
    [mine],
  );
  if (!served(PATH) || !may(PATH)) return null;
  const tap = () => {
    set(PATH, on ? "off" : mine);
    if (on) return;
    hear("listen");
    if (listening.peek() === null) void listen();
  };
  return (
    <>
      <Press class="hear-taken" on={on} icon="ear" act={tap}>
        {w.hearTaken}
      </Press>
      <p class="hint">{w.hearTakenHint}</p>
    </>
  );
}
