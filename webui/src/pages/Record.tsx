// Record.tsx - multitrack recording, where the box has a recorder: it shows itself by its rows.
import { computed } from "@preact/signals";
import { Line, Part, Switch } from "../parts/controls";
import { TABLE } from "../params";
import { served } from "../table";
import { words } from "../words";

const ROWS = Object.keys(TABLE).filter((path) => path.startsWith("tape/") && !path.includes("*"));
export const hasRecorder = computed(() => ROWS.some(served));

export const Record = () => (
  <Part title={words.value.pages.record}>
    {hasRecorder.value ? (
      ROWS.map((path) => (path.endsWith("/on") ? <Switch key={path} path={path} /> : <Line key={path} path={path} />))
    ) : (
      <p class="empty">{words.value.noRecorder}</p>
    )}
  </Part>
);
