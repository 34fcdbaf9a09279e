// words.js - all that this page says, by language: the browser's, where it is one of these.

const WORDS = {
  en: {
    title: "gigbox: come in",
    how: "Type the code that the box shows on its display, or in a shell on it:",
    code: "code",
    name: "your name",
    need: "what you need",
    monitor: "my own monitor: number",
    monitorNumber: "monitor number",
    mix: "the whole mix",
    look: "only a look",
    enter: "Come in",
    comingIn: "Coming in",
    waits: "Now somebody at the box has to say yes. This page waits.",
    away: "The box is not reached.",
    unknown: "There is no such code or link; the box shows the one that holds now.",
    patience: "Too many tries: wait a minute. A link needs none.",
  },
  de: {
    title: "gigbox: hereinkommen",
    how: "Tipp den Code ein, den die Box auf ihrer Anzeige zeigt, oder in einer Shell auf ihr:",
    code: "Code",
    name: "dein Name",
    need: "was du brauchst",
    monitor: "meinen Monitor, Nummer",
    monitorNumber: "Nummer des Monitors",
    mix: "den ganzen Mix",
    look: "nur zusehen",
    enter: "Hereinkommen",
    comingIn: "Kommt herein",
    waits: "Nun muss jemand an der Box zustimmen. Diese Seite wartet.",
    away: "Die Box ist nicht zu erreichen.",
    unknown: "Diesen Code oder Link gibt es nicht; die Box zeigt, welcher jetzt gilt.",
    patience: "Zu viele Versuche: warte eine Minute. Ein Link braucht keinen.",
  },
};

export const language = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
export const words = WORDS[language];
