// Twice.tsx - what cannot be taken back, or is heard by everybody: the first tap asks, the second within five seconds does.
import { useEffect, useState } from "preact/hooks";
import { tellAll } from "../box";
import { words } from "../words";

const SURE_MS = 5000;

/** Whether it was asked for, and what a tap does; `asks` is what the first tap says. */
export function useSure(act: () => void, asks: string): readonly [boolean, () => void] {
  const [sure, setSure] = useState(false);
  useEffect(() => {
    if (!sure) return;
    const late = setTimeout(() => setSure(false), SURE_MS);
    return () => clearTimeout(late);
  }, [sure]);
  const tap = () => {
    if (sure) act();
    else tellAll(asks);
    setSure(!sure);
  };
  return [sure, tap];
}

interface Props {
  says: string;
  act: () => void;
  asks?: string;
  describedBy?: string;
  label?: string;
  class?: string;
  disabled?: boolean;
}

export function Twice({ says, act, asks = words.value.tapAgain, describedBy, label, class: kind = "", disabled = false }: Props) {
  const [sure, tap] = useSure(act, asks);
  return (
    <button type="button" class={kind} disabled={disabled} aria-describedby={describedBy} aria-label={label && !sure ? label : undefined} onClick={tap}>
      {sure ? words.value.really : says}
    </button>
  );
}
