// geq.h - graphic equaliser of 31 thirds of an octave. Neighbouring bells overlap, so a band's bell is not its slider: gains and widths of all are solved for,
// so that the sum meets every slider at its centre and the line between two sliders on the way (cf. Liski and Valimaki, The quest for the best graphic
// equalizer). Least squares by Gauss and Newton, a turn a quantum; where more is left over than is allowed, the goal is bent the other way.
#pragma once
#include "svf.h"

enum { GEQ_BANDS = 31, GEQ_BETWEEN = 3, GEQ_EVERY = GEQ_BETWEEN + 1, GEQ_POINTS = GEQ_BANDS + (GEQ_BANDS - 1) * GEQ_BETWEEN, GEQ_TURNS = 8 };
enum { GEQ_BANKS = (GEQ_BANDS + 3) / 4, GEQ_UNKNOWN = 2 * GEQ_BANDS };
// By trial: Q of a bell as a part of that at which two cross where each has half of its dB; places between two centres; what these weigh; what holds a width
// where it was; dB left over at centres and between, from which on, and after how many turns, the goal is bent.
static const double GEQ_WIDER = 0.72, GEQ_PLACE[GEQ_EVERY] = {0, 0.15, 0.5, 0.85};
static const double GEQ_WEIGHT = 0.6, GEQ_HELD = 0.96, GEQ_BEND_AT[2] = {0.4, 0.75};
enum { GEQ_BEND_FROM = 3 };
// In doubles, so that every machine finds the same: turn by turn a difference of the last bit grows ten thousandfold.
typedef struct { double hz[GEQ_BANDS], q[GEQ_BANDS], off[GEQ_POINTS][GEQ_BANDS]; } geq_maps;      // off: (f / f0 - f0 / f)^2, warped, of each point seen from each bell
typedef struct { double want[GEQ_BANDS], bend[GEQ_POINTS], db[GEQ_BANDS], width[GEQ_BANDS]; int turn; } geq_solver;      // db of the bells; width: of their Q, log2 of a part

static inline double geq_warp(double hz) { return tan(M_PI * hz / GB_RATE); }
static inline double geq_off(double hz, double bell) { return pow(geq_warp(hz) / geq_warp(bell) - geq_warp(bell) / geq_warp(hz), 2); }
static inline double geq_hz(double band) { return 1000 * pow(2, (band - 17) / 3.0); }

static inline void geq_design(geq_maps *g) {
  for (int b = 0; b < GEQ_BANDS; b++) {
    g->hz[b] = geq_hz(b);
    g->q[b] = GEQ_WIDER / sqrt(geq_off(g->hz[b] / pow(2, 1 / 6.0), g->hz[b]));      // by its lower side: the upper one is squeezed towards half the rate
    for (int at = 0; at < GEQ_POINTS; at++) g->off[at][b] = geq_off(geq_hz(at / GEQ_EVERY + GEQ_PLACE[at % GEQ_EVERY]), g->hz[b]);
  }
}
static inline void geq_begin(geq_solver *s, const float *want) {
  int flat = 1;
  memset(s, 0, sizeof *s);
  for (int b = 0; b < GEQ_BANDS; b++) {
    s->want[b] = (double)want[b];
    s->db[b] = 0.8 * s->want[b];
    flat &= want[b] == 0;
  }
  if (flat) s->turn = GEQ_TURNS;
}
static inline int geq_done(const geq_solver *s) { return s->turn >= GEQ_TURNS; }

// slope: how the sum at a point goes with each gain, then with each width; returns the sum, dB.
static inline double geq_sum(const double *off, const double *over, const double *under, double weight, double *slope) {
  double high = 1, sum = 0;
  for (int b = 0; b < GEQ_BANDS; b++) {
    const double n = off[b] + over[b], d = off[b] + under[b], up = over[b] / n, down = under[b] / d;
    high *= n / d;
    if (b % 8 == 7 || b == GEQ_BANDS - 1) sum += log10(high), high = 1;      // eight bells are far from the end of a double
    slope[b] = 0.5 * weight * (up + down);
    slope[GEQ_BANDS + b] = weight * 6.0206 * (down - up);
  }
  return 10 * sum;
}
static inline double geq_goal(const geq_solver *s, int at) {
  const int band = at / GEQ_EVERY;
  const double part = GEQ_PLACE[at % GEQ_EVERY];
  return part == 0 ? s->want[band] : s->want[band] + part * (s->want[band + 1] - s->want[band]);
}
// x of m x = y, m symmetric and positive, its upper half alone in use; all are overwritten, x is y.
static inline void geq_eliminate(double (*m)[GEQ_UNKNOWN], double *y) {
  for (int k = 0; k < GEQ_UNKNOWN; k++)
    for (int i = k + 1; i < GEQ_UNKNOWN; i++) {
      const double part = m[k][i] / m[k][k];
      for (int j = i; j < GEQ_UNKNOWN; j++) m[i][j] -= part * m[k][j];
      y[i] -= part * y[k];
    }
  for (int k = GEQ_UNKNOWN - 1; k >= 0; k--) {
    for (int j = k + 1; j < GEQ_UNKNOWN; j++) y[k] -= m[k][j] * y[j];
    y[k] /= m[k][k];
  }
}
static inline void geq_turn(const geq_maps *g, geq_solver *s) {
  double over[GEQ_BANDS], under[GEQ_BANDS], slope[GEQ_UNKNOWN], m[GEQ_UNKNOWN][GEQ_UNKNOWN] = {{0}}, step[GEQ_UNKNOWN];
  for (int b = 0; b < GEQ_BANDS; b++) {
    const double q = g->q[b] * exp2(s->width[b]), a2 = pow(10, s->db[b] / 20);
    over[b] = a2 / (q * q);
    under[b] = 1 / (q * q * a2);
    m[b][b] = 1e-3;
    m[GEQ_BANDS + b][GEQ_BANDS + b] = GEQ_HELD;
    step[b] = 0;
    step[GEQ_BANDS + b] = -GEQ_HELD * s->width[b];
  }
  for (int at = 0; at < GEQ_POINTS; at++) {
    const int between = at % GEQ_EVERY > 0;
    const double weight = between ? GEQ_WEIGHT : 1, off = geq_goal(s, at) - geq_sum(g->off[at], over, under, weight, slope);
    if (s->turn >= GEQ_BEND_FROM) s->bend[at] += copysign(fmax(fabs(off) - GEQ_BEND_AT[between], 0), off);
    for (int i = 0; i < GEQ_UNKNOWN; i++) {
      for (int j = i; j < GEQ_UNKNOWN; j++) m[i][j] += slope[i] * slope[j];
      step[i] += slope[i] * weight * (off + s->bend[at]);
    }
  }
  geq_eliminate(m, step);
  for (int b = 0; b < GEQ_BANDS; b++) {      // in steps, or a wild one would not come back; bells beyond +-36 dB would be no help
    s->db[b] = fmin(fmax(s->db[b] + fmin(fmax(step[b], -8), 8), -36), 36);
    s->width[b] = fmin(fmax(s->width[b] + fmin(fmax(step[GEQ_BANDS + b], -0.4), 0.4), -1.15), 1.15);
  }
  s->turn++;
}
