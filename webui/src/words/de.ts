// de.ts - alles, was die Seite sagt, auf Deutsch.
import type { Words } from "../words";

const s = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;

export const de: Words = {
  comma: ",", on: "an", off: "aus", left: "L", right: "R", middle: "Mitte",
  you: "du", box: "Box", youAlone: (you: string) => `du ${you}`, youAndBox: (you: string, box: string) => `du ${you}, Box ${box}`,
  pages: { mix: "Mix", channel: "Kanal", monitors: "Monitore", auto: "Auto", linecheck: "Line-Check", feedback: "Feedback", effects: "Effekte", scenes: "Szenen", record: "Aufnahme",
    panel: "Gerät", history: "Verlauf", health: "Zustand", people: "Leute" },
  allPages: "Alle Seiten", more: "Mehr", close: "Schließen", done: "Fertig", save: "Sichern", remove: "Löschen", open: "Öffnen", stop: "Stopp", looking: "sieht nach …",

  well: "läuft", noEngine: "kein Ton: die Engine läuft nicht", unplugged: "die Soundkarte ist ausgesteckt", broken: "ein Kanal liefert kaputte Werte", late: "der Rauschfilter ist zu spät",
  notConnected: "nicht verbunden", lost: "Verbindung verloren: die Box mischt weiter", noDesk: "das Pult ist weg: die Box mischt weiter", notYours: "das darfst du hier nicht ändern", released: (what: string) => `${what}: der Box überlassen`,
  nothingToUndo: "von dir gibt es nichts zurückzunehmen",
  undone: (what: readonly (readonly [string, string, string])[]): string => {
    const [first, ...more] = what;
    return first ? `zurückgenommen: ${first[0]} ${first[1]} → ${first[2]}${more.length ? ` und ${more.length} weitere` : ""}`.replaceAll("-", "−") : "zurückgenommen";
  },
  kept: "bleibt, wie es ist", tapAgain: "noch einmal tippen: das lässt sich nicht zurücknehmen", really: "wirklich?",

  main: "Summe", input: (n: number) => `Eingang ${n}`, monitor: (n: number) => `Monitor ${n}`, group: (n: number) => `Gruppe ${n}`, effect: (n: number) => `Effekt ${n}`, band: (n: number) => `Band ${n}`, knob: (n: number) => `Regler ${n}`,
  roles: { unused: "unbenutzt", lead_vocal: "Leadgesang", backing_vocal: "Chorgesang", speech: "Sprache", kick: "Bassdrum", snare: "Snare", hihat_overhead: "Hi-Hat, Overhead", tom: "Tom", drums: "Schlagzeug", bass: "Bass",
    electric_guitar: "E-Gitarre", acoustic_guitar: "Akustikgitarre", keys: "Tasten", synth: "Synth", strings: "Streicher", brass_sax: "Bläser, Sax", playback: "Zuspieler", ambience: "Raum" },
  choices: { off: "aus", on: "an", none: "keiner", bell: "Glocke", low_shelf: "Tiefen", high_shelf: "Höhen", pre: "vor dem Fader", post: "nach dem Fader", input: "am Eingang", reverb: "Hall", delay: "Echo",
    soundcheck: "Soundcheck", show: "Auftritt", pop: "Pop", rock: "Rock", country: "Country", rap: "Rap", metal: "Metal", jazz: "Jazz", worship: "Lobpreis", singer_songwriter: "Liedermacher", talk: "Gespräch",
    classic: "klassisch", model: "Modell", red: "Rot", pink: "Rosa", orange: "Orange", yellow: "Gelb", green: "Grün", cyan: "Türkis", blue: "Blau", purple: "Lila", white: "Weiß",
    main: "Summe", main_left: "Summe links", main_right: "Summe rechts", free: "frei", loud: "laut", quiet: "leise", sine: "Sinus", sweep: "Sweep", note: "Note", which: "Welcher Ausgang?" },
  params: {
    role: "Rolle", name: "Name", colour: "Farbe", level: "Fader", pan: "Panorama", mute: "Stumm", solo: "Solo", trim: "Trim", polarity: "Polarität drehen", delay: "Laufzeit", "strip/*/link": "Mit dem nächsten verbunden", safe: "Vor Szenen sicher",
    "input/gain": "Vorverstärker", "input/phantom": "48 V Phantomspeisung", "input/pad": "Pad", "input/source": "Steckt in", "pop/on": "Steckerknall stumm",
    "hpf/on": "Trittschallfilter", "hpf/frequency": "Hochpass bei", "hpf/slope": "Steilheit", "hum/on": "Brummfilter", "hum/frequency": "Netz", "hum/harmonics": "Obertöne", "hum/depth": "Tiefe",
    "denoise/amount": "Rauschen höchstens weniger", "gate/on": "Gate", "gate/threshold": "Öffnet bei", "gate/range": "Schließt um", "gate/ratio": "Verhältnis", "gate/attack": "Attack", "gate/hold": "Halten", "gate/release": "Release", "gate/curve": "Gate: Ausgang über Eingang",
    "eq/on": "EQ", "eq/*/type": "Form", "eq/*/frequency": "Frequenz", "eq/*/gain": "Pegel", "eq/*/q": "Güte, wie schmal", "deess/on": "De-Esser", "deess/frequency": "Wo es zischt", "deess/threshold": "Schwelle", "deess/range": "Nimmt höchstens",
    "comp/on": "Kompressor", "comp/threshold": "Schwelle", "comp/ratio": "Verhältnis", "comp/knee": "Knie", "comp/attack": "Attack", "comp/release": "Release", "comp/makeup": "Aufholen", "comp/auto_makeup": "Holt selbst auf", "comp/mix": "Zugemischt", "comp/curve": "Kompressor: Ausgang über Eingang",
    "share/on": "Teilt den Pegel mit anderen Sprechern", "share/weight": "Gewicht unter Sprechern", "duck/key": "Die anderen machen ihm Platz", "duck/level": "Macht Platz um", "duck/bell": "Macht rund um die Stimme Platz um",
    "send/*/level": "Anteil im Monitor", "send/*/tap": "Abgriff", "send/*/pan": "Panorama im Monitor", "fxsend/*/level": "Anteil im Effekt", "limiter/ceiling": "Limiter-Grenze", "limiter/release": "Limiter-Release",
    "fx/*/type": "Effekt", "fx/*/time": "Zeit", "fx/*/decay": "Ausklang", "fx/*/tone": "Klang", "fx/*/level": "Rückweg", "fx/*/mute": "Stumm", "fx/*/width": "Breite", "fx/*/low_cut": "Tiefen weg", "fx/*/division": "Notenwert", "fx/*/pingpong": "Ping-Pong",
    "box/depth": "Tiefe", "box/freeze": "Einfrieren", "box/mode": "Modus", "box/style": "Stil des Abends", "box/denoise": "Rauschfilter", "box/lookahead": "Vorausschau", "box/listen": "Abhörweg", "box/taste": "Geschmack", "box/linecheck": "Line-Check", "box/song": "Stück", "box/forget": "Geschmack vergessen",
    "box/recall": "Szenen gleiten über", "box/duck/threshold": "Stimme zählt ab", "box/duck/attack": "Platz: Attack", "box/duck/hold": "Platz: Halten", "box/duck/release": "Platz: Release", "box/duck/frequency": "Platz: Mitte", "box/duck/q": "Platz: Güte", "box/share/depth": "Sprecher: Tiefe", "box/tempo": "Tempo", "box/mute_all": "Alles stumm", "monitor/*/follow": "Folgt dem Mix der Box", "monitor/*/mute": "Diesen Monitor stumm", "monitor/*/link": "Mit dem nächsten verbunden", "monitor/*/talk": "Hört Talkback", "monitor/*/solo": "Bekommt das Solo",
    "monitor/*/ambience": "Raum", "monitor/*/loudness/on": "Lautheitswächter", "monitor/*/loudness/most": "Nie lauter als", "monitor/*/name": "Wem er gehört", "mono/on": "Tiefen in die Mitte", "mono/frequency": "Mitte unterhalb", "mute_safe": "Sicher vor Stummgruppen", "solo_safe": "Bleibt neben Solos", "strip/*/talk": "Talkback",
    "group/*/level": "Gruppenfader", "group/*/mute": "Gruppe stumm", "notch/*/frequency": "Kerbe bei", "notch/*/gain": "Kerbtiefe", "notch/*/q": "Kerbgüte", "guard/on": "Feedback-Wächter", "guard/boost": "Angehoben um", "guard/ringout": "Einpfeifen", "guard/kill": "Kerbe weg", "guard/keep": "Kerbe behalten", "strip/*/group/*/on": "In der Gruppe", "out/*/bus": "Ausgang führt", "box/tap": "Tempo tippen", "rta/*/tap": "Analyse sieht auf", "strip/*/guard": "Seine Töne können Feedback sein",
    "geq/on": "Graphischer EQ", "geq/*/gain": "Graphischer EQ", "generator/kind": "Ton", "generator/output": "Nach", "generator/level": "Pegel", "generator/frequency": "Frequenz", "generator/loud": "Lauter als −20 dB",
  },

  blocks: { eq: "EQ", comp: "Kompressor", gate: "Gate", hum: "Brummfilter", deess: "De-Esser", denoise: "Rauschfilter", geq: "Graphischer EQ", share: "Sprecher", duck: "Platz" },

  faderOf: (who: string) => `${who}, Fader`, soloOf: (who: string) => `Solo ${who}`, muteOf: (who: string) => `${who} stumm`, lockOf: (who: string) => `${who} sperren: die Box ändert hier nichts`, undoOf: (who: string) => `Zurücknehmen auf ${who}`,
  solo: "Solo", mute: "Stumm", muted: "Ist stumm", lock: "Sperren", locked: "Gesperrt", banks: "Bänke", bankOf: (which: string, first: string, last: string) => `${which}: ${first} bis ${last}`, groups: "Gruppen", muteAll: "Alles stumm",
  arrange: "Kanäle ordnen", arrangeHint: "Zieh einen Kanal dorthin, wo du ihn auf diesem Telefon haben willst; die Pfeiltasten tun dasselbe. Die Box behält ihr Steckfeld.", moveStrip: (who: string, at: number) => `${who} verschieben, jetzt an ${at}`, asPatched: "Wie gesteckt",
  noStrips: "Die Box hat ihre Kanäle noch nicht genannt.", depth: "Tiefe", depthLong: "wie viel von der Box zu hören ist", nothingYet: "Die Box hat noch nichts geändert.",
  listen: "Abhören", listenHint: "Der Ton der Box auf diesem Telefon. Er kommt später als auf der Bühne: zum Prüfen, nicht zum Mitspielen.", listenOff: "aus", listenStarts: "beginnt …", listenWaits: "die Box ist nicht zu erreichen", noSound: "wartet auf Ton",
  heard: (ms: string, gaps: number) => `${ms} ms später · ${s(gaps, "Lücke", "Lücken")}`, listenBus: "Solo, Abhörweg", whatIsHeard: "Was zu hören ist", volume: "Lautstärke",
  undo: "Zurück", freeze: "Die Box einfrieren", frozen: "Eingefroren: die Box ändert nichts",

  tabs: { eq: "EQ", dynamics: "Dynamik", clean: "Putzen", input: "Eingang", sends: "Wege", self: "Name" }, channel: "Kanal", channelBefore: "voriger Kanal", channelAfter: "nächster Kanal", inUse: "in Betrieb",
  eq: "Equalizer", eqOf: (who: string) => `Equalizer von ${who}`, bands: "Bänder", bandOf: (who: string, n: number, hz: string, db: string) => `${who}, Band ${n}: ${hz}, ${db}. Pfeile bewegen es, Plus und Minus machen es schmaler und breiter`, leaveToBox: "Der Box überlassen",
  highPass: "Hochpass", gate: "Gate", comp: "Kompressor", deess: "De-Esser", denoise: "Rauschfilter", denoiseHint: "Wie weit Rauschen höchstens leiser wird. Was die Box nicht sicher kennt, lässt sie in Ruhe.", hearTaken: "Hören, was fehlt", takenNow: "nimmt gerade", hum: "Netzbrummen", giveWay: "Platz machen",
  preamp: "Eingangspegel", regain: "Am Vorverstärker zu drehen ändert den Mix nicht: der Trim nimmt es zurück (Re-Gain).", keepTrim: "Trim behalten", patch: "Steckfeld", noInput: "kein Eingang", linkWith: (who: string) => `Links und rechts mit ${who}`,
  place: "Ort", effects: "Effekte", monitorSends: "Wege zu den Monitoren", tap: "Abgriff", talkTo: "Halten und zu den Monitoren sprechen", who: "Wer es ist", name: "Name", letBoxGuess: "Die Box raten lassen", colour: "Farbe", leave: "Übergeben",
  leaveHint: "Behalten macht den jetzigen Anteil der Box zu deinem. Überlassen nimmt deine Hand weg, wo die Box mischen kann.", keepAll: "Alles behalten",

  moreMe: "Mehr von mir", moreOfMe: "Mehr ich", lessMe: "weniger von mir", less: "Weniger", whoAmI: "Welche Kanäle bist du?", theOthers: "Die anderen", wholeMonitor: (who: string) => `Alles von ${who}`, hearIt: "Auf diesem Telefon hören", whose: "Wem er gehört", taps: "Wo abgegriffen wird", tapHint: "Vor dem Fader bleibt ein Monitor, wie er ist, was immer vorne geschieht.", monitorMuted: "Dieser Monitor ist stumm.",

  howMuch: "Wie viel die Box darf", freezeLong: "Einfrieren: die Box ändert nichts mehr", frozenLong: "Eingefroren: tippen, damit sie wieder mischt", decisions: "Was sie entschieden hat", steps: (n: number) => `in ${n} Schritten`, keep: "Behalten", isKept: "Behalten", isUndone: "Zurück",
  locks: "Gesperrt", noLocks: "Nichts ist gesperrt. Sperr einen Kanal, und die Box lässt ihn, wie er ist.", unlock: (what: string) => `${what} entsperren`, taste: "Geschmack", learn: "lernen", learnt: "was sie gelernt hat", tasteHint: "Was du korrigierst und so lässt, verschiebt, wo die Box beim nächsten Mal beginnt. Aus lernt und nutzt sie nichts.",
  nothingLearnt: "Die Box hat noch nichts gelernt; sie lernt aus Korrekturen, die bleiben.", forget: "vergessen", forgetAll: "Alles vergessen", download: "Herunterladen",

  linecheckHint: "Alle spielen zehn Sekunden; dann hat jede Leitung ihr Urteil.", startCheck: (seconds: number) => `Alle Leitungen prüfen, ${seconds} s`, breakOff: "Abbrechen", listening: "hört zu: alle spielen", toMend: "zu richten", noCheckYet: "Noch nicht geprüft.", linesToMend: (n: number) => `${s(n, "Leitung", "Leitungen")} zu richten`, allLinesWell: "Alle Leitungen sind gut.", openIt: "Kanal öffnen",
  states: { dead: "tot", quiet: "zu leise", hum: "brummt", noise: "rauscht", playing: "gut", changed: "geändert" },
  remedies: { polarity: () => "Polarität drehen", hum: (hz: string) => `Brummen ${hz} filtern`.replace("  ", " "), gain: (db: string) => `Vorverstärker auf ${db}`, role: (role: string) => `Es ist ${role}`, mute: () => "Stumm schalten" },

  output: (who: string) => `${who} hinaus`, outPatch: "Welcher Weg wo hinausgeht", outputNumber: (n: number) => `Ausgang ${n}`, outputs: "Ausgänge", noGuard: "Diese Box hat keinen Feedback-Wächter.", guardOf: (who: string) => `Wächter von ${who}`, noNotches: "Keine Kerbe: nichts pfeift.", live: "von selbst", fixed: "fest", kill: "Weg", killAll: "Alle von selbst weg", keepAllNotches: "Alle behalten", ringOut: "Einpfeifen", ringOutHint: "Vor dem Auftritt: findet, was zuerst pfeift, und wie viel noch geht.",
  ringLoud: "Lauter, bis es pfeift", ringQuiet: "Mit Sweep messen", margin: (db: string) => `${db} dB, bevor es pfeift`, whatItDid: "Was er getan hat", graphic: "Graphischer EQ", tools: "Messton", loudTone: "Der Messton darf laut sein.",

  whatGoesIn: "Was hineingeht", tempo: "Tempo", tapTempo: "Tempo tippen",

  saveScene: "Den jetzigen Stand sichern", sceneName: "Name der Szene", saveOver: (name: string) => `den jetzigen Stand als ${name} sichern`, noScenes: "Noch keine Szene.", recall: "Laden", recallOf: (name: string) => `${name} laden`, whatOfIt: "was davon", willChange: (n: number, safe: number) => `${s(n, "Einstellung ändert", "Einstellungen ändern")} sich${safe ? `, ${safe} sind sicher` : ""}`,
  recalled: (name: string) => `${name} geladen`, saved: (name: string) => `${name} gesichert`, removed: (name: string) => `${name} gelöscht`, safes: "Vor Szenen sicher", safesHint: "Was hier sicher ist, ändert keine Szene.",
  kinds: { names: "Namen", inputs: "Eingänge", processing: "Bearbeitung", faders: "Fader", sends: "Wege", effects: "Effekte", monitors: "Monitore", main: "Summe", box: "Box" },

  noRecorder: "Diese Box hat keinen Recorder.",

  panelAway: "Das Programm des Geräts ist weg.", front: "das Gerät der Box", encoderWalk: "geht", encoderChange: "ändert", display: "die Anzeige des Geräts", panelButtons: { auto: "Auto", mute: "Stumm", signal: "Signal", clip: "zu laut", muted: "stumm" },
  panelHint: "Zieh um einen Encoder herum oder nimm seine Tasten, drück ihn in der Mitte; zieh einen Regler auf und ab, zweimal tippen stellt ihn in die Mitte.", panelLook: "Du darfst zusehen; der Tontechniker dreht.",

  now: "Jetzt", allWell: "Alles ist gut.", figures: "Zahlen", latencyMain: "Eingang bis Summe", latencyMonitor: "Eingang bis Monitor", loadMean: "Last", loadWorst: "Last, Spitze einer Minute", xruns: "Verpasste Perioden", cleaner: "Rauschfilter", denoisers: { off: "aus", classic: "klassisch", model: "Modell", "model is late": "Modell ist spät" },
  temperature: "Temperatur", channels: "Kanäle", programs: "Programme am Pult", thisPhone: "Dieses Telefon", language: "Sprache", youAre: (name: string, role: string) => `Du bist ${name}: ${role}.`,

  whichChanges: "Welche Änderungen", everything: "alles", layers: { all: "alle", hand: "Hände", auto: "die Box" }, undoMine: "Meine letzte zurück", changes: "Änderungen", nothingChanged: "Noch hat sich nichts geändert.", backInTime: "Zurück in der Zeit", rightNow: "jetzt",
  ago: (seconds: number): string => `vor ${seconds < 90 ? `${seconds} s` : seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`}`, sinceFirstSong: "seit dem ersten Stück", wasOtherwise: (n: number) => n ? `${s(n, "Einstellung war", "Einstellungen waren")} anders` : "Nichts war anders.", goBack: "Dorthin zurück", wentBack: "zurückgegangen; Zurück führt wieder her",

  people: { engineer: "Tontechnik", musician: "Musik", guest: "Gast", nobody: "Niemand" }, roleHint: { engineer: "Darf alles.", musician: "Ein Monitor und die Namen eigener Kanäle; sieht den Rest.", guest: "Sieht nur zu." }, mayDo: "darf",
  asksIn: (name: string) => `${name || "Jemand"} möchte herein`, letIn: "Einlassen", refuse: "Abweisen", invite: "Jemanden einladen", makeCode: "Code machen", whoIsHere: "Wer herein darf", nobodyYet: "Noch niemand.", here: "ist da", change: (name: string) => `${name} ändern`, showDoor: "Entfernen", hisMonitor: "Monitor", hisStrips: "eigene Kanäle", qr: "derselbe Code als Bild",
};
