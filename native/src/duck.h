// duck.h - vocal priority: while a key strip sounds, the others give way, in a bell around the voice and in level.
#pragma once
#include "gate.h"
#include "svf.h"

typedef struct { lanes key, level, bell; } duck_coefs;                  // 1 for a key; log2 gains at full ducking
typedef GLIDE(duck_coefs) duck_glide;
typedef struct { lanes p, q, r, a, b; } duck_band;                      // the bell's band-pass, the same in every lane
typedef struct { float threshold, attack, hold, release; GLIDE(duck_band) band; } duck_box;
typedef struct { float amount, next, hold; } duck_drive;                // one for the box: 0 open .. 1 ducked
typedef struct { lanes s1, s2, cut, gain; } duck_state;

static inline int duck_idle(const duck_glide *g) { return !g->left && !(lanes_any(g->now.level != 0) | lanes_any(g->now.bell != 0)); }

static inline void duck_design(duck_box *c, float hz, float q, int quanta) {
  const svf_design d = svf_section(hz, 1 / (double)q, 0, 1 / (double)q, 0);
  c->band.goal = (duck_band){lanes_all(d.p), lanes_all(d.q), lanes_all(d.r), lanes_all(d.a), lanes_all(d.b)};
  for (int k = 0; k < LANES; k++) GLIDE_AIM(&c->band, k, quanta);
}

// peak: the loudest key strip of this quantum
static inline void duck_listen(const duck_box *c, duck_drive *d, float peak) {
  d->hold = peak > c->threshold ? c->hold : fmaxf(d->hold - GB_QUANTUM, -1);
  float target = peak > c->threshold || d->hold > 0 ? 1 : 0;
  d->amount = d->next;
  d->next += (target - d->next) * (target > d->next ? c->attack : c->release);
  if (d->next < 1e-4f) d->next = 0;
}

static inline void duck_begin(const duck_glide *g, duck_state *s) {
  const duck_state fresh = {.gain = lanes_all(1)};
  if (g->left) lanes_take((lanes *)s, (const lanes *)&fresh, sizeof fresh / sizeof(lanes), (g->now.level == 0) & (g->now.bell == 0));
}
INLINE void duck_run(duck_band band, const duck_band *step, const duck_drive *d, duck_coefs c, duck_state *state, lanes *x, int n, lanes *least) {
  duck_state s = *state;
  lanes cut = lanes_exp2(c.bell * d->next) - 1, gain = lanes_exp2(c.level * d->next);
  lanes cut_step = (cut - s.cut) * (1.0f / (float)n), gain_step = (gain - s.gain) * (1.0f / (float)n);
  for (int i = 0; i < n; i++) {
    if (step) for (int k = 0; k < 5; k++) ((lanes *)&band)[k] += ((const lanes *)step)[k];
    lanes t = x[i] - s.s2, y = band.a * s.s1 + band.b * t;
    s.s2 += band.r * t + band.q * s.s1;
    s.s1 = band.p * s.s1 + band.q * t;
    x[i] = (x[i] + (s.cut += cut_step) * y) * (s.gain += gain_step);
  }
  s.cut = cut;
  s.gain = gain;
  *state = s;
  *least = lanes_min(*least, gain * (1 + cut));
}

static inline void duck_process(const duck_box *box, const duck_drive *d, duck_coefs c, duck_state *state, lanes *x, int n, lanes *least) {
  if (box->band.left) duck_run(box->band.now, &box->band.step, d, c, state, x, n, least);
  else duck_run(box->band.now, NULL, d, c, state, x, n, least);
}
