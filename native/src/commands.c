// commands.c - what the desk says: which value changes which block, and the designs that follow.
#include "engine.h"

enum { DRAIN = 1024 };      // commands a quantum
// The depth may jump, what is heard may not (0.1 dB a quantum): all of auto takes 1.5 s, part of it less, and what switches half a second.
// A mute holds for no morph.
enum { MORPH_QUANTA = 2250, MORPH_LEAST = 750, HURRIED_QUANTA = 15 };

static unsigned strip_block_of(int first) {
  switch (first) {
    case GB_STRIP_TRIM: case GB_STRIP_POLARITY: return STRIP_INPUT;
    case GB_STRIP_POP_ON: return STRIP_POP;
    case GB_STRIP_DELAY: return STRIP_ALIGN;
    case GB_STRIP_HPF_ON: case GB_STRIP_HPF_FREQUENCY: case GB_STRIP_HPF_SLOPE: return STRIP_HPF;
    case GB_STRIP_HUM_ON: case GB_STRIP_HUM_FREQUENCY: case GB_STRIP_HUM_HARMONICS: case GB_STRIP_HUM_DEPTH: return STRIP_HUM;
    case GB_STRIP_DENOISE_AMOUNT: return STRIP_DENOISE;
    case GB_STRIP_GATE_ON: case GB_STRIP_GATE_THRESHOLD: case GB_STRIP_GATE_RANGE: case GB_STRIP_GATE_RATIO: case GB_STRIP_GATE_ATTACK:
    case GB_STRIP_GATE_HOLD: case GB_STRIP_GATE_RELEASE: return STRIP_GATE;
    case GB_STRIP_EQ_ON: case GB_STRIP_EQ_TYPE: case GB_STRIP_EQ_FREQUENCY: case GB_STRIP_EQ_GAIN: case GB_STRIP_EQ_Q: return STRIP_EQ;
    case GB_STRIP_DEESS_ON: case GB_STRIP_DEESS_FREQUENCY: case GB_STRIP_DEESS_THRESHOLD: case GB_STRIP_DEESS_RANGE: return STRIP_DEESS;
    case GB_STRIP_COMP_ON: case GB_STRIP_COMP_THRESHOLD: case GB_STRIP_COMP_RATIO: case GB_STRIP_COMP_KNEE: case GB_STRIP_COMP_ATTACK:
    case GB_STRIP_COMP_RELEASE: case GB_STRIP_COMP_MAKEUP: case GB_STRIP_COMP_AUTO_MAKEUP: case GB_STRIP_COMP_MIX: return STRIP_COMP;
    case GB_STRIP_SHARE_ON: case GB_STRIP_SHARE_WEIGHT: return STRIP_SHARE;
    case GB_STRIP_DUCK_KEY: case GB_STRIP_DUCK_LEVEL: case GB_STRIP_DUCK_BELL: return STRIP_DUCK;
    case GB_STRIP_MUTE: case GB_STRIP_SOLO: case GB_STRIP_LEVEL: case GB_STRIP_PAN: case GB_STRIP_SEND_LEVEL: case GB_STRIP_SEND_TAP:
    case GB_STRIP_FXSEND_LEVEL: return STRIP_OUT;
    default: return 0;
  }
}
static unsigned bus_block_of(int first) {
  switch (first) {
    case GB_MAIN_LEVEL: case GB_MAIN_MUTE: case GB_MONITOR_LEVEL: case GB_MONITOR_MUTE: return BUS_GAIN;
    case GB_MAIN_EQ_ON: case GB_MAIN_EQ_TYPE: case GB_MAIN_EQ_FREQUENCY: case GB_MAIN_EQ_GAIN: case GB_MAIN_EQ_Q:
    case GB_MONITOR_EQ_ON: case GB_MONITOR_EQ_TYPE: case GB_MONITOR_EQ_FREQUENCY: case GB_MONITOR_EQ_GAIN: case GB_MONITOR_EQ_Q: return BUS_EQ;
    case GB_MAIN_LIMITER_CEILING: case GB_MAIN_LIMITER_RELEASE: case GB_MONITOR_LIMITER_CEILING: case GB_MONITOR_LIMITER_RELEASE: return BUS_LIMIT;
    case GB_MAIN_MONO_ON: case GB_MAIN_MONO_FREQUENCY: return BUS_MONO;
    default: return 0;
  }
}

// The weights of one strip into every bus. With look-ahead, monitors are fed early: they never wait for it.
static void design_out(gb_engine *e, int n, int quanta) {
  const float *v = e->values;
  const float open = v[GB_STRIP_MUTE + n] > 0.5f ? 0.0f : 1.0f, level = v[GB_STRIP_LEVEL + n] <= -90 ? 0 : powf(10, v[GB_STRIP_LEVEL + n] / 20);
  const float angle = (v[GB_STRIP_PAN + n] + 1) * (float)M_PI / 4, left = cosf(angle), right = sinf(angle);
  float bus[MIX_ROWS * LANES] = {0}, early[MIX_ROWS * LANES] = {0};
  bus[BUS_LEFT] = open * level * left;
  bus[BUS_RIGHT] = open * level * (v[GB_STRIP_PAN + n] <= -1 ? 0 : right);
  for (int m = 0; m < GB_SENDS; m++) {
    const float db = v[GB_STRIP_SEND_LEVEL + n * GB_SENDS + m], post = v[GB_STRIP_SEND_TAP + n * GB_SENDS + m];
    (e->lookahead ? early : bus)[BUS_MONITOR + m] = db <= -90 ? 0 : open * powf(10, db / 20) * (post > 0.5f ? level : 1);
  }
  for (int f = 0; f < GB_FXSENDS; f++) {
    const float db = v[GB_STRIP_FXSEND_LEVEL + n * GB_FXSENDS + f];
    bus[BUS_FX + f] = db <= -90 ? 0 : open * level * powf(10, db / 20);
  }
  bus[BUS_SOLO] = v[GB_STRIP_SOLO + n] * level * left;
  bus[BUS_SOLO + 1] = v[GB_STRIP_SOLO + n] * level * right;
  memcpy(&e->late.strip[n].goal, bus, sizeof e->late.strip[n].goal);
  memcpy(&e->early.strip[n].goal, early, sizeof e->early.strip[n].goal);
  for (int k = 0; k < LANES; k++) {      // lanes are buses here
    if (e->hurried[n]) GLIDE_HURRY(&e->late.strip[n], k), GLIDE_HURRY(&e->early.strip[n], k);
    GLIDE_AIM(&e->late.strip[n], k, quanta);
    GLIDE_AIM(&e->early.strip[n], k, quanta);
  }
  e->late.changed = e->early.changed = 1;
}

static void design_box(gb_engine *e) {
  const float *v = e->values;
  const float quantum_ms = 1000.0f * GB_QUANTUM / GB_RATE;
  e->duck = (duck_box){.threshold = powf(10, v[GB_BOX_DUCK_THRESHOLD] / 20), .attack = 1 - expf(-quantum_ms / v[GB_BOX_DUCK_ATTACK]),
                       .hold = v[GB_BOX_DUCK_HOLD] * 1e-3f * GB_RATE, .release = 1 - expf(-quantum_ms / v[GB_BOX_DUCK_RELEASE]),
                       .band = e->duck.band};
  duck_design(&e->duck, v[GB_BOX_DUCK_FREQUENCY], v[GB_BOX_DUCK_Q], e->box_glide);
  e->share_least = powf(10, -v[GB_BOX_SHARE_DEPTH] / 20);
  e->lookahead_wanted = v[GB_BOX_LOOKAHEAD] > 0.5f ? MASK_DELAY : 0;
}

void engine_set_lookahead(gb_engine *e) {
  e->lookahead = e->lookahead_wanted;
  e->rack->latency_main = (uint32_t)(e->lookahead + LOOK);
  e->rack->latency_monitor = 0;
  for (int g = 0; g < e->groups; g++) analysis_reset(&e->strips[g], e->lookahead);
  for (int n = 0; n < e->channels; n++) design_out(e, n, 1);
}

void engine_morph(gb_engine *e) {
  const float left = e->values[GB_BOX_DEPTH] - e->depth, step = 100.0f / MORPH_QUANTA;
  e->depth = fabsf(left) <= step ? e->values[GB_BOX_DEPTH] : e->depth + copysignf(step, left);
}
// What a value takes at least that goes with the depth, while that is on its way.
static int morph_quanta(const gb_engine *e) {
  const float left = fabsf(e->values[GB_BOX_DEPTH] - e->depth);
  return left > 0 ? (int)fmaxf(MORPH_LEAST, ceilf(left * (MORPH_QUANTA / 100.0f))) : 0;
}
static int hurries(int first) { return first == GB_STRIP_MUTE || first == GB_STRIP_SOLO || first == GB_MAIN_MUTE || first == GB_MONITOR_MUTE; }

static int hurry(int quanta, unsigned hurried) { return hurried && quanta > HURRIED_QUANTA ? HURRIED_QUANTA : quanta; }
static void lengthen(int *quanta, int wanted) {
  if (wanted < SWITCH_QUANTA) wanted = SWITCH_QUANTA;      // nothing jumps
  if (wanted > *quanta) *quanta = wanted;
}

// What one command changes: marks the blocks that must be designed again.
void engine_mark(gb_engine *e, int index) {
  const gb_row *row = &gb_rows[e->row_of[index]];
  const int at = index - row->first, smooth = (int)ceilf(row->smooth_ms * GB_RATE / 1000 / GB_QUANTUM);
  const int wanted = hurries(row->first) || smooth > morph_quanta(e) ? smooth : morph_quanta(e);
  const unsigned strip = strip_block_of(row->first), bus = bus_block_of(row->first);
  if (strip) {
    const int n = at / (row->count / GB_STRIPS);
    if (n >= e->channels) return;
    e->strip_dirty[n] |= strip;
    e->hurried[n] |= hurries(row->first);
    lengthen(strip == STRIP_OUT ? &e->out_glide[n] : &e->strip_glide[n], wanted);
  } else if (bus) {
    const int is_monitor = row->first >= GB_MONITOR_LEVEL && !(bus & BUS_MONO);
    const int b = is_monitor ? 1 + at / (row->count / GB_MONITORS) : 0;
    e->bus_dirty[b] |= bus;
    e->bus_hurried[b] |= hurries(row->first);
    lengthen(&e->bus_glide, wanted);
  } else if (row->first >= GB_BOX_DEPTH) {
    e->box_dirty = 1;
    lengthen(&e->box_glide, wanted);
  }
}

void engine_design(gb_engine *e, int at_once) {
  if (at_once) {
    for (int n = 0; n < e->channels; n++) e->strip_glide[n] = e->out_glide[n] = 1;
    e->bus_glide = e->box_glide = 1;
    memset(e->hurried, 0, sizeof e->hurried);
    memset(e->bus_hurried, 0, sizeof e->bus_hurried);
  }
  for (int n = 0; n < e->channels; n++) {
    const unsigned dirty = e->strip_dirty[n];
    if (!dirty) continue;
    if (dirty & ~(unsigned)STRIP_OUT) strip_design(&e->strips[n / LANES], n % LANES, dirty, e->strip_glide[n], e->values, n);
    if (dirty & STRIP_OUT) design_out(e, n, hurry(e->out_glide[n], e->hurried[n]));
    e->strip_dirty[n] = e->hurried[n] = 0;
    e->strip_glide[n] = e->out_glide[n] = 0;
  }
  for (int b = 0; b <= GB_MONITORS; b++) {
    if (e->bus_hurried[b]) bus_hurry(&e->bus, b - 1);
    if (e->bus_dirty[b]) bus_design(&e->bus, b - 1, e->bus_dirty[b], hurry(e->bus_glide, e->bus_hurried[b]), e->values);
    e->bus_dirty[b] = e->bus_hurried[b] = 0;
  }
  if (e->box_dirty) design_box(e);
  e->box_dirty = e->bus_glide = e->box_glide = e->soloed = 0;
  for (int n = 0; n < e->channels; n++) e->soloed |= e->values[GB_STRIP_SOLO + n] > 0.5f;
}

void engine_drain(gb_engine *e) {
  gb_rack *r = e->rack;
  uint64_t head = r->queue_head;
  const uint64_t tail = __atomic_load_n(&r->queue_tail, __ATOMIC_ACQUIRE);
  if (head == tail) return;
  if (tail - head > GB_QUEUE) head = tail;      // a broken desk: nothing of it can be trusted
  for (int i = 0; i < DRAIN && head != tail; i++, head++) {
    const gb_command c = r->queue[head % GB_QUEUE];
    if (c.index >= GB_VALUES || !isfinite(c.value)) continue;
    const gb_row *row = &gb_rows[e->row_of[c.index]];
    const float value = fminf(fmaxf(c.value, row->low), row->high);
    if (value == e->values[c.index]) continue;      // told again: not one bit may change
    e->values[c.index] = value;
    engine_mark(e, (int)c.index);
  }
  __atomic_store_n(&r->queue_head, head, __ATOMIC_RELEASE);
  engine_design(e, 0);
}
