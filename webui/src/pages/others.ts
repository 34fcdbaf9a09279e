// others.ts - all pages but the mix, in a file of their own: whoever opens the page has a fader in hand before these have come.
import type { Page } from "../route";
import { Auto } from "./Auto";
import { Channel } from "./Channel";
import { Effects } from "./Effects";
import { Feedback } from "./Feedback";
import { Health } from "./Health";
import { History } from "./History";
import { Ideas } from "./Ideas";
import { Linecheck } from "./Linecheck";
import { Monitors } from "./Monitors";
import { Panel } from "./Panel";
import { People } from "./People";
import { Record as Recorder } from "./Record";
import { Scenes } from "./Scenes";

export const OTHERS: Readonly<Record<Exclude<Page, "mix">, () => preact.JSX.Element>> = {
  channel: Channel,
  monitors: Monitors,
  auto: Auto,
  linecheck: Linecheck,
  feedback: Feedback,
  effects: Effects,
  ideas: Ideas,
  scenes: Scenes,
  record: Recorder,
  panel: Panel,
  health: Health,
  history: History,
  people: People,
};
