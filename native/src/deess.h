// deess.h - dynamic bell on the sibilance band, relative to the whole voice, so that loud and soft singing are treated alike.
#pragma once
#include "comp.h"
#include "svf.h"

typedef struct { float frequency_hz, threshold_db, range_db; } deess_params;
typedef struct { lanes p, q, r, a, b, threshold, range; } deess_coefs;     // band-pass at Q 1; log2 units
typedef GLIDE(deess_coefs) deess_glide;
typedef struct { lanes s1, s2, band, voice, cut; } deess_state;         // cut: gain of the band minus 1

static inline void deess_design(deess_coefs *c, int lane, deess_params p) {
  svf_design d = svf_section(p.frequency_hz, 1, 0, 1, 0);
  const float v[7] = {d.p, d.q, d.r, d.a, d.b, p.threshold_db / DB_PER_LOG2, p.range_db / DB_PER_LOG2};
  for (int i = 0; i < 7; i++) lanes_put((lanes *)c + i, lane, v[i]);
}
static inline int deess_idle(const deess_glide *g) { return !g->left && !lanes_any(g->now.range != 0); }

static inline void deess_process(deess_glide *g, deess_state *state, lanes *x, int n, lanes *least) {
  deess_coefs c = g->now;
  deess_state s = *state;
  if (g->left) lanes_take((lanes *)&s, (const lanes *)&(deess_state){0}, sizeof s / sizeof(lanes), c.range == 0);
  lanes low = *least;
  const float attack = 0.0206f, release = 0.000417f;      // 1 ms, 50 ms
  for (int i = 0; i < n; i += CONTROL) {
    lanes band[CONTROL];
    for (int k = 0; k < CONTROL; k++) {
      lanes t = x[i + k] - s.s2;
      band[k] = c.a * s.s1 + c.b * t;
      s.s2 += c.r * t + c.q * s.s1;
      s.s1 = c.p * s.s1 + c.q * t;
      lanes d = lanes_abs(band[k]) - s.band, v = lanes_abs(x[i + k]) - s.voice;
      s.band += d * lanes_select(d > 0, lanes_all(attack), lanes_all(release));
      s.voice += v * lanes_select(v > 0, lanes_all(attack), lanes_all(release));
    }
    if (g->left) for (int k = 0; k < 7; k++) ((lanes *)&c)[k] += CONTROL * ((const lanes *)&g->step)[k];
    lanes over = lanes_log2(s.band + 1e-7f) - lanes_log2(s.voice + 1e-5f) - c.threshold;
    lanes gain = lanes_exp2(-lanes_min(lanes_max(over, lanes_all(0)), c.range)), slope = (gain - 1 - s.cut) * (1.0f / CONTROL);
    for (int k = 0; k < CONTROL; k++) x[i + k] += (s.cut += slope) * band[k];
    s.cut = gain - 1;
    low = lanes_min(low, gain);
  }
  g->now = c;
  *state = s;
  *least = low;
  GLIDE_STEPPED(g);
}
