// engine.c - the whole signal path, one quantum of 32 frames after the other: drain commands, strips, sums, buses, meters.
#include <stdlib.h>

#include "analysis.h"
#include "bus.h"
#include "params.h"

enum { DRAIN = 1024, FADE_IN = 75, LOUDNESS_BLOCKS = 30, SWITCH_QUANTA = 8 };    // commands a quantum; 50 ms; 3 s; 5 ms
typedef struct { float k_sum[GB_CHANNELS], history[LOUDNESS_BLOCKS][GB_CHANNELS]; } loudness;

struct gb_engine {
  gb_rack *rack;
  int channels, groups;
  uint64_t published;                    // the frame that meters were last written at
  float *values;                         // rack->values: what every part is designed from
  unsigned char row_of[GB_VALUES];
  unsigned strip_dirty[GB_CHANNELS], bus_dirty[1 + GB_MONITORS], box_dirty;
  int strip_glide[GB_CHANNELS], out_glide[GB_CHANNELS], bus_glide, box_glide;      // the longest of what is dirty, quanta
  int lookahead, lookahead_wanted;
  float fade, fade_step;                 // everything, in and out, around starts and switches
  int soloed, heard, heard_before, heard_fade;      // what the listen bus carries; quanta until it does so alone
  strip_group strips[GROUPS];
  mix_matrix late, early;                // early: monitor sends that tap before the look-ahead
  duck_box duck;
  duck_drive ducking;
  share_sum share_total;
  float share_least;
  bus_bank bus;
  analysis ears;
  loudness strip_loudness, bus_loudness;
  lanes x[GROUPS][GB_QUANTUM], direct[GROUPS][GB_QUANTUM], sum[MIX_ROWS][GB_QUANTUM];
};

static unsigned strip_block_of(int first) {
  switch (first) {
    case GB_STRIP_TRIM: case GB_STRIP_POLARITY: return STRIP_INPUT;
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

static void set_lookahead(gb_engine *e) {
  e->lookahead = e->lookahead_wanted;
  e->rack->latency_main = (uint32_t)(e->lookahead + LOOK);
  e->rack->latency_monitor = 0;
  for (int g = 0; g < e->groups; g++) analysis_reset(&e->strips[g], e->lookahead);
  for (int n = 0; n < e->channels; n++) design_out(e, n, 1);
}

static void lengthen(int *quanta, int wanted) {
  if (wanted < SWITCH_QUANTA) wanted = SWITCH_QUANTA;      // nothing jumps
  if (wanted > *quanta) *quanta = wanted;
}

// What one command changes: marks the blocks that must be designed again.
static void mark(gb_engine *e, int index) {
  const gb_row *row = &gb_rows[e->row_of[index]];
  const int wanted = (int)ceilf(row->smooth_ms * GB_RATE / 1000 / GB_QUANTUM), at = index - row->first;
  const unsigned strip = strip_block_of(row->first), bus = bus_block_of(row->first);
  if (strip) {
    const int n = at / (row->count / GB_STRIPS);
    if (n >= e->channels) return;
    e->strip_dirty[n] |= strip;
    lengthen(strip == STRIP_OUT ? &e->out_glide[n] : &e->strip_glide[n], wanted);
  } else if (bus) {
    const int is_monitor = row->first >= GB_MONITOR_LEVEL;
    e->bus_dirty[is_monitor ? 1 + at / (row->count / GB_MONITORS) : 0] |= bus;
    lengthen(&e->bus_glide, wanted);
  } else if (row->first >= GB_BOX_DEPTH) {
    e->box_dirty = 1;
    lengthen(&e->box_glide, wanted);
  }
}

static void design_dirty(gb_engine *e) {
  for (int n = 0; n < e->channels; n++) {
    const unsigned dirty = e->strip_dirty[n];
    if (!dirty) continue;
    if (dirty & ~(unsigned)STRIP_OUT) strip_design(&e->strips[n / LANES], n % LANES, dirty, e->strip_glide[n], e->values, n);
    if (dirty & STRIP_OUT) design_out(e, n, e->out_glide[n]);
    e->strip_dirty[n] = 0;
    e->strip_glide[n] = e->out_glide[n] = 0;
  }
  for (int b = 0; b <= GB_MONITORS; b++) {
    if (e->bus_dirty[b]) bus_design(&e->bus, b - 1, e->bus_dirty[b], e->bus_glide, e->values);
    e->bus_dirty[b] = 0;
  }
  if (e->box_dirty) design_box(e);
  e->box_dirty = e->bus_glide = e->box_glide = 0;
}

static void drain(gb_engine *e) {
  gb_rack *r = e->rack;
  uint64_t head = r->queue_head;
  const uint64_t tail = __atomic_load_n(&r->queue_tail, __ATOMIC_ACQUIRE);
  if (head == tail) return;
  if (tail - head > GB_QUEUE) head = tail;      // a broken desk: nothing of it can be trusted
  for (int i = 0; i < DRAIN && head != tail; i++, head++) {
    const gb_command c = r->queue[head % GB_QUEUE];
    if (c.index >= GB_VALUES || !isfinite(c.value)) continue;
    const gb_row *row = &gb_rows[e->row_of[c.index]];
    e->values[c.index] = fminf(fmaxf(c.value, row->low), row->high);
    mark(e, (int)c.index);
  }
  __atomic_store_n(&r->queue_head, head, __ATOMIC_RELEASE);
  design_dirty(e);
  int soloed = 0;
  for (int n = 0; n < e->channels; n++) soloed |= e->values[GB_STRIP_SOLO + n] > 0.5f;
  e->soloed = soloed;
}

static int wish_to_hear(const gb_engine *e) {      // the bus, or its left side
  const int choice = (int)e->values[GB_BOX_LISTEN];
  return e->soloed ? BUS_SOLO : choice ? BUS_MONITOR + choice - 1 : BUS_LEFT;
}

static void clear_meters(gb_rack *r) {
  memset(&r->strips, 0, sizeof r->strips);
  memset(&r->buses, 0, sizeof r->buses);
  for (int n = 0; n < GB_CHANNELS; n++)
    r->strips.gate_gain[n] = r->strips.deess_gain[n] = r->strips.comp_gain[n] = r->strips.share_gain[n] = r->strips.duck_gain[n] = r->strips.denoise_gain[n] = 1;
  for (int n = 0; n < GB_OUTPUTS; n++) r->buses.limiter_gain[n] = 1;
}

gb_engine *gb_engine_new(gb_rack *rack, int channels) {
  gb_engine *e = aligned_alloc(64, (sizeof(gb_engine) + 63) / 64 * 64);
  if (!e) return NULL;
  memset(e, 0, sizeof *e);
  e->rack = rack;
  e->channels = channels;
  e->groups = (channels + LANES - 1) / LANES;
  e->values = rack->values;
  for (int row = 0; row < GB_ROWS; row++)
    for (int i = 0; i < gb_rows[row].count; i++) e->row_of[gb_rows[row].first + i] = (unsigned char)row;
  for (int i = 0; i < GB_VALUES; i++) {         // a rack that survived a crash is read, not trusted
    const gb_row *row = &gb_rows[e->row_of[i]];
    if (!isfinite(e->values[i])) e->values[i] = row->defaults[(i - row->first) % row->cycle];
    e->values[i] = fminf(fmaxf(e->values[i], row->low), row->high);
  }
  analysis_init(&e->ears);
  bus_init(&e->bus);
  for (int g = 0; g < e->groups; g++) strip_init(&e->strips[g], channels - g * LANES < LANES ? channels - g * LANES : LANES);
  for (int i = 0; i < GB_VALUES; i++) mark(e, i);
  for (int n = 0; n < channels; n++) e->strip_glide[n] = e->out_glide[n] = 1;
  e->bus_glide = e->box_glide = 1;
  design_dirty(e);
  for (int n = 0; n < channels; n++) e->soloed |= e->values[GB_STRIP_SOLO + n] > 0.5f;
  for (int g = 0; g < e->groups; g++)           // start where the values are: no glide from nothing
    for (int k = 0; k < e->strips[g].count; k++) e->strips[g].c.align.delay[k] = e->strips[g].c.align.goal[k], e->strips[g].c.align.fade[k] = 0;
  set_lookahead(e);
  e->heard = e->heard_before = wish_to_hear(e);
  clear_meters(rack);
  e->fade_step = 1.0f / (FADE_IN * GB_QUANTUM);
  rack->frames = 0;
  rack->queue_head = __atomic_load_n(&rack->queue_tail, __ATOMIC_ACQUIRE);
  return e;
}

void gb_engine_free(gb_engine *e) { free(e); }

static void give_way(gb_engine *e) {      // gain sharing and ducking: the two places where strips know of each other
  float sum[GB_QUANTUM], total = 0, power = 0;
  lanes key = lanes_all(0);
  int sharing = 0, ducking = 0;
  for (int g = 0; g < e->groups; g++) {
    strip_group *s = &e->strips[g];
    if (!share_idle(&s->c.share)) {
      if (!sharing) memset(sum, 0, sizeof sum);
      sharing = 1;
      share_listen(&s->c.share.now, &s->s.share, e->x[g], GB_QUANTUM, sum);
      const lanes w = s->c.share.now.root_weight;
      total += lanes_sum(s->c.share.now.member * w * w * (s->s.share.power + 1e-7f));
    }
    ducking |= !duck_idle(&s->c.duck);
    key = lanes_max(key, s->c.duck.now.key * s->reading.key);
  }
  if (sharing) {
    for (int i = 0; i < GB_QUANTUM; i++) power += sum[i] * sum[i];
    power /= GB_QUANTUM;
    e->share_total.power += (power - e->share_total.power) * (power > e->share_total.power ? 0.125f : 0.0044f);
    total = fmaxf(total, e->share_total.power);
  }
  duck_listen(&e->duck, &e->ducking, lanes_peak(key));
  for (int g = 0; g < e->groups; g++) {
    strip_group *s = &e->strips[g];
    if (!share_idle(&s->c.share)) {
      if (s->c.share.left) s->c.share.now.member += GB_QUANTUM * s->c.share.step.member, s->c.share.now.root_weight += GB_QUANTUM * s->c.share.step.root_weight;
      share_apply(&s->c.share.now, &s->s.share, e->x[g], GB_QUANTUM, total + 1e-9f, e->share_least, &s->reading.share);
      GLIDE_STEPPED(&s->c.share);
    } else {
      s->s.share.gain = lanes_all(1);
    }
    if (s->c.duck.left) {                 // keys glide too, whether or not this group is ducked
      for (int k = 0; k < 3; k++) ((lanes *)&s->c.duck.now)[k] += GB_QUANTUM * ((lanes *)&s->c.duck.step)[k];
      GLIDE_STEPPED(&s->c.duck);
    }
    if (ducking && (lanes_any(s->c.duck.now.level != 0) | lanes_any(s->c.duck.now.bell != 0) | lanes_any(s->s.duck.gain != 1) | lanes_any(s->s.duck.cut != 0)))
      duck_process(&e->duck, &e->ducking, s->c.duck.now, &s->s.duck, e->x[g], GB_QUANTUM, &s->reading.duck);
  }
  if (!e->duck.band.left) return;
  for (int k = 0; k < 5; k++) ((lanes *)&e->duck.band.now)[k] += GB_QUANTUM * ((lanes *)&e->duck.band.step)[k];
  GLIDE_STEPPED(&e->duck.band);
}

static void write_stems(const gb_engine *e, float *stems) {
  for (int n = 0; n < e->channels; n++) {
    const mix_glide *w = &e->late.strip[n];
    float left = mix_get(&w->now, BUS_LEFT), right = mix_get(&w->now, BUS_RIGHT);
    const float left_step = w->left ? mix_get(&w->step, BUS_LEFT) : 0, right_step = w->left ? mix_get(&w->step, BUS_RIGHT) : 0;
    const float *x = (const float *)e->x[n / LANES] + n % LANES;
    for (int i = 0; i < GB_QUANTUM; i++) {
      stems[(i * e->channels + n) * 2] = x[i * LANES] * (left += left_step);
      stems[(i * e->channels + n) * 2 + 1] = x[i * LANES] * (right += right_step);
    }
  }
}

static void mix(gb_engine *e, float *stems) {
  if (stems) write_stems(e, stems);
  mix_process(&e->late, e->channels, 1, e->x, e->sum);
  mix_process(&e->early, e->channels, 0, e->direct, e->sum);
}

// In and out of silence in a straight line: 50 ms at the start, 5 ms around a change of look-ahead.
static void fade_all(gb_engine *e) {
  if (e->lookahead != e->lookahead_wanted && e->fade_step >= 0) e->fade_step = -1.0f / (SWITCH_QUANTA * GB_QUANTUM);
  if (e->fade >= 1 && e->fade_step > 0) return;
  float fade = e->fade;
  for (int i = 0; i < GB_QUANTUM; i++) {
    fade = fminf(fmaxf(fade + e->fade_step, 0), 1);
    for (int row = 0; row < MIX_ROWS; row++) e->sum[row][i] *= fade;
  }
  e->fade = fade;
  if (fade > 0 || e->fade_step > 0) return;
  set_lookahead(e);
  e->fade_step = 1.0f / (SWITCH_QUANTA * GB_QUANTUM);
}

static const float *bus_of(const gb_engine *e, int bus) { return (const float *)e->sum[bus / LANES] + bus % LANES; }
static int right_of(int bus) { return bus == BUS_LEFT || bus == BUS_SOLO ? bus + 1 : bus; }

// The listen bus: what it carries is cross-faded to what it is to carry. Beginnings wait for the end of a fade under way.
static void write_listen(gb_engine *e, float (*tap)[GB_TAP_OUT]) {
  const int wish = wish_to_hear(e);
  if (!e->heard_fade && wish != e->heard) {
    e->heard = wish;
    e->heard_fade = SWITCH_QUANTA;
  }
  float part = 1 - (float)e->heard_fade / SWITCH_QUANTA, step = e->heard_fade ? 1.0f / (SWITCH_QUANTA * GB_QUANTUM) : 0;
  const float *l = bus_of(e, e->heard), *r = bus_of(e, right_of(e->heard)), *was_l = bus_of(e, e->heard_before), *was_r = bus_of(e, right_of(e->heard_before));
  if (!e->heard_fade) {
#pragma GCC unroll 8
    for (int i = 0; i < GB_QUANTUM; i++) {
      tap[i][GB_OUTPUTS] = l[i * LANES];
      tap[i][GB_OUTPUTS + 1] = r[i * LANES];
    }
    return;
  }
  for (int i = 0; i < GB_QUANTUM; i++, part += step) {
    tap[i][GB_OUTPUTS] = was_l[i * LANES] + part * (l[i * LANES] - was_l[i * LANES]);
    tap[i][GB_OUTPUTS + 1] = was_r[i * LANES] + part * (r[i * LANES] - was_r[i * LANES]);
  }
  if (!--e->heard_fade) e->heard_before = e->heard;
}

static void write_out(gb_engine *e, float *out, float (*tap)[GB_TAP_OUT]) {
#pragma GCC unroll 4
  for (int i = 0; i < GB_QUANTUM; i++)
    for (int row = 0; row < BUS_ROWS; row++) {
      const lanes v = e->sum[row][i];
      lanes_store(out + i * GB_OUTPUTS + row * LANES, v);
      lanes_store(tap[i] + row * LANES, v);
    }
  write_listen(e, tap);
}

// 20 dB a second either way; hops: how long since it was published, at most 1
INLINE void hold_peak(float *meter, lanes now, float hops) { lanes_store(meter, lanes_max(now, lanes_load(meter) * (1 - 0.01217f * hops))); }
INLINE void hold_gain(float *meter, lanes now, float hops) {
  lanes_store(meter, lanes_min(now, lanes_min(lanes_load(meter) * (1 + 0.01232f * hops) + 1e-6f, lanes_all(1))));
}

static void publish_strips(gb_engine *e, int g, float hops) {
  gb_strip_meters *m = &e->rack->strips;
  const strip_reading r = strip_read(&e->strips[g]);
  const int at = g * LANES;
  hold_peak(m->in_peak + at, r.in_peak, hops);
  lanes_store(m->in_square + at, lanes_load(m->in_square + at) * (1 - 0.0176f * hops) + r.in_square * (0.0176f / GB_HOP));                    // 300 ms
  hold_peak(m->out_peak + at, r.out_peak, hops);
  hold_gain(m->gate_gain + at, r.gate, hops);
  hold_gain(m->deess_gain + at, r.deess, hops);
  hold_gain(m->comp_gain + at, lanes_exp2(-r.comp), hops);
  hold_gain(m->share_gain + at, r.share, hops);
  hold_gain(m->duck_gain + at, r.duck, hops);
  float *sum = e->strip_loudness.k_sum + at;
  lanes_store(sum, lanes_load(sum) + r.k_square);
}

static void publish_buses(gb_engine *e, float hops) {
  gb_bus_meters *m = &e->rack->buses;
  for (int row = 0; row < BUS_ROWS; row++) {
    const bus_reading r = bus_read(&e->bus, row);
    const int at = row * LANES;
    hold_peak(m->peak + at, r.peak, hops);
    hold_gain(m->limiter_gain + at, r.gain, hops);
    float *sum = e->bus_loudness.k_sum + at;
    lanes_store(sum, lanes_load(sum) + r.square);
  }
}

static void publish_loudness(loudness *l, int count, uint64_t block, float *k_block, float *momentary, float *short_term) {
  memcpy(l->history[block % LOUDNESS_BLOCKS], l->k_sum, sizeof l->k_sum);
  for (int n = 0; n < count; n++) {
    float last4 = 0, last30 = 0;
    for (int i = 0; i < LOUDNESS_BLOCKS; i++) last30 += l->history[i][n];
    for (unsigned i = 0; i < 4; i++) last4 += l->history[(block + LOUDNESS_BLOCKS - i) % LOUDNESS_BLOCKS][n];
    k_block[n] = l->k_sum[n] / GB_METER_FRAMES;
    momentary[n] = last4 / (4 * GB_METER_FRAMES);
    short_term[n] = last30 / (LOUDNESS_BLOCKS * GB_METER_FRAMES);
    l->k_sum[n] = 0;
  }
}

static void listen_closely(gb_engine *e, uint64_t frame) {
  gb_rack *r = e->rack;
  const int off = e->values[GB_BOX_DENOISE] < 0.5f;
  gb_features *f = &r->features[r->hops % GB_FEATURE_HOPS];
  for (int g = 0; g < e->groups; g++) {
    if (off && !e->strips[g].filtering) lanes_store(r->strips.denoise_gain + g * LANES, lanes_all(1));
    else analysis_hop(&e->ears, &e->strips[g], g, off ? lanes_all(1) : e->strips[g].c.least, e->lookahead, f, r->strips.denoise_gain);
  }
  if (off) return;
  f->hop = frame / GB_HOP;
  __atomic_store_n(&r->hops, r->hops + 1, __ATOMIC_RELEASE);
}

static void quantum(gb_engine *e, const float *in, float *out, float *stems) {
  gb_rack *r = e->rack;
  const uint64_t frame = r->frames;
  drain(e);
  float *tap_in = r->tap_in[frame % GB_TAP_FRAMES];
  for (int g = 0; g < e->groups; g++) {
    const unsigned bad = strip_process(&e->strips[g], in + g * LANES, e->channels, tap_in + g * LANES, frame, e->lookahead, e->x[g]);
    for (int k = 0; bad >> k; k++) r->strips.faults[g * LANES + k] += bad >> k & 1;
    if (e->lookahead) memcpy(e->direct[g], e->strips[g].present, sizeof e->direct[g]);
  }
  give_way(e);
  mix(e, stems);
  fade_all(e);
  r->buses.faults += !bus_process(&e->bus, e->sum);
  write_out(e, out, r->tap_out + frame % GB_TAP_FRAMES);
  const uint64_t end = frame + GB_QUANTUM;
  if (end % GB_HOP == 0) listen_closely(e, end);
  if (end % GB_HOP == 0 || end % GB_METER_FRAMES == 0) {
    const float hops = (float)(end - e->published) / GB_HOP;
    for (int g = 0; g < e->groups; g++) publish_strips(e, g, hops);
    publish_buses(e, hops);
    e->published = end;
  }
  if (end % GB_METER_FRAMES == 0) {
    publish_loudness(&e->strip_loudness, GB_CHANNELS, r->meter_blocks, r->strips.k_block, r->strips.momentary, r->strips.short_term);
    publish_loudness(&e->bus_loudness, GB_OUTPUTS, r->meter_blocks, r->buses.k_block, r->buses.momentary, r->buses.short_term);
    __atomic_store_n(&r->meter_blocks, r->meter_blocks + 1, __ATOMIC_RELEASE);
  }
  __atomic_store_n(&r->frames, end, __ATOMIC_RELEASE);
}

void gb_process(gb_engine *e, const float *in, float *out, float *stems, int frames) {
  const uint64_t was = denormals_off();
  for (int i = 0; i + GB_QUANTUM <= frames; i += GB_QUANTUM)
    quantum(e, in + (size_t)i * (size_t)e->channels, out + (size_t)i * GB_OUTPUTS, stems ? stems + (size_t)i * (size_t)e->channels * 2 : NULL);
  denormals_back(was);
}
