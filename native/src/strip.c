// strip.c - the channel strip: designs its blocks from the table's values and runs them in order.
#include <float.h>

#include "params.h"
#include "strip.h"

enum { FAULT_QUANTA = 150 };      // 100 ms of silence after a bad sample
static const float LOUDEST = 1e12f;      // no signal: a sum of squares beyond +100 dBFS would overflow in the analysis

// Where every lane begins: whatever does nothing. Lanes without a channel stay there, so that a group that is not full can rest.
static void init_lane(strip_group *g, int lane) {
  for (int b = 0; b < 4; b++) {
    svf_set(&g->c.shape.eq.now.band[b], lane, svf_neutral());
    for (int i = 0; i < 2; i++) svf_set(&g->c.hum[i].now.band[b], lane, svf_neutral());
  }
  for (int i = 0; i < 2; i++) svf_set(&g->c.hpf.now.section[i], lane, svf_neutral());
  gate_design(&g->c.shape.gate.now, lane, (gate_params){.threshold_db = 0, .range_db = 0, .ratio = 100});
  comp_design(&g->c.shape.comp.now, lane, (comp_params){.ratio = 1});
  pop_design(&g->c.pop, lane, (pop_params){0});
}

static void reset_shape(shape_state *s) {
  memset(s, 0, sizeof *s);
  gate_reset(&s->gate);
  comp_reset(&s->comp);
}

void strip_init(strip_group *g, int count) {
  memset(g, 0, sizeof *g);
  g->count = count;
  g->c.least = g->c.apart = lanes_all(1);
  g->s.share.gain = g->s.duck.gain = lanes_all(1);
  pop_reset(&g->s.pop);
  reset_shape(&g->s.shape);
  reset_shape(&g->s.soon);
  fir_reset(&g->fir, &g->slow, 0);
  for (int k = 0; k < LANES; k++) init_lane(g, k);
  strip_read(g);
}

strip_reading strip_read(strip_group *g) {
  const strip_reading was = g->reading;
  g->reading = (strip_reading){.gate = lanes_all(1), .deess = lanes_all(1), .share = lanes_all(1), .duck = lanes_all(1)};
  return was;
}

static void design_hpf(strip_group *g, int lane, const float *v, int n) {
  const int steep = v[GB_STRIP_HPF_SLOPE + n] > 0.5f;
  const float hz = v[GB_STRIP_HPF_FREQUENCY + n], on = v[GB_STRIP_HPF_ON + n];
  svf_set(&g->c.hpf.goal.section[0], lane, svf_high_pass(hz, steep ? 0.5412 : M_SQRT1_2, on));    // Butterworth, order 2 or 4
  svf_set(&g->c.hpf.goal.section[1], lane, svf_high_pass(hz, 1.3066, steep ? on : 0));
}

// Cuts of constant absolute width, about 1.5 Hz (guides: hum is narrow, and so is what is lost).
static void design_hum(strip_group *g, int lane, const float *v, int n) {
  const float depth = v[GB_STRIP_HUM_DEPTH + n] * v[GB_STRIP_HUM_ON + n];
  for (int h = 0; h < 8; h++) {
    const double hz = (double)v[GB_STRIP_HUM_FREQUENCY + n] * (h + 1), q = hz / 1.5;      // width where the cut is half
    const int on = h < (int)v[GB_STRIP_HUM_HARMONICS + n];
    svf_set(&g->c.hum[h / 4].goal.band[h % 4], lane, svf_eq(SVF_BELL, hz, on ? -depth : 0, q));
  }
}

static void design_eq(strip_group *g, int lane, const float *v, int n) {
  for (int b = 0; b < GB_EQS; b++) {
    const int i = n * GB_EQS + b;
    svf_set(&g->c.shape.eq.goal.band[b], lane, svf_eq((enum svf_type)v[GB_STRIP_EQ_TYPE + i], v[GB_STRIP_EQ_FREQUENCY + i],
                                                v[GB_STRIP_EQ_GAIN + i] * v[GB_STRIP_EQ_ON + n], v[GB_STRIP_EQ_Q + i]));
  }
}

static void design_dynamics(strip_group *g, int lane, unsigned blocks, const float *v, int n) {
  if (blocks & STRIP_GATE)
    gate_design(&g->c.shape.gate.goal, lane, (gate_params){v[GB_STRIP_GATE_THRESHOLD + n], v[GB_STRIP_GATE_RANGE + n] * v[GB_STRIP_GATE_ON + n], v[GB_STRIP_GATE_RATIO + n],
                                                     v[GB_STRIP_GATE_ATTACK + n], v[GB_STRIP_GATE_HOLD + n], v[GB_STRIP_GATE_RELEASE + n]});
  if (blocks & STRIP_DEESS)
    deess_design(&g->c.shape.deess.goal, lane, (deess_params){v[GB_STRIP_DEESS_FREQUENCY + n], v[GB_STRIP_DEESS_THRESHOLD + n], v[GB_STRIP_DEESS_RANGE + n] * v[GB_STRIP_DEESS_ON + n]});
  if (blocks & STRIP_COMP)
    comp_design(&g->c.shape.comp.goal, lane, (comp_params){v[GB_STRIP_COMP_THRESHOLD + n], v[GB_STRIP_COMP_RATIO + n], v[GB_STRIP_COMP_KNEE + n], v[GB_STRIP_COMP_ATTACK + n],
                                                     v[GB_STRIP_COMP_RELEASE + n], v[GB_STRIP_COMP_MAKEUP + n], v[GB_STRIP_COMP_MIX + n] / 100 * v[GB_STRIP_COMP_ON + n],
                                                     v[GB_STRIP_COMP_AUTO_MAKEUP + n] > 0.5f});
  if (blocks & STRIP_SHARE) {
    lanes_put(&g->c.share.goal.member, lane, v[GB_STRIP_SHARE_ON + n]);
    lanes_put(&g->c.share.goal.root_weight, lane, powf(10, v[GB_STRIP_SHARE_WEIGHT + n] / 20));
  }
  if (blocks & STRIP_DUCK) {
    lanes_put(&g->c.duck.goal.key, lane, v[GB_STRIP_DUCK_KEY + n]);
    lanes_put(&g->c.duck.goal.level, lane, -v[GB_STRIP_DUCK_LEVEL + n] / DB_PER_LOG2);
    lanes_put(&g->c.duck.goal.bell, lane, -v[GB_STRIP_DUCK_BELL + n] / DB_PER_LOG2);
  }
}

void strip_design(strip_group *g, int lane, unsigned blocks, int quanta, const float *v, int n) {
  strip_coefs *c = &g->c;
  if (blocks & STRIP_INPUT) {
    lanes_put(&c->input.goal.gain, lane, powf(10, v[GB_STRIP_TRIM + n] / 20) * (v[GB_STRIP_POLARITY + n] > 0.5f ? -1.0f : 1.0f));
    GLIDE_AIM(&c->input, lane, quanta);
  }
  if (blocks & STRIP_POP) pop_design(&c->pop, lane, (pop_params){v[GB_STRIP_POP_ON + n] > 0.5f});
  if (blocks & STRIP_ALIGN) align_design(&c->align, lane, v[GB_STRIP_DELAY + n]);
  if (blocks & STRIP_HPF) {
    design_hpf(g, lane, v, n);
    GLIDE_AIM(&c->hpf, lane, quanta);
  }
  if (blocks & STRIP_HUM) {
    design_hum(g, lane, v, n);
    GLIDE_AIM(&c->hum[0], lane, quanta);
    GLIDE_AIM(&c->hum[1], lane, quanta);
  }
  if (blocks & STRIP_DENOISE) {
    lanes_put(&c->least, lane, powf(10, -v[GB_STRIP_DENOISE_AMOUNT + n] / 20));
    lanes_put(&c->apart, lane, powf(10, -(v[GB_STRIP_BLEED + n] + VOICE_DB * fabsf(v[GB_STRIP_VOICE + n]) / 100) / 20));
  }
  if (blocks & STRIP_EQ) {
    design_eq(g, lane, v, n);
    GLIDE_AIM(&c->shape.eq, lane, SVF4_SLOW * quanta);
  }
  design_dynamics(g, lane, blocks, v, n);
  if (blocks & STRIP_GATE) GLIDE_AIM(&c->shape.gate, lane, quanta);
  if (blocks & STRIP_DEESS) GLIDE_AIM(&c->shape.deess, lane, quanta);
  if (blocks & STRIP_COMP) GLIDE_AIM(&c->shape.comp, lane, quanta);
  if (blocks & STRIP_SHARE) GLIDE_AIM(&c->share, lane, quanta);
  if (blocks & STRIP_DUCK) GLIDE_AIM(&c->duck, lane, quanta);
}

static void run_hpf(strip_group *g, lanes *x) {
  strip_coefs *c = &g->c;
  for (int i = 0; i < 2; i++) {
    if (c->hpf.left) svf_begin(&c->hpf.now.section[i], &g->s.hpf[i]), svf_run_moving(&c->hpf.now.section[i], &c->hpf.step.section[i], &g->s.hpf[i], x, GB_QUANTUM);
    else if (c->hpf_runs[i]) svf_run_resting(&c->hpf_rest[i], &g->s.hpf[i], x, GB_QUANTUM, SVF_IS_PASS);
    else g->s.hpf[i] = (svf_state){0};
  }
  if (!c->hpf.left) return;
  GLIDE_STEPPED(&c->hpf);
  for (int i = 0; i < 2 && !c->hpf.left; i++) c->hpf_runs[i] = !svf_is_neutral(&c->hpf.now.section[i]), c->hpf_rest[i] = svf_resting(&c->hpf.now.section[i]);
}

static void keep_history(strip_group *g, const lanes *x, uint64_t frame) {
  lanes *first = g->history + frame % PAST;
#pragma GCC unroll 8
  for (int i = 0; i < GB_QUANTUM; i++) first[i] = first[PAST + i] = x[i];
  g->present = first + PAST;
}

static void wipe_lane(strip_group *g, int lane) {
  lanes_fill((lanes *)&g->s, sizeof g->s / sizeof(lanes), lane, 0);
  lanes_fill(g->history, 2 * PAST, lane, 0);
  lanes_fill(g->slow.past, 2 * FIR_PAST, lane, 0);
  lanes_fill(g->slow.out, sizeof g->slow.out / sizeof(lanes), lane, 0);
  lanes_put(&g->s.shape.gate.gain, lane, 1);
  lanes_put(&g->s.shape.comp.gain, lane, 1);
  lanes_put(&g->s.soon.gate.gain, lane, 1);
  lanes_put(&g->s.soon.comp.gain, lane, 1);
  lanes_put(&g->s.share.gain, lane, 1);
  lanes_put(&g->s.duck.gain, lane, 1);
}

static void hush(strip_group *g, int lane, lanes *x) {
  lanes_fill(x, GB_QUANTUM, lane, 0);
  lanes_fill(g->ring.ring, ALIGN_RING, lane, 0);
  lanes_fill((lanes *)&g->reading, sizeof g->reading / sizeof(lanes), lane, 0);
  lanes_put(&g->c.input.now.gain, lane, 0);
  lanes_put(&g->c.input.step.gain, lane, 0);
}
static int sane(lanes square, float most) { return !lanes_any((square <= most) == 0); }

// A lane whose sum of squares is too much, or no number, forgets all it heard and goes silent.
static unsigned guard(strip_group *g, lanes square, float most, lanes *x) {
  unsigned bad = 0;
  for (int k = 0; k < g->count; k++) {
    if (lanes_get(square, k) <= most) continue;
    wipe_lane(g, k);
    hush(g, k, x);
    g->silenced += !g->muted[k];
    g->muted[k] = FAULT_QUANTA;
    bad |= 1u << k;
  }
  return bad;
}
// Lanes that are to be silent still; afterwards they come back through their trim.
static unsigned stay_silent(strip_group *g, lanes *x) {
  unsigned silent = 0;
  for (int k = 0; k < g->count; k++) {
    if (!g->muted[k]) continue;
    silent |= 1u << k;
    hush(g, k, x);
    if (--g->muted[k]) continue;
    g->silenced--;
    GLIDE_AIM(&g->c.input, k, 30);
  }
  return silent;
}

// What is muted is muted for the align delay as well.
static void guard_plug(strip_group *g, lanes peak, uint64_t frame, lanes *x) {
  g->popped = pop_process(&g->c.pop, &g->s.pop, peak, x, GB_QUANTUM);
  if (lanes_any(g->s.pop.shut > 0)) memcpy(&g->ring.ring[frame % ALIGN_RING], x, GB_QUANTUM * sizeof *x);
}

INLINE void shape(shape_coefs *c, shape_state *s, lanes *x, strip_reading *r) {
  if (!gate_idle(&c->gate, &s->gate)) gate_process(&c->gate, &s->gate, x, GB_QUANTUM, &r->gate);
  else gate_reset(&s->gate);
  if (!svf4_idle(&c->eq)) svf4_process(&c->eq, &s->eq, x, GB_QUANTUM);
  if (!deess_idle(&c->deess)) deess_process(&c->deess, &s->deess, x, GB_QUANTUM, &r->deess);
  if (!comp_idle(&c->comp)) comp_process(&c->comp, &s->comp, x, GB_QUANTUM, &r->comp);
  else comp_reset(&s->comp);
}
// A lane that begins has empty filters and main's dynamics, whatever ran beside it: an empty compressor would let through what it should hold.
static void begin_soon(strip_group *g, unsigned fresh) {
  const shape_state *s = &g->s.shape;
  for (int k = 0; fresh >> k; k++) {
    if (!(fresh >> k & 1)) continue;
    lanes_fill((lanes *)&g->s.soon, sizeof g->s.soon / sizeof(lanes), k, 0);
    lanes_copy((lanes *)&g->s.soon.gate, (const lanes *)&s->gate, sizeof s->gate / sizeof(lanes), k);
    lanes_copy((lanes *)&g->s.soon.comp, (const lanes *)&s->comp, sizeof s->comp / sizeof(lanes), k);
  }
}
// What glides is stepped by main's pass alone, behind this one, which goes the same way on a copy. Meters are main's as well.
void strip_soon(strip_group *g, lanes *soon) {
  strip_reading unread = {0};
  shape_coefs copy, *c = &g->c.shape;
  memcpy(soon, g->present, GB_QUANTUM * sizeof *soon);
  if (g->feeds & ~g->fed) begin_soon(g, g->feeds & ~g->fed);
  if (c->gate.left | c->eq.left | c->deess.left | c->comp.left) copy = *c, c = &copy;
  shape(c, &g->s.soon, soon, &unread);
}

// dry: as late as what came of it.
static void probe(strip_group *g, const lanes *dry, const lanes *x) {
  for (int i = 0; i < GB_QUANTUM; i++) g->taken[i] = dry[i] - x[i];
}

static void filter(strip_group *g, int lookahead, lanes *x) {
  fir_process(&g->fir, &g->slow, g->present, x);
  if (!onset_shut(&g->s.onset)) onset_pass(&g->s.onset, g->present - lookahead, x);
  onset_hear(&g->s.onset, g->opens, g->present);
}

unsigned strip_process(strip_group *g, const float *in, int stride, float *tap, uint64_t frame, int lookahead, lanes *x, lanes *soon) {
  strip_reading *r = &g->reading;
  unsigned bad = 0;
  const input_meter meter = input_process(&g->c.input, in, stride, g->count, tap, &g->ring.ring[frame % ALIGN_RING], x);
  r->in_peak = lanes_max(r->in_peak, meter.peak);
  r->in_square += meter.square;
  if (!sane(meter.square, LOUDEST)) guard(g, meter.square, LOUDEST, x);
  if (g->silenced) bad = stay_silent(g, x);
  guard_plug(g, meter.peak, frame, x);
  align_process(&g->c.align, &g->ring, x, GB_QUANTUM, (unsigned)frame);
  run_hpf(g, x);
  for (int i = 0; i < 2; i++)
    if (!svf4_idle(&g->c.hum[i])) svf4_process(&g->c.hum[i], &g->s.hum[i], x, GB_QUANTUM);
  keep_history(g, x, frame);
  if (g->filtering) filter(g, lookahead, x);
  else if (lookahead) memcpy(x, g->present - lookahead, GB_QUANTUM * sizeof *x);
  if (g->probed) probe(g, g->present - lookahead, x);
  if (soon) strip_soon(g, soon);
  g->fed = g->feeds;
  shape(&g->c.shape, &g->s.shape, x, r);
  const kmeter_reading k = kmeter_process(&g->s.k, x, GB_QUANTUM);
  r->k_square += k.square;
  r->out_peak = lanes_max(r->out_peak, k.peak);
  r->key = k.peak;
  if (!sane(k.square, FLT_MAX)) bad |= guard(g, k.square, FLT_MAX, x);
  for (int k = 0; soon && bad >> k; k++)
    if (bad >> k & 1) lanes_fill(soon, GB_QUANTUM, k, 0);
  return bad;
}
