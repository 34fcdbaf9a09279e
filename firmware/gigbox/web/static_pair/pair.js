// pair.js - comes in by a link's key, which is gone from the address at once, or by the code that the box shows.

import { language, words } from "/pair/words.js";

const $ = (id) => document.getElementById(id), POLL_MS = 1000;
const key = location.hash.slice(1);
if (key) history.replaceState(null, "", "/pair");

document.documentElement.lang = language;
document.title = words.title;
for (const each of document.querySelectorAll("[data-say]")) each.textContent = words[each.dataset.say];
$("monitor").ariaLabel = words.monitorNumber;

function say(text) { $("say").textContent = text; }

async function ask(method, body) {
  const answer = await fetch("/api/pair", { method, ...(body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {}) });
  return { status: answer.status, ...await answer.json() };
}

async function enter(body) {
  let told;
  try { told = await ask("POST", body); } catch { told = { error: words.away }; }
  await follow(told);
}

/** Until a person at the box has said yes or no. */
async function follow(told) {
  while (told.status === 202) {
    $("form").hidden = true;
    say(words.waits);
    await new Promise((go) => setTimeout(go, POLL_MS));
    try { told = await ask("GET"); } catch { told = { status: 202 }; }
  }
  if (told.status === 200) { location.replace("/"); return; }
  $("form").hidden = false;
  say({ 403: words.unknown, 429: words.patience }[told.status] ?? told.error);
}

$("form").onsubmit = (event) => {
  event.preventDefault();
  const role = document.querySelector("[name=role]:checked").value;
  enter({ code: $("code").value, name: $("name").value.trim(), wants: role === "musician" ? { role, monitor: +$("monitor").value } : { role } });
};

if (key) { say(words.comingIn); enter({ key }); }
