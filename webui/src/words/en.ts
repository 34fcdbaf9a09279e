// en.ts - all that the page says, in English. The other languages have the same keys; the compiler compares them.
type Named = Readonly<Record<string, string>>;

const s = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;

export const en = {
  comma: ".", on: "on", off: "off", left: "L", right: "R", middle: "middle",
  you: "you", box: "box", youAlone: (you: string) => `you ${you}`, youAndBox: (you: string, box: string) => `you ${you}, box ${box}`,
  pages: { mix: "Mix", channel: "Channel", monitors: "Monitors", auto: "Auto", linecheck: "Line check", feedback: "Feedback", effects: "Effects", scenes: "Scenes", record: "Record",
    panel: "Panel", history: "History", health: "Health", people: "People" },
  allPages: "All pages", more: "More", close: "Close", done: "Done", save: "Save", remove: "Delete", open: "Open", stop: "Stop", looking: "looking …",

  // the box and the link
  well: "running", noEngine: "no sound: the engine is not running", unplugged: "the sound card is unplugged", broken: "a channel sends broken samples", late: "the denoiser is late",
  notConnected: "not connected", lost: "connection lost: the box mixes on", noDesk: "the desk is away: the box mixes on", notYours: "not yours to change", released: (what: string) => `${what}: left to the box`,
  nothingToUndo: "nothing of yours to undo",
  undone: (what: readonly (readonly [string, string, string])[]): string => {
    const [first, ...more] = what;
    return first ? `undone: ${first[0]} ${first[1]} → ${first[2]}${more.length ? `, and ${more.length} more` : ""}`.replaceAll("-", "−") : "undone";
  },
  kept: "kept as it is", tapAgain: "tap again: it cannot be taken back", really: "really?",

  // names
  main: "Main", input: (n: number) => `Input ${n}`, monitor: (n: number) => `Monitor ${n}`, group: (n: number) => `Group ${n}`, effect: (n: number) => `Effect ${n}`, band: (n: number) => `Band ${n}`, knob: (n: number) => `Knob ${n}`,
  roles: { unused: "unused", lead_vocal: "Lead vocal", backing_vocal: "Backing vocal", speech: "Speech", kick: "Kick", snare: "Snare", hihat_overhead: "Hi-hat, overhead", tom: "Tom", drums: "Drums", bass: "Bass",
    electric_guitar: "Electric guitar", acoustic_guitar: "Acoustic guitar", keys: "Keys", synth: "Synth", strings: "Strings", brass_sax: "Brass, sax", playback: "Playback", ambience: "Ambience" } as Named,
  choices: { off: "off", on: "on", none: "none", bell: "Bell", low_shelf: "Low shelf", high_shelf: "High shelf", pre: "before the fader", post: "after the fader", input: "at the input", reverb: "Reverb", delay: "Delay",
    soundcheck: "Soundcheck", show: "Show", pop: "Pop", rock: "Rock", country: "Country", rap: "Rap", metal: "Metal", jazz: "Jazz", worship: "Worship", singer_songwriter: "Singer-songwriter", talk: "Talk",
    classic: "classic", model: "model", red: "red", pink: "pink", orange: "orange", yellow: "yellow", green: "green", cyan: "cyan", blue: "blue", purple: "purple", white: "white",
    main: "Main", main_left: "Main left", main_right: "Main right", free: "free", loud: "loud", quiet: "quiet", sine: "Sine", sweep: "Sweep", note: "Note", which: "Which output?" } as Named,
  params: {
    role: "Role", name: "Name", colour: "Colour", level: "Fader", pan: "Pan", mute: "Mute", solo: "Solo", trim: "Trim", polarity: "Turn polarity", delay: "Align delay", "strip/*/link": "Linked to the next", safe: "Safe from scenes",
    "input/gain": "Preamp gain", "input/phantom": "48 V phantom power", "input/pad": "Pad", "input/source": "Plugged into", "pop/on": "Mute bangs of plugs",
    "hpf/on": "High-pass", "hpf/frequency": "High-pass at", "hpf/slope": "High-pass slope", "hum/on": "Hum filter", "hum/frequency": "Mains", "hum/harmonics": "Harmonics", "hum/depth": "Depth",
    "denoise/amount": "Noise down by up to", "gate/on": "Gate", "gate/threshold": "Opens at", "gate/range": "Closes by", "gate/ratio": "Ratio", "gate/attack": "Attack", "gate/hold": "Hold", "gate/release": "Release", "gate/curve": "Gate: out over in",
    "eq/on": "EQ", "eq/*/type": "Shape", "eq/*/frequency": "Frequency", "eq/*/gain": "Gain", "eq/*/q": "Q, how narrow", "deess/on": "De-esser", "deess/frequency": "Where it hisses", "deess/threshold": "Threshold", "deess/range": "Takes at most",
    "comp/on": "Compressor", "comp/threshold": "Threshold", "comp/ratio": "Ratio", "comp/knee": "Knee", "comp/attack": "Attack", "comp/release": "Release", "comp/makeup": "Make-up", "comp/auto_makeup": "Automatic make-up", "comp/mix": "Mixed in", "comp/curve": "Compressor: out over in",
    "share/on": "Shares one gain with other talkers", "share/weight": "Weight among talkers", "duck/key": "The others make way for it", "duck/level": "Makes way by", "duck/bell": "Makes way around the voice by",
    "send/*/level": "Send to monitor", "send/*/tap": "Send taken", "send/*/pan": "Pan in the monitor", "fxsend/*/level": "Send to effect", "limiter/ceiling": "Limiter ceiling", "limiter/release": "Limiter release",
    "fx/*/type": "Effect", "fx/*/time": "Time", "fx/*/decay": "Decay", "fx/*/tone": "Tone", "fx/*/level": "Return", "fx/*/mute": "Mute", "fx/*/width": "Width", "fx/*/low_cut": "Low cut", "fx/*/division": "Note length", "fx/*/pingpong": "Ping-pong",
    "box/depth": "Depth", "box/freeze": "Freeze", "box/mode": "Mode", "box/style": "Style of the night", "box/denoise": "Denoiser", "box/lookahead": "Look-ahead", "box/listen": "Listen bus", "box/taste": "Taste", "box/linecheck": "Line check", "box/song": "Song", "box/forget": "Forget taste",
    "box/recall": "Scenes glide for", "box/duck/threshold": "Voice counts above", "box/duck/attack": "Way: attack", "box/duck/hold": "Way: hold", "box/duck/release": "Way: release", "box/duck/frequency": "Way: centre", "box/duck/q": "Way: Q", "box/share/depth": "Talkers: depth", "box/tempo": "Tempo", "box/mute_all": "Mute all", "monitor/*/follow": "Follows the box's mix", "monitor/*/mute": "Mute this monitor", "monitor/*/link": "Linked to the next", "monitor/*/talk": "Hears talkback", "monitor/*/solo": "Carries the solo",
    "monitor/*/ambience": "Ambience", "monitor/*/loudness/on": "Loudness guard", "monitor/*/loudness/most": "Never louder than", "monitor/*/name": "Whose it is", "mono/on": "Lows in the middle", "mono/frequency": "Middle below", "mute_safe": "Safe from mute groups", "solo_safe": "Stays beside solos", "strip/*/talk": "Talkback",
    "group/*/level": "Group fader", "group/*/mute": "Group mute", "notch/*/frequency": "Notch at", "notch/*/gain": "Notch depth", "notch/*/q": "Notch Q", "guard/on": "Feedback guard", "guard/boost": "Raised by", "guard/ringout": "Ring-out", "guard/kill": "Kill a notch", "guard/keep": "Keep a notch", "strip/*/group/*/on": "In the group", "out/*/bus": "Output carries", "box/tap": "Tap the tempo", "rta/*/tap": "Analyser looks at", "strip/*/guard": "Its tones may be feedback",
    "geq/on": "Graphic EQ", "geq/*/gain": "Graphic EQ", "generator/kind": "Tone", "generator/output": "Into", "generator/level": "Level", "generator/frequency": "Frequency", "generator/loud": "Louder than −20 dB",
  } as Named,

  blocks: { eq: "EQ", comp: "Compressor", gate: "Gate", hum: "Hum filter", deess: "De-esser", denoise: "Denoise", geq: "Graphic EQ", share: "Talkers", duck: "Way" } as Named,

  // mix
  faderOf: (who: string) => `${who}, fader`, soloOf: (who: string) => `solo ${who}`, muteOf: (who: string) => `mute ${who}`, lockOf: (who: string) => `lock ${who}: the box changes nothing here`, undoOf: (who: string) => `undo on ${who}`,
  solo: "Solo", mute: "Mute", muted: "Muted", lock: "Lock", locked: "Locked", banks: "banks", bankOf: (which: string, first: string, last: string) => `${which}: ${first} to ${last}`, groups: "Groups", muteAll: "Mute all",
  arrange: "put strips in order", arrangeHint: "Drag a channel to where you want it on this phone; arrow keys do the same. The box keeps its patch.", moveStrip: (who: string, at: number) => `move ${who}, now at ${at}`, asPatched: "As patched",
  noStrips: "The box has not told its channels yet.", depth: "Depth", depthLong: "how much of the box you hear", nothingYet: "The box has changed nothing yet.",
  listen: "Listen", listenHint: "The box's sound on this phone. It comes later than on stage: use it to check, not to play to.", listenOff: "off", listenStarts: "starting …", listenWaits: "the box is not reached", noSound: "waiting for sound",
  heard: (ms: string, gaps: number) => `${ms} ms behind · ${s(gaps, "gap", "gaps")}`, listenBus: "Solo, listen bus", whatIsHeard: "What is heard", volume: "Volume",
  undo: "Undo", freeze: "Freeze the box", frozen: "Frozen: the box changes nothing",

  // channel
  tabs: { eq: "EQ", dynamics: "Dynamics", clean: "Clean", input: "Input", sends: "Sends", self: "Name" }, channel: "Channel", channelBefore: "channel before", channelAfter: "channel after", inUse: "in use",
  eq: "Equaliser", eqOf: (who: string) => `equaliser of ${who}`, bands: "bands", bandOf: (who: string, n: number, hz: string, db: string) => `${who}, band ${n}: ${hz}, ${db}. Arrows move it, plus and minus make it narrower and wider`, leaveToBox: "Leave to the box",
  highPass: "High-pass", gate: "Gate", comp: "Compressor", deess: "De-esser", denoise: "Denoise", denoiseHint: "How far noise may be taken down. What the box is not sure of it leaves alone.", hearTaken: "Hear what is taken", takenNow: "taken now", hum: "Mains hum", giveWay: "Making way",
  preamp: "Level in", regain: "Turning the preamp leaves the mix as loud as it was: the trim takes it back (Re-Gain).", keepTrim: "Keep the trim", patch: "Patch", noInput: "no input", linkWith: (who: string) => `Left and right with ${who}`,
  place: "Place", effects: "Effects", monitorSends: "Sends to monitors", tap: "taken", talkTo: "Hold to talk to the monitors", who: "Who it is", name: "Name", letBoxGuess: "Let the box guess", colour: "Colour", leave: "Hand over",
  leaveHint: "Keep makes the box's present part of this channel your own. Leave clears your hand where the box can mix.", keepAll: "Keep it all",

  // monitors
  moreMe: "More me", moreOfMe: "More me", lessMe: "less of me", less: "Less", whoAmI: "Which channels are you?", theOthers: "The others", wholeMonitor: (who: string) => `All of ${who}`, hearIt: "Hear it on this phone", whose: "Whose it is", taps: "Where sends are taken", tapHint: "Before the fader, a monitor stays as it is whatever front of house does.", monitorMuted: "This monitor is muted.",

  // auto
  howMuch: "How much the box may", freezeLong: "Freeze: the box changes nothing more", frozenLong: "Frozen: tap to let it mix again", decisions: "What it decided", steps: (n: number) => `in ${n} steps`, keep: "Keep", isKept: "Kept", isUndone: "Undone",
  locks: "Locked", noLocks: "Nothing is locked. Lock a channel, and the box leaves it as it is.", unlock: (what: string) => `unlock ${what}`, taste: "Taste", learn: "learn", learnt: "what it has learnt", tasteHint: "Corrections that you leave standing move where the box starts from, the next time. Off, it neither learns nor uses them.",
  nothingLearnt: "The box has learnt nothing yet; it does so from corrections that stay.", forget: "forget", forgetAll: "Forget all", download: "Download",

  // line check
  linecheckHint: "Everybody plays for ten seconds; then each line has its verdict.", startCheck: (seconds: number) => `Check all lines, ${seconds} s`, breakOff: "Break off", listening: "listening: everybody plays", toMend: "to mend", noCheckYet: "No check so far.", linesToMend: (n: number) => `${s(n, "line", "lines")} to mend`, allLinesWell: "All lines are well.", openIt: "Open the channel",
  states: { dead: "dead", quiet: "too quiet", hum: "hums", noise: "noise", playing: "well", changed: "changed" } as Named,
  remedies: { polarity: () => "Turn its polarity", hum: (hz: string) => `Cut the hum ${hz}`.trim(), gain: (db: string) => `Set the preamp to ${db}`, role: (role: string) => `It is ${role}`, mute: () => "Mute it" },

  // feedback
  output: (who: string) => `${who} out`, outPatch: "Which bus leaves where", outputNumber: (n: number) => `Output ${n}`, outputs: "outputs", noGuard: "This box has no feedback guard.", guardOf: (who: string) => `Guard of ${who}`, noNotches: "No notch: nothing rings.", live: "live", fixed: "fixed", kill: "Kill", killAll: "Kill all live", keepAllNotches: "Keep all live", ringOut: "Ring-out", ringOutHint: "Before the show: finds what rings first, and how much can still come.",
  ringLoud: "Raise until it rings", ringQuiet: "Measure with a sweep", margin: (db: string) => `${db} dB before it rings`, whatItDid: "What it did", graphic: "Graphic EQ", tools: "Test tone", loudTone: "The test tone may be loud.",

  whatGoesIn: "What goes in", tempo: "Tempo", tapTempo: "Tap the tempo",

  // scenes
  saveScene: "Save the present", sceneName: "Name of the scene", saveOver: (name: string) => `save the present as ${name}`, noScenes: "No scene so far.", recall: "Recall", recallOf: (name: string) => `Recall ${name}`, whatOfIt: "what of it", willChange: (n: number, safe: number) => `${s(n, "setting", "settings")} will change${safe ? `, ${safe} are safe` : ""}`,
  recalled: (name: string) => `recalled ${name}`, saved: (name: string) => `saved ${name}`, removed: (name: string) => `deleted ${name}`, safes: "Safe from scenes", safesHint: "What is safe here no scene changes.",
  kinds: { names: "Names", inputs: "Inputs", processing: "Processing", faders: "Faders", sends: "Sends", effects: "Effects", monitors: "Monitors", main: "Main", box: "Box" },

  noRecorder: "This box has no recorder.",

  // panel
  panelAway: "The panel's program is away.", front: "the box's panel", encoderWalk: "walks", encoderChange: "changes", display: "the panel's display", panelButtons: { auto: "Auto", mute: "Mute", signal: "signal", clip: "clip", muted: "muted" } as Named,
  panelHint: "Drag around an encoder or use its arrows, push it in the middle; drag a knob up and down, two taps put it in the middle.", panelLook: "You may look; the engineer turns.",

  // health
  now: "Now", allWell: "All is well.", figures: "Figures", latencyMain: "In to main", latencyMonitor: "In to monitors", loadMean: "Load", loadWorst: "Load, worst of a minute", xruns: "Missed periods", cleaner: "Denoiser", denoisers: { off: "off", classic: "classic", model: "model", "model is late": "model is late" } as Named,
  temperature: "Temperature", channels: "Channels", programs: "Programs at the desk", thisPhone: "This phone", language: "Language", youAre: (name: string, role: string) => `You are ${name}: ${role}.`,

  // history
  whichChanges: "Which changes", everything: "everything", layers: { all: "all", hand: "hands", auto: "the box" }, undoMine: "Undo my last", changes: "Changes", nothingChanged: "Nothing has changed so far.", backInTime: "Back in time", rightNow: "now",
  ago: (seconds: number): string => seconds < 90 ? `${seconds} s ago` : seconds < 3600 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`, sinceFirstSong: "since the first song", wasOtherwise: (n: number) => n ? `${s(n, "setting was", "settings were")} otherwise` : "Nothing was otherwise.", goBack: "Go back there", wentBack: "gone back; undo returns",

  // people
  people: { engineer: "Engineer", musician: "Musician", guest: "Guest", nobody: "Nobody" }, roleHint: { engineer: "May do everything.", musician: "One monitor, and the names of own channels; looks at the rest.", guest: "Looks only." }, mayDo: "may be",
  asksIn: (name: string) => `${name || "Somebody"} asks to come in`, letIn: "Let in", refuse: "Refuse", invite: "Ask somebody in", makeCode: "Make a code", whoIsHere: "Who may come in", nobodyYet: "Nobody so far.", here: "is here", change: (name: string) => `change ${name}`, showDoor: "Remove", hisMonitor: "Monitor", hisStrips: "own channels", qr: "the same code as a picture to scan",
};
