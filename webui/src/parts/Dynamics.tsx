// Dynamics.tsx - out over in, as a curve, with a dot that is the sound now.
import { useEffect, useRef } from "preact/hooks";
import { isOn, numberOf } from "../store";
import { compDb, gateDb } from "../response";
import { paint, strips } from "../meters";
import { clamp } from "../table";
import { words } from "../words";

const LOW = -72,
  HIGH = 6,
  SIZE = 300;
const way = (db: number): number => clamp((db - LOW) / (HIGH - LOW), 0, 1) * SIZE;

type Curve = (db: number) => number;

export function Dynamics({ n, kind }: { n: number; kind: "gate" | "comp" }) {
  const owner = `strip/${n}/${kind}`,
    of = (name: string) => numberOf(`${owner}/${name}`),
    on = isOn(`${owner}/on`),
    dot = useRef<SVGCircleElement>(null);
  const [threshold, ratio] = [of("threshold"), of("ratio")],
    range = kind === "gate" ? of("range") : 0;
  const [knee, makeup, mix] = kind === "comp" ? [of("knee"), of("makeup"), of("mix")] : [0, 0, 100];
  const bent: Curve = kind === "gate" ? (db) => gateDb(db, threshold, range, ratio) : (db) => compDb(db, threshold, ratio, knee, makeup, mix);
  const points = Array.from({ length: 79 }, (_, i) => LOW + i)
    .map((db) => `${way(db).toFixed(1)},${(SIZE - way(bent(db))).toFixed(1)}`)
    .join(" ");
  useEffect(
    () =>
      paint(() => {
        const input = strips.input[n - 1] ?? -Infinity,
          cut = strips[kind][n - 1] ?? 0,
          x = way(input),
          y = SIZE - way(input + cut);
        dot.current?.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
        return false;
      }),
    [n, kind],
  );
  return (
    <svg class={`dynamics ${kind}${on ? "" : " off"}`} viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={words.value.params[`${kind}/curve`]}>
      <path d={`M0 ${SIZE}L${SIZE} 0`} class="grid" />
      <path d={`M${way(threshold)} 0V${SIZE}`} class="threshold" />
      <polyline points={points} class="curve" />
      <circle ref={dot} r="9" class="now" />
    </svg>
  );
}
