// Questions.tsx - what the box asks and does not decide: why, what it proposes, and two answers.
import { signal } from "@preact/signals";
import { isEngineer, set, stripName } from "../box";
import { figure } from "../format";
import { useReport } from "../report";
import { words } from "../words";
import { Part } from "./controls";

interface Question {
  readonly strip: number;
  readonly takes: number; // dB of what plays
  readonly proposal: Readonly<Record<string, number>>;
}

const EVERY_MS = 5000;
const answered = signal<ReadonlySet<number>>(new Set()); // on this page, until it is opened anew

export function Questions() {
  const w = words.value,
    { told } = useReport<{ questions?: readonly Question[] }>("questions", EVERY_MS),
    open = (told?.questions ?? []).filter(({ strip }) => !answered.value.has(strip));
  const answer = ({ strip, proposal }: Question, yes: boolean) => {
    answered.value = new Set([...answered.value, strip]);
    if (yes) for (const [path, value] of Object.entries(proposal)) set(path, value);
  };
  if (!open.length) return null;
  return (
    <Part title={w.asks} class="questions">
      <ul class="cards">
        {open.map((question) => (
          <li class="card" key={question.strip}>
            <div class="card-head">
              <b>{w.noiseOffHere(stripName(question.strip))}</b>
            </div>
            <p class="cause">{w.takesOfIt(figure(question.takes, 0))}</p>
            {isEngineer() && (
              <div class="acts">
                <button onClick={() => answer(question, true)}>{w.noiseOff}</button>
                <button onClick={() => answer(question, false)}>{w.noiseStays}</button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
