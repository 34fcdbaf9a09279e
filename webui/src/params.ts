// params.ts - written by webui/params_module.py from THE table; do not edit. Range, default, taper and blend of every parameter.
export interface Row {
  readonly unit: string; readonly low: number; readonly high: number; readonly start: number | readonly number[];
  readonly taper: "linear" | "log" | "fader" | "step"; readonly blend: "add" | "override" | "hand";
  readonly choices?: readonly string[]; readonly curve?: readonly number[]; readonly served?: false; readonly ofCard?: true;
}
export const COUNTS = {"strip": 32, "eq": 4, "send": 6, "fxsend": 2, "monitor": 6, "fx": 2, "notch": 16, "out": 32} as const;
const CHOICES_0 = ["unused", "lead_vocal", "backing_vocal", "speech", "kick", "snare", "hihat_overhead", "tom", "drums", "bass", "electric_guitar", "acoustic_guitar", "keys", "synth", "strings", "brass_sax", "playback", "ambience"] as const;
const CHOICES_1 = ["off", "on"] as const;
const CHOICES_2 = ["12", "24"] as const;
const CHOICES_3 = ["bell", "low_shelf", "high_shelf"] as const;
const CHOICES_4 = ["pre", "post"] as const;
const CHOICES_5 = ["off", "reverb", "delay"] as const;
const CHOICES_6 = ["soundcheck", "show"] as const;
const CHOICES_7 = ["pop", "rock", "country", "rap", "metal", "jazz", "worship", "singer_songwriter", "talk"] as const;
const CHOICES_8 = ["off", "classic", "model"] as const;
const CHOICES_9 = ["0", "128"] as const;
const CHOICES_10 = ["main", "monitor_1", "monitor_2", "monitor_3", "monitor_4", "monitor_5", "monitor_6"] as const;
const CHOICES_11 = ["none", "red", "pink", "orange", "yellow", "green", "cyan", "blue", "purple", "white"] as const;
const CHOICES_12 = ["none", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32"] as const;
const CHOICES_13 = ["none", "main_left", "main_right", "monitor_1", "monitor_2", "monitor_3", "monitor_4", "monitor_5", "monitor_6"] as const;
const CURVE_0 = [-90.0, -89.968, -89.872, -89.712, -89.488, -89.2, -88.848, -88.432, -87.952, -87.408, -86.8, -86.128, -85.392, -84.592, -83.728, -82.8, -81.808, -80.752, -79.632, -78.448, -77.2, -75.888, -74.512, -73.072, -71.568, -70.0, -68.368, -66.672, -64.912, -63.088, -61.2, -59.248, -57.232, -55.152, -53.008, -50.8, -48.528, -46.192, -43.792, -41.328, -38.8, -36.208, -33.552, -30.832, -28.048, -25.2, -22.288, -19.312, -16.272, -13.168, -10.0, -9.6, -9.2, -8.8, -8.4, -8.0, -7.6, -7.2, -6.8, -6.4, -6.0, -5.6, -5.2, -4.8, -4.4, -4.0, -3.6, -3.2, -2.8, -2.4, -2.0, -1.6, -1.2, -0.8, -0.4, 0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 3.2, 3.6, 4.0, 4.4, 4.8, 5.2, 5.6, 6.0, 6.4, 6.8, 7.2, 7.6, 8.0, 8.4, 8.8, 9.2, 9.6, 10.0];
export const TABLE = {
  "strip/*/role": { unit: "", low: 0, high: 17, start: 0, taper: "step", blend: "override", choices: CHOICES_0 },
  "strip/*/input/gain": { unit: "dB", low: 0, high: 60, start: 0, taper: "linear", blend: "hand", ofCard: true },
  "strip/*/input/phantom": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1, ofCard: true },
  "strip/*/trim": { unit: "dB", low: -24, high: 24, start: 0, taper: "linear", blend: "add" },
  "strip/*/polarity": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "strip/*/delay": { unit: "ms", low: 0, high: 20, start: 0, taper: "linear", blend: "override" },
  "strip/*/link": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "strip/*/mute": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "strip/*/solo": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "strip/*/hpf/on": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/hpf/frequency": { unit: "Hz", low: 16, high: 400, start: 80, taper: "log", blend: "override" },
  "strip/*/hpf/slope": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_2 },
  "strip/*/hum/on": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/hum/frequency": { unit: "Hz", low: 45, high: 65, start: 50, taper: "linear", blend: "override" },
  "strip/*/hum/harmonics": { unit: "", low: 1, high: 8, start: 8, taper: "step", blend: "override" },
  "strip/*/hum/depth": { unit: "dB", low: 0, high: 30, start: 18, taper: "linear", blend: "override" },
  "strip/*/denoise/amount": { unit: "dB", low: 0, high: 24, start: 0, taper: "linear", blend: "override" },
  "strip/*/gate/on": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/gate/threshold": { unit: "dB", low: -90, high: 0, start: -45, taper: "linear", blend: "override" },
  "strip/*/gate/range": { unit: "dB", low: 0, high: 80, start: 20, taper: "linear", blend: "override" },
  "strip/*/gate/ratio": { unit: "", low: 1, high: 100, start: 100, taper: "log", blend: "override" },
  "strip/*/gate/attack": { unit: "ms", low: 0.1, high: 100, start: 1, taper: "log", blend: "override" },
  "strip/*/gate/hold": { unit: "ms", low: 0, high: 1000, start: 50, taper: "linear", blend: "override" },
  "strip/*/gate/release": { unit: "ms", low: 5, high: 2000, start: 150, taper: "log", blend: "override" },
  "strip/*/eq/on": { unit: "", low: 0, high: 1, start: 1, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/eq/*/type": { unit: "", low: 0, high: 2, start: [1, 0, 0, 2], taper: "step", blend: "override", choices: CHOICES_3 },
  "strip/*/eq/*/frequency": { unit: "Hz", low: 20, high: 20000, start: [100, 400, 2500, 8000], taper: "log", blend: "override" },
  "strip/*/eq/*/gain": { unit: "dB", low: -18, high: 18, start: 0, taper: "linear", blend: "add" },
  "strip/*/eq/*/q": { unit: "", low: 0.1, high: 10, start: 0.8, taper: "log", blend: "override" },
  "strip/*/deess/on": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/deess/frequency": { unit: "Hz", low: 4000, high: 10000, start: 6500, taper: "log", blend: "override" },
  "strip/*/deess/threshold": { unit: "dB", low: -30, high: 0, start: -12, taper: "linear", blend: "override" },
  "strip/*/deess/range": { unit: "dB", low: 0, high: 12, start: 8, taper: "linear", blend: "override" },
  "strip/*/comp/on": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/comp/threshold": { unit: "dB", low: -60, high: 0, start: -20, taper: "linear", blend: "override" },
  "strip/*/comp/ratio": { unit: "", low: 1, high: 20, start: 2, taper: "log", blend: "override" },
  "strip/*/comp/knee": { unit: "dB", low: 0, high: 24, start: 6, taper: "linear", blend: "override" },
  "strip/*/comp/attack": { unit: "ms", low: 0.1, high: 200, start: 10, taper: "log", blend: "override" },
  "strip/*/comp/release": { unit: "ms", low: 5, high: 2000, start: 120, taper: "log", blend: "override" },
  "strip/*/comp/makeup": { unit: "dB", low: 0, high: 24, start: 0, taper: "linear", blend: "add" },
  "strip/*/comp/auto_makeup": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/comp/mix": { unit: "%", low: 0, high: 100, start: 100, taper: "linear", blend: "override" },
  "strip/*/share/on": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/share/weight": { unit: "dB", low: -15, high: 15, start: 0, taper: "linear", blend: "add" },
  "strip/*/duck/key": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/duck/level": { unit: "dB", low: 0, high: 24, start: 0, taper: "linear", blend: "override" },
  "strip/*/duck/bell": { unit: "dB", low: 0, high: 12, start: 0, taper: "linear", blend: "override" },
  "strip/*/level": { unit: "dB", low: -90, high: 10, start: 0, taper: "fader", blend: "add", curve: CURVE_0 },
  "strip/*/pan": { unit: "", low: -1, high: 1, start: 0, taper: "linear", blend: "add" },
  "strip/*/send/*/level": { unit: "dB", low: -90, high: 10, start: -90, taper: "fader", blend: "add", curve: CURVE_0 },
  "strip/*/send/*/tap": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_4 },
  "strip/*/fxsend/*/level": { unit: "dB", low: -90, high: 10, start: -90, taper: "fader", blend: "add", curve: CURVE_0, served: false },
  "main/level": { unit: "dB", low: -90, high: 10, start: 0, taper: "fader", blend: "add", curve: CURVE_0 },
  "main/mute": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "main/eq/on": { unit: "", low: 0, high: 1, start: 1, taper: "step", blend: "override", choices: CHOICES_1 },
  "main/eq/*/type": { unit: "", low: 0, high: 2, start: [1, 0, 0, 2], taper: "step", blend: "override", choices: CHOICES_3 },
  "main/eq/*/frequency": { unit: "Hz", low: 20, high: 20000, start: [100, 400, 2500, 8000], taper: "log", blend: "override" },
  "main/eq/*/gain": { unit: "dB", low: -18, high: 18, start: 0, taper: "linear", blend: "add" },
  "main/eq/*/q": { unit: "", low: 0.1, high: 10, start: 0.8, taper: "log", blend: "override" },
  "main/notch/*/frequency": { unit: "Hz", low: 20, high: 20000, start: 1000, taper: "log", blend: "override", served: false },
  "main/notch/*/gain": { unit: "dB", low: -24, high: 0, start: 0, taper: "linear", blend: "add", served: false },
  "main/notch/*/q": { unit: "", low: 3, high: 120, start: 14.5, taper: "log", blend: "override", served: false },
  "main/limiter/ceiling": { unit: "dB", low: -12, high: 0, start: -1, taper: "linear", blend: "hand" },
  "main/limiter/release": { unit: "ms", low: 20, high: 500, start: 80, taper: "log", blend: "hand" },
  "monitor/*/level": { unit: "dB", low: -90, high: 10, start: 0, taper: "fader", blend: "add", curve: CURVE_0 },
  "monitor/*/mute": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "monitor/*/eq/on": { unit: "", low: 0, high: 1, start: 1, taper: "step", blend: "override", choices: CHOICES_1 },
  "monitor/*/eq/*/type": { unit: "", low: 0, high: 2, start: [1, 0, 0, 2], taper: "step", blend: "override", choices: CHOICES_3 },
  "monitor/*/eq/*/frequency": { unit: "Hz", low: 20, high: 20000, start: [100, 400, 2500, 8000], taper: "log", blend: "override" },
  "monitor/*/eq/*/gain": { unit: "dB", low: -18, high: 18, start: 0, taper: "linear", blend: "add" },
  "monitor/*/eq/*/q": { unit: "", low: 0.1, high: 10, start: 0.8, taper: "log", blend: "override" },
  "monitor/*/notch/*/frequency": { unit: "Hz", low: 20, high: 20000, start: 1000, taper: "log", blend: "override", served: false },
  "monitor/*/notch/*/gain": { unit: "dB", low: -24, high: 0, start: 0, taper: "linear", blend: "add", served: false },
  "monitor/*/notch/*/q": { unit: "", low: 3, high: 120, start: 14.5, taper: "log", blend: "override", served: false },
  "monitor/*/limiter/ceiling": { unit: "dB", low: -24, high: 0, start: -1, taper: "linear", blend: "hand" },
  "monitor/*/limiter/release": { unit: "ms", low: 20, high: 500, start: 80, taper: "log", blend: "hand" },
  "fx/*/type": { unit: "", low: 0, high: 2, start: 0, taper: "step", blend: "hand", choices: CHOICES_5, served: false },
  "fx/*/time": { unit: "ms", low: 0, high: 1000, start: 20, taper: "linear", blend: "hand", served: false },
  "fx/*/decay": { unit: "s", low: 0.1, high: 8, start: 1.6, taper: "log", blend: "hand", served: false },
  "fx/*/tone": { unit: "Hz", low: 500, high: 16000, start: 5000, taper: "log", blend: "hand", served: false },
  "fx/*/level": { unit: "dB", low: -90, high: 10, start: -90, taper: "fader", blend: "add", curve: CURVE_0, served: false },
  "fx/*/mute": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1, served: false },
  "box/depth": { unit: "%", low: 0, high: 100, start: 100, taper: "linear", blend: "hand" },
  "box/freeze": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "box/mode": { unit: "", low: 0, high: 1, start: 1, taper: "step", blend: "hand", choices: CHOICES_6 },
  "box/style": { unit: "", low: 0, high: 8, start: 0, taper: "step", blend: "hand", choices: CHOICES_7 },
  "box/denoise": { unit: "", low: 0, high: 2, start: 2, taper: "step", blend: "hand", choices: CHOICES_8 },
  "box/lookahead": { unit: "", low: 0, high: 1, start: 1, taper: "step", blend: "hand", choices: CHOICES_9 },
  "box/listen": { unit: "", low: 0, high: 6, start: 0, taper: "step", blend: "hand", choices: CHOICES_10 },
  "box/duck/threshold": { unit: "dB", low: -70, high: 0, start: -30, taper: "linear", blend: "hand" },
  "box/duck/attack": { unit: "ms", low: 1, high: 500, start: 30, taper: "log", blend: "hand" },
  "box/duck/hold": { unit: "ms", low: 0, high: 2000, start: 250, taper: "linear", blend: "hand" },
  "box/duck/release": { unit: "ms", low: 20, high: 4000, start: 400, taper: "log", blend: "hand" },
  "box/duck/frequency": { unit: "Hz", low: 500, high: 6000, start: 2200, taper: "log", blend: "hand" },
  "box/duck/q": { unit: "", low: 0.3, high: 3, start: 0.7, taper: "log", blend: "hand" },
  "box/share/depth": { unit: "dB", low: 6, high: 40, start: 20, taper: "linear", blend: "hand" },
  "strip/*/pop/on": { unit: "", low: 0, high: 1, start: 1, taper: "step", blend: "override", choices: CHOICES_1 },
  "strip/*/colour": { unit: "", low: 0, high: 9, start: 0, taper: "step", blend: "override", choices: CHOICES_11 },
  "monitor/*/follow": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "main/mono/on": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1 },
  "main/mono/frequency": { unit: "Hz", low: 40, high: 250, start: 120, taper: "log", blend: "hand" },
  "box/taste": { unit: "", low: 0, high: 1, start: 1, taper: "step", blend: "hand", choices: CHOICES_1 },
  "box/linecheck": { unit: "s", low: 0, high: 60, start: 0, taper: "linear", blend: "hand" },
  "strip/*/input/pad": { unit: "", low: 0, high: 1, start: 0, taper: "step", blend: "hand", choices: CHOICES_1, ofCard: true },
  "strip/*/input/source": { unit: "", low: 0, high: 32, start: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32], taper: "step", blend: "hand", choices: CHOICES_12 },
  "out/*/bus": { unit: "", low: 0, high: 8, start: [1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], taper: "step", blend: "hand", choices: CHOICES_13 },
} as const satisfies Record<string, Row>;
/** Words that people set, and how long they may be. */
export const TEXTS = {
  "strip/*/name": 32,
  "monitor/*/name": 32,
  "box/song": 64,
  "box/forget": 48,
} as const;
export type Pattern = keyof typeof TABLE;
export type TextPattern = keyof typeof TEXTS;
