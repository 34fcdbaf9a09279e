// People.tsx - who may do what: ask somebody in by code or picture, approve, rename, change, show the door.
import { useEffect, useState } from "preact/hooks";
import { channels, monitorName, stripName, tellAll, you } from "../box";
import { Country } from "../parts/Country";
import { Part, Press } from "../parts/controls";
import { Remote } from "../parts/Remote";
import { Twice } from "../parts/Twice";
import { rest } from "../rest";
import { monitors } from "../table";
import { words } from "../words";

type Role = "engineer" | "musician" | "guest";
interface Rights {
  readonly role: Role;
  readonly monitor: number;
  readonly strips: readonly number[];
}
interface Person extends Rights {
  readonly id: string;
  readonly name: string;
  readonly expires: number;
  readonly here: boolean;
}
interface Asking {
  readonly id: string;
  readonly name: string;
  readonly wants?: Partial<Rights>;
  readonly seconds: number;
  readonly from: string;
}
interface Invitation {
  readonly code: string;
  readonly link: string;
  readonly qr: readonly string[];
}
interface All {
  readonly people: readonly Person[];
  readonly asking: readonly Asking[];
}
const ROLES: readonly Role[] = ["engineer", "musician", "guest"],
  LOOK_MS = 2000,
  QUIET = 3;

export function People() {
  const w = words.value,
    [all, setAll] = useState<All | null>(null),
    [wrong, setWrong] = useState(""),
    [asked, setAsked] = useState<Invitation | null>(null);
  const look = () =>
    rest<All>("GET", "/api/people").then(
      (told) => {
        setAll(told);
        setWrong("");
      },
      (e: Error) => setWrong(e.message),
    );
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const act = (method: "POST" | "PUT" | "DELETE", path: string, body?: object) =>
    rest<unknown>(method, path, body).then(look, (e: Error) => tellAll(e.message));
  const invite = (rights: Rights) => rest<Invitation>("POST", "/api/invitation", rights).then(setAsked, (e: Error) => tellAll(e.message));
  return (
    <div class="people">
      <Country />
      {all?.asking.map((who) => (
        <Part key={who.id} title={w.asksIn(who.name)} class="asking">
          <p class="hint">
            {who.from} · {w.ago(who.seconds)}
          </p>
          <RightsForm
            start={{ role: who.wants?.role ?? "musician", monitor: who.wants?.monitor ?? 1, strips: who.wants?.strips ?? [] }}
            says={w.letIn}
            act={(rights) => void act("POST", `/api/asking/${who.id}`, rights)}
          />
          <div class="acts">
            <Press act={() => void act("DELETE", `/api/asking/${who.id}`)}>{w.refuse}</Press>
          </div>
        </Part>
      ))}
      <Part title={w.invite}>
        <RightsForm start={{ role: "musician", monitor: 1, strips: [] }} says={w.makeCode} act={(rights) => void invite(rights)} />
        {asked && <Code invitation={asked} />}
      </Part>
      <Part title={w.whoIsHere}>
        {all?.people.length ? (
          <ul class="list">
            {all.people.map((person) => (
              <PersonLine key={person.id} person={person} act={act} />
            ))}
          </ul>
        ) : (
          <p class="empty">{wrong || w.nobodyYet}</p>
        )}
        <p class="hint">{w.youAre(you.value.name || "–", w.people[you.value.role])}</p>
      </Part>
      <Remote />
    </div>
  );
}

function PersonLine({ person, act }: { person: Person; act: (method: "PUT" | "DELETE", path: string, body?: object) => Promise<void> }) {
  const w = words.value,
    [open, setOpen] = useState(false),
    path = `/api/people/${person.id}`;
  const may = person.role === "musician" ? `${w.people.musician} · ${monitorName(person.monitor)}` : w.people[person.role];
  return (
    <li class="person">
      <span>
        <b>{person.name}</b> {person.here && <i class="lamp" role="img" aria-label={w.here} />}
        <span class="role">{may}</span>
      </span>
      <span class="acts">
        <Press on={open} icon="pencil" label={w.change(person.name)} act={() => setOpen(!open)} />
        <Twice says={w.showDoor} label={`${w.showDoor}: ${person.name}`} act={() => void act("DELETE", path)} />
      </span>
      {open && (
        <RightsForm
          start={person}
          says={w.save}
          act={(rights) => {
            void act("PUT", path, rights);
            setOpen(false);
          }}
        />
      )}
    </li>
  );
}

function RightsForm({ start, says, act }: { start: Rights; says: string; act: (rights: Rights) => void }) {
  const w = words.value,
    [role, setRole] = useState<Role>(start.role),
    [monitor, setMonitor] = useState(start.monitor || 1),
    [strips, setStrips] = useState<readonly number[]>(start.strips);
  return (
    <div class="rights">
      <div class="segments" role="radiogroup" aria-label={w.mayDo}>
        {ROLES.map((name) => (
          <button key={name} role="radio" aria-checked={name === role} onClick={() => setRole(name)}>
            {w.people[name]}
          </button>
        ))}
      </div>
      <p class="hint">{w.roleHint[role]}</p>
      {role === "musician" && (
        <>
          <label class="choose">
            <span class="label">{w.hisMonitor}</span>
            <select value={monitor} onChange={(e) => setMonitor(+e.currentTarget.value)}>
              {monitors.map((m) => (
                <option key={m} value={m}>
                  {monitorName(m)}
                </option>
              ))}
            </select>
          </label>
          <div class="pick" role="group" aria-label={w.hisStrips}>
            {Array.from({ length: channels.value }, (_, i) => i + 1).map((n) => (
              <button key={n} aria-pressed={strips.includes(n)} onClick={() => setStrips(strips.includes(n) ? strips.filter((k) => k !== n) : [...strips, n])}>
                {stripName(n)}
              </button>
            ))}
          </div>
        </>
      )}
      <div class="acts">
        <button class="go wide" onClick={() => act({ role, monitor: role === "musician" ? monitor : 0, strips: role === "musician" ? strips : [] })}>
          {says}
        </button>
      </div>
    </div>
  );
}

/** The code to type, and the same as a picture. */
function Code({ invitation: { code, link, qr } }: { invitation: Invitation }) {
  const size = qr.length + 2 * QUIET,
    path = qr.map((row, y) => [...row].map((bit, x) => (bit === "1" ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")).join("")).join("");
  return (
    <div class="code" role="status">
      <b>{code}</b>
      {qr.length > 0 && (
        <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words.value.qr} shape-rendering="crispEdges">
          <rect width={size} height={size} fill="#fff" />
          <path d={path} fill="#000" />
        </svg>
      )}
      <span class="hint">{link}</span>
    </div>
  );
}
