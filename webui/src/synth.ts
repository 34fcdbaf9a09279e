// synth.ts - a small synth voice for ideas: it sounds on this device alone, so nothing of it can reach the loudspeakers of the hall.
import { signal } from "@preact/signals";

/** at and length in beats, MIDI pitch, velocity. */
export type Note = readonly [number, number, number, number];
export type Voice = "chords" | "melody" | "bass" | "drums";

const SOUND: Readonly<Record<Voice, { type: OscillatorType; gain: number; release: number }>> = {
  chords: { type: "triangle", gain: 0.07, release: 0.25 },
  melody: { type: "square", gain: 0.06, release: 0.08 },
  bass: { type: "triangle", gain: 0.28, release: 0.08 },
  drums: { type: "sine", gain: 0.4, release: 0.05 },
};
export const playing = signal("");
let context: AudioContext | null = null,
  timer = 0;

export const hertz = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/** Notes of `name`, once; a second call ends what sounds. Call from a click: browsers give sound only to a gesture. */
export function play(name: string, parts: Readonly<Partial<Record<Voice, readonly Note[]>>>, bpm: number): void {
  const again = playing.value === name;
  hush();
  if (again) return;
  context = new AudioContext();
  const beat = 60 / Math.max(bpm, 40),
    start = context.currentTime + 0.08;
  let end = 0;
  for (const [voice, notes] of Object.entries(parts) as [Voice, readonly Note[]][])
    for (const [at, length, pitch, velocity] of notes) {
      (voice === "drums" ? hit : tone)(context, voice, start + at * beat, length * beat, pitch, velocity / 127);
      end = Math.max(end, (at + length) * beat);
    }
  playing.value = name;
  timer = setTimeout(hush, (end + 0.5) * 1000) as unknown as number;
}

export function hush(): void {
  clearTimeout(timer);
  void context?.close();
  context = null;
  playing.value = "";
}

function tone(to: AudioContext, voice: Voice, at: number, seconds: number, pitch: number, velocity: number): void {
  const { type, gain, release } = SOUND[voice],
    source = new OscillatorNode(to, { type, frequency: hertz(pitch) }),
    level = new GainNode(to, { gain: 0 }),
    soft = new BiquadFilterNode(to, { type: "lowpass", frequency: Math.min(hertz(pitch) * 6, 6000) });
  level.gain.setTargetAtTime(gain * velocity, at, 0.006);
  level.gain.setTargetAtTime(0, at + seconds, release / 3);
  source.connect(soft).connect(level).connect(to.destination);
  source.start(at);
  source.stop(at + seconds + 2 * release);
}

/** A kick falls in pitch; all else is noise, the higher the shorter. */
function hit(to: AudioContext, _: Voice, at: number, __: number, pitch: number, velocity: number): void {
  const level = new GainNode(to, { gain: 0 }),
    long = pitch === 36 ? 0.12 : pitch === 38 ? 0.09 : pitch === 46 ? 0.2 : 0.03;
  level.gain.setValueAtTime(SOUND.drums.gain * velocity * (pitch === 36 ? 1.6 : 0.5), at);
  level.gain.setTargetAtTime(0, at, long / 2);
  level.connect(to.destination);
  if (pitch === 36) {
    const source = new OscillatorNode(to, { frequency: 140 });
    source.frequency.setTargetAtTime(48, at, 0.03);
    source.connect(level);
    source.start(at);
    source.stop(at + 0.5);
    return;
  }
  const noise = to.createBuffer(1, Math.ceil(to.sampleRate * 0.5), to.sampleRate),
    x = noise.getChannelData(0);
  for (let i = 0, s = pitch; i < x.length; i++) {
    s = (Math.imul(s, 1664525) + 1013904223) | 0;
    x[i] = s / 2 ** 31;
  }
  const source = new AudioBufferSourceNode(to, { buffer: noise }),
    bright = new BiquadFilterNode(to, { type: "highpass", frequency: pitch === 38 ? 1200 : 6000 });
  source.connect(bright).connect(level);
  source.start(at);
  source.stop(at + 0.5);
}
