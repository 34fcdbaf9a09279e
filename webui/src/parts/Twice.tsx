// Twice.tsx - a button for what cannot be taken back: the first tap asks, the second within five seconds does.
import { useEffect, useState } from "preact/hooks";
import { tellAll } from "../box";
import { words } from "../words";

const SURE_MS = 5000;

export function Twice({
  says,
  act,
  describedBy,
  label,
  class: kind = "",
}: {
  says: string;
  act: () => void;
  describedBy?: string;
  label?: string;
  class?: string;
}) {
  const [sure, setSure] = useState(false);
  useEffect(() => {
    if (!sure) return;
    const late = setTimeout(() => setSure(false), SURE_MS);
    return () => clearTimeout(late);
  }, [sure]);
  const tap = () => {
    if (sure) act();
    else tellAll(words.value.tapAgain);
    setSure(!sure);
  };
  return (
    <button type="button" class={kind} aria-describedby={describedBy} aria-label={label && !sure ? label : undefined} onClick={tap}>
      {sure ? words.value.really : says}
    </button>
  );
}
