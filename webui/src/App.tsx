// App.tsx - puts the page together: top, way, the page that the address names, and what everybody must know.
import { useEffect } from "preact/hooks";
import { you } from "./box";
import { Banner, Note } from "./parts/Banner";
import { Nav } from "./parts/Nav";
import { Top } from "./parts/Top";
import { Auto } from "./pages/Auto";
import { Channel } from "./pages/Channel";
import { Effects } from "./pages/Effects";
import { Feedback } from "./pages/Feedback";
import { Health } from "./pages/Health";
import { History } from "./pages/History";
import { Ideas } from "./pages/Ideas";
import { Linecheck } from "./pages/Linecheck";
import { Mix } from "./pages/Mix";
import { Monitors } from "./pages/Monitors";
import { Panel } from "./pages/Panel";
import { People } from "./pages/People";
import { Record } from "./pages/Record";
import { Scenes } from "./pages/Scenes";
import { route, type Page } from "./route";
import { words } from "./words";

const PAGE: Readonly<Record<Page, () => preact.JSX.Element>> = {
  mix: Mix,
  channel: Channel,
  monitors: Monitors,
  auto: Auto,
  linecheck: Linecheck,
  feedback: Feedback,
  effects: Effects,
  ideas: Ideas,
  scenes: Scenes,
  record: Record,
  panel: Panel,
  health: Health,
  history: History,
  people: People,
};

export function App() {
  const { page } = route.value,
    Shown = PAGE[page],
    w = words.value;
  useEffect(() => {
    document.title = `${w.pages[page]} · gigbox`;
    document.querySelector(".page")?.scrollTo(0, 0);
  }, [page, w]);
  if (you.value.role === "nobody") {
    location.replace("/pair");
    return null;
  }
  return (
    <>
      <Top title={w.pages[page]} />
      <Banner />
      <main class={`page page-${page}`} id="page" tabIndex={-1}>
        <Shown key={page} />
      </main>
      <Nav />
      <Note />
    </>
  );
}
