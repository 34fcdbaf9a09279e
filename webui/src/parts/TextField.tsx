// TextField.tsx - a word or two that people set: sent when it is done, taken back with Escape.
import { useRef, useState } from "preact/hooks";
import { may, set, tellAll, trouble } from "../box";
import { textOf } from "../store";
import { longest } from "../table";
import { words } from "../words";

export function TextField({ path, label, placeholder = "" }: { path: string; label: string; placeholder?: string }) {
  const told = textOf(path),
    typing = useRef(false),
    [draft, setDraft] = useState<string | null>(null); // what is being typed stays, whatever the box says meanwhile
  const done = (field: HTMLInputElement) => {
    const text = field.value.trim();
    if (trouble.peek()) return tellAll(words.value.notConnected);
    typing.current = false;
    if (text !== told) set(path, text);
    setDraft(null);
  };
  return (
    <label class="choose">
      <span class="label">{label}</span>
      <input
        type="text"
        value={draft ?? told}
        maxLength={longest(path)}
        placeholder={placeholder}
        data-path={path}
        disabled={!may(path)}
        autocomplete="off"
        enterkeyhint="done"
        onInput={(e) => {
          typing.current = true;
          setDraft(e.currentTarget.value);
        }}
        onBlur={(e) => {
          if (typing.current) done(e.currentTarget); // also where it is what it was when it began
        }}
        onChange={(e) => done(e.currentTarget)}
        onKeyDown={(e) => {
          if (e.key === "Enter") e.currentTarget.blur();
          if (e.key === "Escape") {
            e.currentTarget.value = told;
            typing.current = false;
            setDraft(null);
            e.currentTarget.blur();
          }
        }}
      />
    </label>
  );
}
