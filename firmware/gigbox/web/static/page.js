// page.js - puts the page together: one store of what the box said, one strip a channel, the main mix, and the words around them.

import { Fader } from "./fader.js";
import { Listen } from "./listen.js";
import { Live } from "./live.js";
import { Taste } from "./taste.js";

const FLOOR_DB = -60, CUT_DB = 20, CLIP_DB = -0.1, CLIP_MS = 2000, REASONS = 20, AMOUNTS = [0, 6, 12, 18, 24], NO_REASON = "the box has changed nothing yet";
const $ = (id) => document.getElementById(id), one = (selector, root = document) => root.querySelector(selector);
const socketUrl = (path) => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;

const table = await read("/table");
async function read(path) {
  for (;;) {
    try { return await (await fetch(path)).json(); } catch { await new Promise((go) => setTimeout(go, 1000)); }
  }
}
const values = new Map();          // path -> {hand, auto, value}: what the box said last
const strips = [];
let channels = 0;

// ---- words and numbers

const number = (db, low = FLOOR_DB) => db <= low ? "off" : db.toFixed(1).replace("-", "−");
const signed = (db) => (db > 0 ? "+" : "") + number(db, -Infinity);
const words = (role) => role.replaceAll("_", " ");

function choice(path, row) {
  const value = values.get(path)?.value ?? row.default;
  return typeof value === "string" ? value : row.choices[+value];
}

/** 'you −2.0  box +1.4' where the box has a say, 'you −2.0' where not; and the same for a screen reader. */
function say(element, row, hand, value) {
  const box = value - hand, you = number(hand, row.low), apart = Math.abs(box) >= 0.05;
  element.innerHTML = `<span class="you">you <b></b></span>${apart ? '<span class="box">box <b></b></span>' : ""}`;
  const [a, b] = element.querySelectorAll("b");
  a.textContent = you;
  if (b) b.textContent = signed(box);
  return `you ${you} ${row.unit}${apart ? `, box ${signed(box)} ${row.unit}` : ""}`;
}

let noteTimer = 0;
function note(text) {
  const place = $($("taste").open ? "taste-note" : "note");      // behind a dialog nobody hears it
  place.textContent = text;
  clearTimeout(noteTimer);
  noteTimer = setTimeout(() => { $("note").textContent = $("taste-note").textContent = ""; }, 5000);
}

// ---- meters

const way = (db) => Math.min(Math.max(1 - db / FLOOR_DB, 0), 1);
const bars = (root) => [...root.querySelectorAll(".meters i")];

const uncover = (i, share) => i.style.setProperty("--v", share.toFixed(3));

function drawMeters({ s, m, lufs }) {
  strips.forEach((strip, n) => {
    const [input, output, cut, noise] = s.slice(4 * n), now = performance.now();
    uncover(strip.bars[0], way(input));
    uncover(strip.bars[1], way(output));
    uncover(strip.bars[2], Math.min(-cut / CUT_DB, 1));
    uncover(strip.noise, Math.min(-noise / (strip.amount || 24), 1));
    if (input >= CLIP_DB) strip.clipped = now;
    strip.clip.hidden = !(now - strip.clipped < CLIP_MS);
  });
  m.forEach((db, n) => uncover(main.bars[n], n < 2 ? way(db) : Math.min(-db / CUT_DB, 1)));
  $("lufs").textContent = lufs <= -70 ? "–" : lufs.toFixed(1).replace("-", "−");
}

const darkMeters = () => drawMeters({ s: strips.flatMap(() => [-Infinity, -Infinity, 0, 0]), m: [-Infinity, -Infinity, 0], lufs: -Infinity });

// ---- strips

function fader(root, label, path, rowPath, words) {
  const row = table.rows[rowPath];
  return new Fader(root, label, row, {
    move: (value) => live.set(path, value),
    release: () => { if (live.ask({ release: path })) note(`${label}: released`); },
    say: (hand, value) => say(words, row, hand, value),
  });
}

const aria = (element, what, value) => element.setAttribute(`aria-${what}`, value);
const press = (button, on) => aria(button, "pressed", on), pressed = (button) => button.getAttribute("aria-pressed") === "true";

function makeStrip(n) {
  const root = $("strip").content.cloneNode(true).firstElementChild, path = `strip/${n}`, strip = { n, path, root, bars: bars(root), clipped: -Infinity };
  for (const part of ["num", "name", "role", "noise", "clip", "lock", "mute"]) strip[part] = one(`.${part}`, root);
  strip.num.textContent = n;
  strip.fader = fader(one(".fader", root), `strip ${n}`, `${path}/level`, "strip/*/level", one(".say", root));
  strip.noise.onclick = () => live.set(`${path}/denoise/amount`, AMOUNTS.find((db) => db > strip.amount + 0.5) ?? 0);
  strip.mute.onclick = () => live.set(`${path}/mute`, !pressed(strip.mute));
  strip.lock.onclick = () => live.ask(isLocked(strip) ? { unlock: path } : { lock: path });
  $("strips").append(root);
  return strip;
}

function makeStrips(count) {
  if (count === channels) return;
  channels = count;
  $("strips").replaceChildren();
  strips.length = 0;
  for (let n = 1; n <= count; n++) strips.push(makeStrip(n));
  document.body.style.setProperty("--channels", count);
  draw();
}

const isLocked = (strip) => !!values.get(`${strip.path}/level`)?.locked;

function drawStrip(strip) {
  const role = choice(`${strip.path}/role`, table.rows["strip/*/role"]), name = values.get(`${strip.path}/name`)?.value;
  const colour = choice(`${strip.path}/colour`, table.rows["strip/*/colour"]);
  strip.root.style.setProperty("--mark", colour === "none" ? "transparent" : colour);
  strip.name.textContent = name || (role === "unused" ? `Input ${strip.n}` : words(role));
  strip.role.textContent = name && role !== "unused" ? words(role) : "";
  const called = strip.name.textContent, muted = choice(`${strip.path}/mute`, table.rows["strip/*/mute"]) === "on", locked = isLocked(strip);
  strip.amount = +(values.get(`${strip.path}/denoise/amount`)?.value ?? 0);
  const noise = strip.amount ? `noise −${Math.round(strip.amount)}` : "noise";
  strip.noise.textContent = noise;
  press(strip.noise, strip.amount > 0);
  aria(strip.noise, "label", `${called}, noise ${strip.amount ? `down by up to ${Math.round(strip.amount)} dB` : "as it comes"}: tap to change`);
  press(strip.mute, muted);
  strip.mute.textContent = muted ? "muted" : "mute";
  aria(strip.mute, "label", `mute ${called}`);
  press(strip.lock, locked);
  aria(strip.lock, "label", `lock ${called}: the box changes nothing here`);
  aria(strip.fader.input, "label", `${called}, fader`);
  strip.root.classList.toggle("silent", muted);
  move(strip.fader, `${strip.path}/level`);
}

function move(fader, path) {
  const { hand, auto } = values.get(path) ?? {};
  fader.show(hand, auto, depthNow());
}

const depthNow = () => (values.get("box/depth")?.value ?? table.rows["box/depth"].default) / 100;

function draw() {
  strips.forEach(drawStrip);
  move(main.fader, "main/level");
  depth.show(values.get("box/depth")?.hand, 0, 1);
  const frozen = choice("box/freeze", table.rows["box/freeze"]) === "on", mode = choice("box/mode", table.rows["box/mode"]);
  press($("freeze"), frozen);
  $("freeze").textContent = frozen ? "Frozen" : "Freeze";
  for (const button of document.querySelectorAll("[data-mode]")) press(button, button.dataset.mode === mode);
  taste.on(choice("box/taste", table.rows["box/taste"]) === "on");
  main.unmute.hidden = choice("main/mute", table.rows["main/mute"]) !== "on";
}

// ---- reasons

const reasons = [];
const clock = (time) => new Date(time * 1000).toTimeString().slice(0, 8);

/** One line a thought: the same words again only bring it up to date. */
function because({ why, time }) {
  const same = reasons.findIndex((r) => r.why === why);
  if (same >= 0) reasons.splice(same, 1);
  reasons.unshift({ why, time: time ?? Date.now() / 1000 });
  reasons.length = Math.min(reasons.length, REASONS);
}

function drawReasons() {
  $("newest").textContent = reasons[0]?.why ?? NO_REASON;
  $("reasons").replaceChildren(...reasons.map(({ why, time }) => {
    const line = document.createElement("li"), when = document.createElement("time");
    when.textContent = clock(time);
    line.append(when, why);
    return line;
  }));
}

// ---- what the box says

function hear(message) {
  if (message.state) {
    values.clear();
    for (const [path, layers] of Object.entries(message.state)) values.set(path, layers);
    reasons.length = 0;
    message.reasons.forEach(because);
    drawReasons();
  }
  if (message.channels) makeStrips(message.channels);
  if (message.changed) {
    for (const [path, layers] of Object.entries(message.changed)) values.set(path, layers);
    if (message.layer === "auto" && message.why) { because(message); drawReasons(); }
    if ("box/forget" in message.changed) { taste.look(); if (message.why) note(words(message.why)); }
  }
  if (message.state || message.changed) draw();
  if (message.meters) drawMeters(message.meters);
  if (message.health) drawHealth(message.health);
  if (message.undone) note(undone(message.undone));
  if (message.error) note(message.error.startsWith("undo:") ? "nothing of yours to undo" : message.error);
  if ("desk" in message || message.state) banner(message.desk === false ? "desk: not running, the box mixes on" : "");
}

/** 'undone: Keys level −3.0 dB → 0.0 dB'. */
function undone([first, ...more]) {
  if (!first) return "undone";
  const [path, from, to] = first, words = path.split("/"), strip = words[0] === "strip" && strips[words[1] - 1];
  const what = strip ? [strip.name.textContent, ...words.slice(2)] : words;
  return `undone: ${what.join(" ")} ${from} → ${to}${more.length ? `, and ${more.length} more` : ""}`.replaceAll("-", "−");
}

const letGo = () => [depth, main.fader, ...strips.map((s) => s.fader)].forEach((f) => f.letGo());

function banner(text) {
  $("banner").textContent = text;
  $("banner").hidden = !text;
  document.body.classList.toggle("lost", !!text);
  if (text) letGo();
}

function drawHealth(h) {
  const parts = h.engine
    ? { running: "ok", [`denoise: ${h.denoiser}`]: h.denoiser === "model is late" && "bad", [`load ${h.load} %`]: "", [`main ${h.main_ms} ms`]: "", [`mon ${h.monitor_ms} ms`]: "", [`${h.xruns} xruns`]: h.xruns && "bad" }
    : { "engine: not running": "bad" };
  if (h.unplugged) parts["the card is unplugged"] = "bad";
  if (h.faults) parts["a channel sends broken samples"] = "bad";
  $("health").replaceChildren(...Object.entries(parts).map(([textContent, className]) => Object.assign(document.createElement("span"), { textContent, className })));
  if (!h.engine) darkMeters();
}

function lost() {
  banner("connection lost: the box mixes on");
  $("health").textContent = "not connected";
  darkMeters();
}

// ---- the desk's own controls

const live = new Live(socketUrl("/live"), hear, lost);
const main = { bars: bars($("main")), unmute: one(".unmute"), fader: fader(one("#main .fader"), "main", "main/level", "main/level", one("#main .say")) };
const depth = new Fader(one("#depth .fader"), "depth", table.rows["box/depth"], {
  move(value) {                // what it will do to every fader shows at once
    live.set("box/depth", value);
    values.set("box/depth", { hand: value, auto: null, value });
    draw();
  },
  release: () => live.ask({ release: "box/depth" }),
  say: (hand) => one("#depth .say").textContent = `${Math.round(hand)} %`,
});
const taste = new Taste($("taste"), { forget: (place) => live.ask({ set: { "box/forget": place } }), learn: (on) => live.set("box/taste", on) }, note);
const listen = new Listen(socketUrl("/listen"), heard);

function heard(report) {
  press($("listen"), listen.on);
  $("listen").textContent = listen.on ? "Listening" : "Listen";
  $("ear").hidden = !listen.on;
  const output = $("heard");
  if (!report) { output.textContent = "starting"; return; }
  output.textContent = report.waiting ? "not reached" : report.playing ? `${Math.round(report.ms)} ms · ${report.gaps} gaps` : "waiting for sound";
  Object.assign(output.dataset, { rms: report.rms ?? 0, gaps: report.gaps ?? 0, skips: report.skips ?? 0, playing: !!report.playing });
}

$("taste-open").onclick = () => taste.open();
main.unmute.onclick = () => live.set("main/mute", false);
$("undo").onclick = () => { letGo(); live.ask({ undo: true }); };
$("freeze").onclick = () => live.set("box/freeze", !pressed($("freeze")));
for (const button of document.querySelectorAll("[data-mode]")) button.onclick = () => live.set("box/mode", button.dataset.mode);
$("listen").onclick = () => {
  if (listen.on) return listen.stop();
  listen.start().catch((e) => { listen.stop(); note(`listen: ${e.message}`); });
  heard(null);
};
$("volume").oninput = (e) => { listen.loudness = +e.target.value; };

const wide = matchMedia("(min-width: 700px)");
const unfold = () => { $("why").open = wide.matches; };
wide.addEventListener("change", unfold);
unfold();
one("#why summary").addEventListener("click", (e) => wide.matches && e.preventDefault());
