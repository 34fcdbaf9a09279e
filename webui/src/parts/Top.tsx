// Top.tsx - what is always there: which page, how the box does, listen, undo, freeze.
import { health, may, set, trouble, undo, you } from "../box";
import { figure } from "../format";
import { address, route, type Page } from "../route";
import { isOn } from "../store";
import { words } from "../words";
import { Icon } from "./Icon";
import { ListenButton } from "./ListenButton";

/** The one line of health: what is wrong, or latency and load. */
export function vitals(): { ok: boolean; text: string; more?: string } {
  const h = health.value,
    w = words.value;
  if (trouble.value === "connecting" || trouble.value === "lost") return { ok: false, text: w.notConnected };
  if (h.engine === undefined) return { ok: true, text: "" };
  if (!h.engine) return { ok: false, text: w.noEngine };
  if (h.unplugged) return { ok: false, text: w.unplugged };
  if (h.faults) return { ok: false, text: w.broken };
  if (h.denoiser === "model is late") return { ok: false, text: w.late };
  return { ok: true, text: `${figure(h.main_ms ?? 0)} ms`, more: ` · ${figure(h.load ?? 0, 0)} %` };
}

export function Top({ title }: { title: string }) {
  const w = words.value,
    { ok, text, more } = vitals(),
    frozen = isOn("box/freeze"),
    page: Page = route.value.page;
  return (
    <header class="top">
      <h1>{title}</h1>
      <a
        class={`health ${ok ? "well" : "ill"}`}
        href={address("health")}
        aria-label={`${w.pages.health}: ${text || w.well}${more ?? ""}`}
        aria-current={page === "health" ? "page" : undefined}
      >
        <i class="lamp" aria-hidden="true" />
        <span>
          {text || w.well}
          {more && <span class="more">{more}</span>}
        </span>
      </a>
      <ListenButton />
      <button id="undo" class="tool" disabled={you.value.role === "guest"} aria-label={w.undo} onClick={() => void undo()}>
        <Icon name="undo" />
      </button>
      <button id="freeze" class="tool" disabled={!may("box/freeze")} aria-pressed={frozen} aria-label={frozen ? w.frozen : w.freeze} onClick={() => set("box/freeze", !isOn("box/freeze"))}>
        <Icon name="freeze" />
      </button>
    </header>
  );
}
