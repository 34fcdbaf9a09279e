// TextField.tsx - a word or two that people set: sent when it is done, taken back with Escape.
import { may, set } from "../box";
import { textOf } from "../store";
import { longest } from "../table";

export function TextField({ path, label, placeholder = "" }: { path: string; label: string; placeholder?: string }) {
  const told = textOf(path);
  const done = (field: HTMLInputElement) => {
    const text = field.value.trim();
    if (text !== told) set(path, text);
  };
  return (
    <label class="choose">
      <span class="label">{label}</span>
      <input
        type="text"
        value={told}
        maxLength={longest(path)}
        placeholder={placeholder}
        data-path={path}
        disabled={!may(path)}
        autocomplete="off"
        enterkeyhint="done"
        onChange={(e) => done(e.currentTarget)}
        onKeyDown={(e) => {
          if (e.key === "Enter") e.currentTarget.blur();
          if (e.key === "Escape") {
            e.currentTarget.value = told;
            e.currentTarget.blur();
          }
        }}
      />
    </label>
  );
}
