// Icon.tsx - small line drawings, 24 by 24.
const DRAWN = {
  mix: "M6 3v18M12 3v18M18 3v18M3.5 15h5M9.5 8h5M15.5 13h5",
  channel: "M3 14c3 0 3.5-8 6.5-8s3 10 6 10 3-5 5.5-5M3 20h18",
  monitors: "M4 20 7 5h10l3 15ZM12 9.2a.8.8 0 1 0 0 .1M12 12.5a3 3 0 1 0 .01 0",
  auto: "M12 3l2.2 5.8L20 11l-5.8 2.2L12 19l-2.2-5.8L4 11l5.8-2.2ZM19 17v4M17 19h4",
  linecheck: "M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M11 6h9M11 12h9M11 18h9",
  feedback: "M3 18h3l2-4 2 4 2-13 2 13 2-6 2 6h3",
  effects: "M4 17c2-9 4-9 5-9M9 17c2-6 4-6 5-6M14 17c1-3 3-3.500 4-3.500",
  ideas: "M9 18h6M10 21h4M12 3a6 6 0 0 0-3.500 10.900c.600.500 1 1.200 1 2.100h5c0-.900.400-1.600 1-2.100A6 6 0 0 0 12 3",
  scenes: "M4 5h16v5H4ZM4 14h7v5H4ZM15 14h5v5h-5Z",
  record: "M12 4a8 8 0 1 0 .01 0M12 9a3 3 0 1 0 .01 0",
  panel: "M3 5h18v14H3ZM6 8h12v4H6ZM7.500 15.500h.01M12 15.500h.01M16.500 15.500h.01",
  history: "M4 12a8 8 0 1 0 2.500-5.800L4 8.500M4 4v4.500h4.500M12 8v4.500l3 2",
  health: "M3 12h4l2-6 4 12 2.500-6H21",
  people: "M9 5a3 3 0 1 0 .01 0M3.500 19c0-4 2.500-6 5.500-6s5.500 2 5.500 6M16 6a2.500 2.500 0 1 1 0 5M17 13.500c2.200.6 3.500 2.500 3.500 5.500",
  undo: "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12H9",
  freeze: "M12 3v18M4.200 7.500l15.600 9M19.800 7.500l-15.600 9M9.500 4.500 12 7l2.500-2.500M9.500 19.500 12 17l2.500 2.500",
  ear: "M4 14v-2a8 8 0 0 1 16 0v2M4 14h3.500v6H6a2 2 0 0 1-2-2ZM20 14h-3.500v6H18a2 2 0 0 0 2-2Z",
  lock: "M8 11V7.500a4 4 0 0 1 8 0V11M5.500 11h13v9h-13Z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  pencil: "M4 20l1-4L16 5l3 3L8 19ZM14 7l3 3",
  order: "M8 5v14M8 5 5 8M8 5l3 3M16 19V5M16 19l-3-3M16 19l3-3",
  check: "M5 12.500 10 17.500 19.500 7",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  trash: "M4 7h16M9 7V4h6v3M6.500 7l1 13h9l1-13",
} as const;
export type IconName = keyof typeof DRAWN;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={DRAWN[name]} />
  </svg>
);
