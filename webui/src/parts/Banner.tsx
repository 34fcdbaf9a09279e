// Banner.tsx - what everybody must know: a lost connection, a desk that is away, and for a moment what has just happened.
import { note, trouble } from "../box";
import { words } from "../words";

export function Banner() {
  const w = words.value,
    said = { "": "", connecting: "", lost: w.lost, desk: w.noDesk }[trouble.value];
  return (
    <p id="banner" class="banner" role="alert" hidden={!said}>
      {said}
    </p>
  );
}

export const Note = () => (
  <p id="note" class="note" role="status">
    {note.value}
  </p>
);
