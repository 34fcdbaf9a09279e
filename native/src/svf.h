// svf.h - second-order filter sections: the trapezoidal state-variable filter of Andrew Simper (cytomic.com, SvfLinearTrapOptimised2).
// With its outputs multiplied out:  t = x - s2;  y = m x + a s1 + b t + c s2;  s2 += r t + q s1;  s1 = p s1 + q t.
// For each design the step of (s1, s2) shrinks s1^2 + s2^2 (the analogue circuit is passive), and the set of such steps is convex:
// coefficients may glide in a straight line between any two designs and stay stable.
#pragma once
#include "glide.h"

typedef struct { lanes p, q, r, m, a, b, c; } svf_coefs;
typedef struct { lanes s1, s2; } svf_state;
typedef struct { float p, q, r, m, a, b, c; } svf_design;
enum svf_type { SVF_BELL, SVF_LOW_SHELF, SVF_HIGH_SHELF };
enum svf_shape { SVF_ANY, SVF_IS_BELL, SVF_IS_PASS };      // a bell has m = 1, c = 0, a high-pass m = 1: cheaper

// Simper's damping k = 1/Q and output mix m0 x + m1 v1 + m2 v2
static inline svf_design svf_section(double hz, double damping, double m0, double m1, double m2) {
  double g = tan(M_PI * fmin(hz, 0.49 * GB_RATE) / GB_RATE), a1 = 1 / (1 + g * (g + damping));
  double p = 2 * a1 - 1, q = 2 * g * a1, r = 2 * g * g * a1;
  return (svf_design){(float)p, (float)q, (float)r, (float)m0, (float)((m1 * (1 + p) + m2 * q) / 2), (float)((m1 * q + m2 * r) / 2), (float)m2};
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
  const float v[7] = {d.p, d.q, d.r, d.m, d.a, d.b, d.c};
  for (int i = 0; i < 7; i++) lanes_put((lanes *)c + i, lane, v[i]);
}
static inline int svf_is_bell(const svf_coefs *c) { return !(lanes_any(c->c != 0) | lanes_any(c->m != 1)); }
static inline int svf_is_neutral(const svf_coefs *c) { return svf_is_bell(c) && !(lanes_any(c->a != 0) | lanes_any(c->b != 0)); }

INLINE lanes svf_tick_moving(const svf_coefs *c, lanes *s1, lanes *s2, lanes x) {
  lanes t = x - *s2, y = c->m * x;
  y += c->a * *s1;
  y += c->b * t;
  y += c->c * *s2;
  *s2 += c->r * t;
  *s2 += c->q * *s1;
  *s1 *= c->p;
  *s1 += c->q * t;
  return y;
}

// At rest the same step takes fewer operations, in two scaled quantities: u = (1 + p) s1 and w = s1 + next s1.
//   w = u + q t;  y = m x + a / (1 + p) w + c s2;  s2 += q / (1 + p) w;  u = (1 + p) w - u.
typedef struct { lanes q, up, across, m, a, c; } svf_rest;
INLINE svf_rest svf_resting(const svf_coefs *c) {
  const lanes up = c->p + 1, part = 1 / up;
  return (svf_rest){c->q, up, c->q * part, c->m, c->a * part, c->c};
}
INLINE lanes svf_tick(const svf_rest *c, lanes *u, lanes *s2, lanes x, enum svf_shape shape) {
  lanes w = *u + c->q * (x - *s2), y = shape == SVF_ANY ? c->m * x : x;
  y += c->a * w;
  if (shape != SVF_IS_BELL) y += c->c * *s2;
  *s2 += c->across * w;
  *u = c->up * w - *u;
  return y;
}

INLINE void svf_run_resting(const svf_rest *rest, svf_state *s, lanes *x, int n, enum svf_shape shape) {
  const svf_rest c = *rest;
  lanes u = s->s1 * c.up, s2 = s->s2;
#pragma GCC unroll 8
  for (int i = 0; i < n; i++) x[i] = svf_tick(&c, &u, &s2, x[i], shape);
  *s = (svf_state){u / c.up, s2};
}

INLINE void svf_run(const svf_coefs *coefs, svf_state *s, lanes *x, int n, enum svf_shape shape) {
  const svf_rest c = svf_resting(coefs);
  svf_run_resting(&c, s, x, n, shape);
}

// Before it moves: a lane that did nothing until now begins empty, whatever ran beside it.
static inline void svf_begin(const svf_coefs *c, svf_state *s) {
  const ilanes works = (c->a != 0) | (c->b != 0) | (c->c != 0) | (c->m != 1);
  *s = (svf_state){lanes_select(works, s->s1, lanes_all(0)), lanes_select(works, s->s2, lanes_all(0))};
}
INLINE void svf_run_moving(svf_coefs *coefs, const svf_coefs *step, svf_state *s, lanes *x, int n) {
  svf_coefs c = *coefs;
  lanes s1 = s->s1, s2 = s->s2;
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < 7; k++) ((lanes *)&c)[k] += ((const lanes *)step)[k];
    x[i] = svf_tick_moving(&c, &s1, &s2, x[i]);
  }
  *coefs = c;
  *s = (svf_state){s1, s2};
}

enum { SVF4_SLOW = 2 };      // equalisers glide that much longer than the table says: what rings in a narrow band must fade before its width has changed
// Four sections in a row. What they are is found out once, when they come to rest: nothing, all bells (one loop), or mixed; some of those do nothing.
typedef struct { svf_coefs band[4]; } svf4_coefs;
typedef struct { svf_state band[4]; } svf4_state;
enum svf4_kind { SVF4_IDLE, SVF4_BELLS, SVF4_MIXED };
typedef struct { svf4_coefs now, step, goal; int left, due[LANES]; enum svf4_kind kind; int runs[4]; svf_rest rest[4]; } svf4_glide;

static inline int svf4_idle(const svf4_glide *g) { return !g->left && g->kind == SVF4_IDLE; }

static inline void svf4_rest(svf4_glide *g) {
  int idle = 1, bells = 1;
  for (int b = 0; b < 4; b++) {
    idle &= !(g->runs[b] = !svf_is_neutral(&g->now.band[b]));
    bells &= svf_is_bell(&g->now.band[b]);
    g->rest[b] = svf_resting(&g->now.band[b]);
  }
  g->kind = idle ? SVF4_IDLE : bells ? SVF4_BELLS : SVF4_MIXED;
}

static inline void svf4_bells(const svf_rest *restrict rest, svf4_state *restrict s, lanes *restrict x, int n) {
  const svf_rest *const a = rest, *const b = rest + 1, *const c = rest + 2, *const d = rest + 3;      // read where they lie: there are not so many registers
  lanes a1 = s->band[0].s1 * a->up, a2 = s->band[0].s2, b1 = s->band[1].s1 * b->up, b2 = s->band[1].s2;
  lanes c1 = s->band[2].s1 * c->up, c2 = s->band[2].s2, d1 = s->band[3].s1 * d->up, d2 = s->band[3].s2;
#pragma GCC unroll 4
  for (int i = 0; i < n; i++) {
    lanes y = svf_tick(a, &a1, &a2, x[i], SVF_IS_BELL);
    y = svf_tick(b, &b1, &b2, y, SVF_IS_BELL);
    y = svf_tick(c, &c1, &c2, y, SVF_IS_BELL);
    x[i] = svf_tick(d, &d1, &d2, y, SVF_IS_BELL);
  }
  *s = (svf4_state){{{a1 / a->up, a2}, {b1 / b->up, b2}, {c1 / c->up, c2}, {d1 / d->up, d2}}};
}

static inline void svf4_process(svf4_glide *g, svf4_state *s, lanes *x, int n) {
  if (!g->left && g->kind == SVF4_BELLS) {
    svf4_bells(g->rest, s, x, n);
    return;
  }
  for (int b = 0; b < 4; b++) {
    if (g->left) svf_begin(&g->now.band[b], &s->band[b]), svf_run_moving(&g->now.band[b], &g->step.band[b], &s->band[b], x, n);
    else if (g->runs[b]) svf_run_resting(&g->rest[b], &s->band[b], x, n, SVF_ANY);
    else s->band[b] = (svf_state){0};
  }
  if (!g->left) return;
  GLIDE_STEPPED(g);
  if (g->left) return;
  svf4_rest(g);
  if (g->kind == SVF4_IDLE) *s = (svf4_state){0};      // or it would ring on when next it is used
}
