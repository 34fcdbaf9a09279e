// Taste.tsx - what corrections taught the box, in its own words: shown, forgotten one by one or all.
import { useEffect } from "preact/hooks";
import { set } from "../box";
import { useReport } from "../report";
import { textOf } from "../store";
import { words } from "../words";
import { Twice } from "./Twice";

export function Taste() {
  const w = words.value,
    { told, look } = useReport<{ says?: Record<string, string[]> }>("taste", 2000),
    likes = Object.entries(told?.says ?? {}),
    forgetting = textOf("box/forget");
  useEffect(look, [forgetting]);
  return (
    <>
      <p class="hint">{w.tasteHint}</p>
      {!likes.length && <p class="empty taste-none">{w.nothingLearnt}</p>}
      <ul class="list likes" aria-label={w.learnt}>
        {likes.map(([place, says], i) => (
          <li key={place}>
            <span id={`like-${i}`} class="says">
              {says.join("\n")}
            </span>
            <Twice says={w.forget} describedBy={`like-${i}`} act={() => set("box/forget", place)} />
          </li>
        ))}
      </ul>
      {likes.length > 0 && (
        <div class="acts">
          <a class="button" href="/taste" download="taste.json">
            {w.download}
          </a>
          <Twice class="all" says={w.forgetAll} act={() => set("box/forget", "all")} />
        </div>
      )}
    </>
  );
}
