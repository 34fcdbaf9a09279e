// report.ts - a report that the box left: read when a page opens, and again while it is open.
import { useEffect, useState } from "preact/hooks";
import { ask, trouble } from "./box";

export interface Told<T> {
  readonly told: T | null;
  readonly wrong: string;
  readonly look: () => void;
}

/** `ask` again every `every` ms while the page is open. */
export function useAnswer<T>(request: object, every: number, read: (ok: unknown) => T): Told<T> {
  const [told, setTold] = useState<T | null>(null),
    [wrong, setWrong] = useState(""),
    [looks, setLooks] = useState(0),
    text = JSON.stringify(request);
  useEffect(() => {
    let open = true,
      timer = 0;
    const look = async () => {
      const answer = await ask(JSON.parse(text) as object);
      if (!open) return;
      if (typeof answer.error === "string") setWrong(answer.error);
      else {
        setWrong("");
        setTold(read(answer.ok));
      }
      if (every) timer = setTimeout(() => void look(), document.hidden ? 10 * every : every) as unknown as number;
    };
    void look();
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [text, every, looks, trouble.value]);
  return { told, wrong, look: () => setLooks(looks + 1) };
}

/** What was told in the newest report of that name. */
export const useReport = <T>(name: string, every: number): Told<T> => useAnswer<T>({ report: name }, every, (ok) => ((ok as { told?: T }).told ?? ok) as T);
