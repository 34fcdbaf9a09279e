// main.tsx - starts the page: who we are, the link, and where the browser allows it a shell that opens without the box.
import { render } from "preact";
import { App } from "./App";
import { connect, whoAmI } from "./box";
import { fetchInTime } from "./shelf";
import { learnt } from "./words";
import "./page.css";

const root = document.getElementById("app");
connect(); // the box speaks while the page is being drawn
if (root) void learnt().then(() => render(<App />, root));
whoAmI();
fetchInTime();
if ("serviceWorker" in navigator && import.meta.env.PROD)
  void navigator.serviceWorker.register("/static/sw.js", { scope: "/" }).catch(() => {
    /* without one the page is the same */
  });
