// svf.h - second-order filter sections: the trapezoidal state-variable filter of Andrew Simper (cytomic.com, SvfLinearTrapOptimised2).
// Written as  t = x - s2;  s1' = p s1 + q t;  s2' = s2 + q s1 + r t;  y = m x + h1 (s1 + s1') + h2 (s2 + s2').
// For each design the step from (s1, s2) to (s1', s2') shrinks s1^2 + s2^2 (the analogue circuit is passive), and that set of
// steps is convex: coefficients may glide in a straight line between any two designs and stay stable.
#pragma once
#include "glide.h"

typedef struct { lanes p, q, r, m, h1, h2; } svf_coefs;
typedef struct { lanes s1, s2; } svf_state;
typedef struct { float p, q, r, m, h1, h2; } svf_design;
enum svf_type { SVF_BELL, SVF_LOW_SHELF, SVF_HIGH_SHELF };
enum svf_shape { SVF_ANY, SVF_IS_BELL, SVF_IS_PASS };      // a bell has m = 1, h2 = 0, a high-pass m = 1: cheaper

static inline svf_design svf_section(double hz, double damping, double m0, double m1, double m2) {
  double g = tan(M_PI * fmin(hz, 0.49 * GB_RATE) / GB_RATE), a1 = 1 / (1 + g * (g + damping));
  return (svf_design){(float)(2 * a1 - 1), (float)(2 * g * a1), (float)(2 * g * g * a1), (float)m0, (float)(m1 / 2), (float)(m2 / 2)};
}
static inline svf_design svf_eq(enum svf_type type, double hz, double gain_db, double q) {
  double a = pow(10, gain_db / 40), k = 1 / q;
  if (type == SVF_BELL) return svf_section(hz, k / a, 1, k / a * (a * a - 1), 0);
  double g = tan(M_PI * fmin(hz, 0.49 * GB_RATE) / GB_RATE);
  if (type == SVF_LOW_SHELF) return svf_section(atan(g / sqrt(a)) * GB_RATE / M_PI, k, 1, k * (a - 1), a * a - 1);
  return svf_section(atan(g * sqrt(a)) * GB_RATE / M_PI, k, a * a, k * (1 - a) * a, 1 - a * a);
}
static inline svf_design svf_high_pass(double hz, double q, double wet) { return svf_section(hz, 1 / q, 1, -wet / q, -wet); }
static inline svf_design svf_neutral(void) { return svf_section(1000, 1, 1, 0, 0); }

static inline void svf_set(svf_coefs *c, int lane, svf_design d) {
  const float v[6] = {d.p, d.q, d.r, d.m, d.h1, d.h2};
  for (int i = 0; i < 6; i++) lanes_put((lanes *)c + i, lane, v[i]);
}
static inline int svf_is_neutral(const svf_coefs *c) { return !(lanes_any(c->h1 != 0) | lanes_any(c->h2 != 0) | lanes_any(c->m != 1)); }
static inline int svf_is_bell(const svf_coefs *c) { return !(lanes_any(c->h2 != 0) | lanes_any(c->m != 1)); }

INLINE lanes svf_tick(const svf_coefs *c, lanes *s1, lanes *s2, lanes x, enum svf_shape shape) {
  lanes t = x - *s2, n1 = *s1 * c->p + t * c->q, n2 = *s2 + *s1 * c->q + t * c->r;
  lanes y = (shape == SVF_ANY ? c->m * x : x) + c->h1 * (*s1 + n1);
  if (shape != SVF_IS_BELL) y += c->h2 * (*s2 + n2);
  *s1 = n1;
  *s2 = n2;
  return y;
}

INLINE void svf_run(const svf_coefs *coefs, svf_state *s, lanes *x, int n, enum svf_shape shape) {
  svf_coefs c = *coefs;
  lanes s1 = s->s1, s2 = s->s2;
  for (int i = 0; i < n; i++) x[i] = svf_tick(&c, &s1, &s2, x[i], shape);
  *s = (svf_state){s1, s2};
}

INLINE void svf_run_moving(svf_coefs *coefs, const svf_coefs *step, svf_state *s, lanes *x, int n) {
  svf_coefs c = *coefs;
  lanes s1 = s->s1, s2 = s->s2;
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < 6; k++) ((lanes *)&c)[k] += ((const lanes *)step)[k];
    x[i] = svf_tick(&c, &s1, &s2, x[i], SVF_ANY);
  }
  *coefs = c;
  *s = (svf_state){s1, s2};
}

// Four sections in a row. At rest and all bells (the usual equaliser) they run as one loop.
typedef struct { svf_coefs band[4]; } svf4_coefs;
typedef struct { svf_state band[4]; } svf4_state;
typedef GLIDE(svf4_coefs) svf4_glide;

static inline void svf4_process(svf4_glide *g, svf4_state *s, lanes *x, int n) {
  int bells = 1;
  for (int b = 0; b < 4; b++) bells &= svf_is_bell(&g->now.band[b]);
  if (bells && !g->left) {
    const svf_coefs *c = g->now.band;
    lanes a1 = s->band[0].s1, a2 = s->band[0].s2, b1 = s->band[1].s1, b2 = s->band[1].s2;
    lanes c1 = s->band[2].s1, c2 = s->band[2].s2, d1 = s->band[3].s1, d2 = s->band[3].s2;
    for (int i = 0; i < n; i++) {
      lanes y = svf_tick(&c[0], &a1, &a2, x[i], SVF_IS_BELL);
      y = svf_tick(&c[1], &b1, &b2, y, SVF_IS_BELL);
      y = svf_tick(&c[2], &c1, &c2, y, SVF_IS_BELL);
      x[i] = svf_tick(&c[3], &d1, &d2, y, SVF_IS_BELL);
    }
    *s = (svf4_state){{{a1, a2}, {b1, b2}, {c1, c2}, {d1, d2}}};
    return;
  }
  for (int b = 0; b < 4; b++) {
    if (g->left) svf_run_moving(&g->now.band[b], &g->step.band[b], &s->band[b], x, n);
    else if (!svf_is_neutral(&g->now.band[b])) svf_run(&g->now.band[b], &s->band[b], x, n, SVF_ANY);
    else s->band[b] = (svf_state){0};
  }
  GLIDE_STEPPED(g);
}
static inline int svf4_idle(const svf4_glide *g) {
  int idle = !g->left;
  for (int b = 0; b < 4; b++) idle &= svf_is_neutral(&g->now.band[b]);
  return idle;
}
