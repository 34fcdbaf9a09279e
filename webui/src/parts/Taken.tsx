// Taken.tsx - how much is taken away now, as a bar: by gate, compressor, de-esser, denoiser, or whom a strip gives way to.
import { useMemo } from "preact/hooks";
import { strips, type StripField } from "../meters";
import { words } from "../words";
import { useEffect, useRef } from "preact/hooks";
import { paint } from "../meters";

const MOST_DB = 24;

export function Taken({ n, fields }: { n: number; fields: readonly StripField[] }) {
  const bar = useRef<HTMLElement>(null),
    names = useMemo(() => fields, [fields.join()]);
  useEffect(() => {
    let before = -1;
    return paint(() => {
      const cut = names.reduce((sum, field) => sum - (strips[field][n - 1] ?? 0), 0),
        way = Math.min(cut / MOST_DB, 1);
      if (way !== before && bar.current) bar.current.style.transform = `scaleX(${way.toFixed(3)})`;
      before = way;
      return false;
    });
  }, [n, names]);
  return (
    <div class="taken">
      <span class="label">{words.value.takenNow}</span>
      <div class="bar" aria-hidden="true">
        <i ref={bar} />
      </div>
    </div>
  );
}
