// comp.h - feed-forward compressor: soft knee (Giannoulis, Massberg, Reiss, JAES 60(6) 2012), auto make-up, parallel mix.
// The envelope follows |x| each frame with attack and release; the gain is computed every CONTROL frames and ramped between.
#pragma once
#include "gate.h"

typedef struct { float threshold_db, ratio, knee_db, attack_ms, release_ms, makeup_db, mix; int auto_makeup; } comp_params;
// Levels in log2 units. slope: 1 - 1/ratio; bend: knee width; give: share of the average reduction that is given back
typedef struct { lanes threshold, slope, bend, bend_scale, makeup, give, mix, attack, release; } comp_coefs;
typedef GLIDE(comp_coefs) comp_glide;
typedef struct { lanes env, gain, average; } comp_state;    // average reduction, log2 units, over 2 s

static inline void comp_design(comp_coefs *c, int lane, comp_params p) {
  const float bend = fmaxf(p.knee_db, 0.01f) / DB_PER_LOG2;
  const float v[9] = {p.threshold_db / DB_PER_LOG2, 1 - 1 / p.ratio, bend, 0.5f / bend, p.makeup_db / DB_PER_LOG2, p.auto_makeup ? 1.0f : 0.0f, p.mix,
                      one_pole(p.attack_ms, 1), one_pole(p.release_ms, 1)};
  for (int i = 0; i < 9; i++) lanes_put((lanes *)c + i, lane, v[i]);
}
static inline void comp_reset(comp_state *s) { *s = (comp_state){lanes_all(0), lanes_all(1), lanes_all(0)}; }
static inline int comp_idle(const comp_glide *g) { return !g->left && !lanes_any(g->now.mix != 0); }

static inline void comp_begin(const comp_glide *g, comp_state *s) {
  comp_state fresh;
  comp_reset(&fresh);
  lanes_take((lanes *)s, (const lanes *)&fresh, sizeof fresh / sizeof(lanes), g->now.mix == 0);
}
INLINE void comp_run(comp_coefs *coefs, const comp_coefs *step, comp_state *state, lanes *x, int n, int moving, lanes *most) {
  comp_coefs c = *coefs;
  lanes env = state->env, gain = state->gain, average = state->average, low = *most;
  const lanes most_given = lanes_all(3 / DB_PER_LOG2), slow = lanes_all(CONTROL / (2.0f * GB_RATE));
  for (int i = 0; i < n; i += CONTROL) {
    for (int k = 0; k < CONTROL; k++) {
      lanes d = lanes_abs(x[i + k]) - env;
      env += d * lanes_select(lanes_bits(d) < 0, c.release, c.attack);      // by the sign bit: one instruction with AVX
    }
    if (moving) {
      for (int k = 0; k < 9; k++) ((lanes *)&c)[k] += CONTROL * ((const lanes *)step)[k];
      c.bend_scale = 0.5f / c.bend;
    }
    lanes over = lanes_log2(env + 1e-9f) - c.threshold + 0.5f * c.bend, knee = lanes_min(lanes_max(over, lanes_all(0)), c.bend);
    lanes reduction = c.slope * (knee * knee * c.bend_scale + lanes_max(over - c.bend, lanes_all(0)));
    average += (reduction - average) * slow;
    lanes squeezed = lanes_exp2(c.makeup + c.give * lanes_min(average, most_given) - reduction);
    lanes next = 1 + c.mix * (squeezed - 1), slope = (next - gain) * (1.0f / CONTROL);
    for (int k = 0; k < CONTROL; k++) x[i + k] *= gain += slope;
    gain = next;
    low = lanes_max(low, reduction * lanes_select(c.mix > 0, lanes_all(1), lanes_all(0)));
  }
  if (moving) *coefs = c;
  *state = (comp_state){env, gain, average};
  *most = low;      // the most reduction, log2 units
}

INLINE void comp_process(comp_glide *g, comp_state *s, lanes *x, int n, lanes *most) {
  if (g->left) comp_begin(g, s), comp_run(&g->now, &g->step, s, x, n, 1, most);
  else comp_run(&g->now, NULL, s, x, n, 0, most);
  GLIDE_STEPPED(g);
}
