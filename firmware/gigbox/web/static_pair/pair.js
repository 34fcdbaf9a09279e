// pair.js - comes in by a link's key, which is gone from the address at once, or by the code that the box shows.

const $ = (id) => document.getElementById(id), POLL_MS = 1000;
const key = location.hash.slice(1);
if (key) history.replaceState(null, "", "/pair");

function say(text) { $("say").textContent = text; }

async function ask(method, body) {
  const answer = await fetch("/api/pair", { method, ...(body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {}) });
  return { status: answer.status, ...await answer.json() };
}

async function enter(body) {
  let told;
  try { told = await ask("POST", body); } catch { told = { error: "the box is not reached" }; }
  await follow(told);
}

/** Until a person at the box has said yes or no. */
async function follow(told) {
  while (told.status === 202) {
    $("form").hidden = true;
    say("Now somebody at the box has to say yes. This page waits.");
    await new Promise((go) => setTimeout(go, POLL_MS));
    try { told = await ask("GET"); } catch { told = { status: 202 }; }
  }
  if (told.status === 200) { location.replace("/"); return; }
  $("form").hidden = false;
  say(told.error);
}

$("form").onsubmit = (event) => {
  event.preventDefault();
  const role = document.querySelector("[name=role]:checked").value;
  enter({ code: $("code").value, name: $("name").value.trim(), wants: role === "musician" ? { role, monitor: +$("monitor").value } : { role } });
};

if (key) { say("Coming in"); enter({ key }); }
