// Apart.tsx - what takes sources apart: bleed of a microphone, and the voice of a stereo record.
import { Line, Part } from "./controls";
import { isOn } from "../store";
import { served } from "../table";
import { words } from "../words";

export function Bleed({ n }: { n: number }) {
  const w = words.value,
    path = `strip/${n}/bleed`;
  if (!served(path)) return null;
  return (
    <Part title={w.bleed}>
      <p class="hint">{w.bleedHint}</p>
      <Line path={path} of={w.bleed} />
    </Part>
  );
}

export function Voice({ n }: { n: number }) {
  const w = words.value,
    left = isOn(`strip/${n}/link`) ? n : n > 1 && isOn(`strip/${n - 1}/link`) ? n - 1 : 0;
  if (!left || !served(`strip/${left}/voice`)) return null;
  return (
    <Part title={w.voice}>
      <p class="hint">{w.voiceHint}</p>
      <Line path={`strip/${left}/voice`} of={w.voice} />
    </Part>
  );
}
