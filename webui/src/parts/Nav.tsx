// Nav.tsx - the way to all pages: four and "more" under a thumb, all of them beside the page where there is room.
import { useState } from "preact/hooks";
import { you } from "../box";
import { address, PAGES, route, type Page } from "../route";
import { served } from "../table";
import { words } from "../words";
import { Icon } from "./Icon";
import { Sheet } from "./Sheet";

const FIRST: readonly Page[] = ["mix", "channel", "monitors", "auto"];

/** The pages that this box has, and this person. */
export function pages(): Page[] {
  const there: Partial<Record<Page, boolean>> = { record: served("tape/record"), people: you.value.role === "engineer", effects: served("fx/1/type"), ideas: served("box/ideas/on") };
  return PAGES.filter((page) => there[page] ?? true);
}

const Way = ({ page, act }: { page: Page; act?: () => void }) => (
  <a href={address(page)} aria-current={route.value.page === page ? "page" : undefined} {...(act ? { onClick: act } : {})}>
    <Icon name={page} />
    <span>{words.value.pages[page]}</span>
  </a>
);

export function Nav() {
  const [open, setOpen] = useState(false),
    w = words.value,
    more = pages().filter((page) => !FIRST.includes(page));
  return (
    <nav class="nav" aria-label={w.allPages}>
      {FIRST.map((page) => (
        <Way key={page} page={page} />
      ))}
      <button class={`nav-more${more.includes(route.value.page) ? " here" : ""}`} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)}>
        <Icon name="more" />
        <span>{w.more}</span>
      </button>
      <div class="nav-rest">
        {more.map((page) => (
          <Way key={page} page={page} />
        ))}
      </div>
      {open && (
        <Sheet title={w.allPages} shut={() => setOpen(false)}>
          <div class="ways">
            {more.map((page) => (
              <Way key={page} page={page} act={() => setOpen(false)} />
            ))}
          </div>
        </Sheet>
      )}
    </nav>
  );
}
