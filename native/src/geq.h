// geq.h - graphic equaliser of 31 thirds of an octave. Neighbouring bells overlap, so a band's bell is not its slider: gains and widths of all are solved for,
// so that the sum meets every slider at its centre and the line between two sliders on the way (cf. Liski and Valimaki, The quest for the best graphic
// equalizer). Least squares by Gauss and Newton, a turn a quantum; where more is left over than is allowed, the goal is bent the other way.
#pragma once
#include "svf.h"

enum { GEQ_BANDS = 31, GEQ_BETWEEN = 3, GEQ_EVERY = GEQ_BETWEEN + 1, GEQ_POINTS = GEQ_BANDS + (GEQ_BANDS - 1) * GEQ_BETWEEN, GEQ_TURNS = 8 };
enum { GEQ_BANKS = (GEQ_BANDS + 3) / 4, GEQ_ROWS = (GEQ_BANDS + LANES - 1) / LANES, GEQ_UNKNOWN = 2 * GEQ_ROWS * LANES };
// By trial: Q of a bell as a part of that at which two cross where each has half of its dB; places between two centres; what these weigh; what holds a width
// where it was; dB left over at centres and between, from which on, and after how many turns, the goal is bent.
static const double GEQ_WIDER = 0.72, GEQ_PLACE[GEQ_EVERY] = {0, 0.15, 0.5, 0.85};
static const float GEQ_WEIGHT = 0.6f, GEQ_HELD = 0.96f, GEQ_BEND_AT[2] = {0.4f, 0.75f};
enum { GEQ_BEND_FROM = 3 };
typedef struct {
  float hz[GEQ_BANDS];
  lanes q[GEQ_ROWS], real[GEQ_ROWS];        // real: 1 where there is a bell
  lanes off[GEQ_POINTS][GEQ_ROWS];          // (f / f0 - f0 / f)^2, warped, of each point seen from each bell
} geq_maps;
typedef struct { float want[GEQ_BANDS], bend[GEQ_POINTS]; lanes db[GEQ_ROWS], width[GEQ_ROWS]; int turn; } geq_solver;      // db of the bells; width: of their Q, log2 of a part

static inline double geq_warp(double hz) { return tan(M_PI * hz / GB_RATE); }
static inline double geq_off(double hz, double bell) { return pow(geq_warp(hz) / geq_warp(bell) - geq_warp(bell) / geq_warp(hz), 2); }
static inline double geq_hz(double band) { return 1000 * pow(2, (band - 17) / 3.0); }

static inline void geq_design(geq_maps *g) {
  memset(g, 0, sizeof *g);
  for (int r = 0; r < GEQ_ROWS; r++) g->q[r] = lanes_all(1);
  for (int b = 0; b < GEQ_BANDS; b++) {
    const double hz = geq_hz(b), q = GEQ_WIDER / sqrt(geq_off(hz / pow(2, 1 / 6.0), hz));      // by its lower side: the upper one is squeezed towards half the rate
    g->hz[b] = (float)hz;
    lanes_put(&g->q[b / LANES], b % LANES, (float)q);
    lanes_put(&g->real[b / LANES], b % LANES, 1);
    for (int at = 0; at < GEQ_POINTS; at++)
      lanes_put(&g->off[at][b / LANES], b % LANES, (float)geq_off(geq_hz(at / GEQ_EVERY + GEQ_PLACE[at % GEQ_EVERY]), hz));
  }
}
static inline void geq_begin(geq_solver *s, const float *want) {
  int flat = 1;
  *s = (geq_solver){.turn = 0};
  for (int b = 0; b < GEQ_BANDS; b++) {
    s->want[b] = want[b];
    lanes_put(&s->db[b / LANES], b % LANES, 0.8f * want[b]);
    flat &= want[b] == 0;
  }
  if (flat) s->turn = GEQ_TURNS;
}
static inline int geq_done(const geq_solver *s) { return s->turn >= GEQ_TURNS; }

// slope[GEQ_UNKNOWN / LANES]: how the sum at a point goes with each gain, then with each width; returns the sum, dB.
static inline float geq_sum(const lanes *off, const lanes *over, const lanes *under, const lanes *real, float weight, lanes *slope) {
  lanes sum = lanes_all(0);
  for (int r = 0; r < GEQ_ROWS; r++) {
    const lanes n = off[r] + over[r], d = off[r] + under[r], high = over[r] / n, low = under[r] / d;
    sum += real[r] * lanes_log2(n / d);
    slope[r] = 0.5f * weight * real[r] * (high + low);
    slope[GEQ_ROWS + r] = weight * DB_PER_LOG2 * real[r] * (low - high);
  }
  return lanes_sum(sum) * (DB_PER_LOG2 / 2);
}
static inline float geq_goal(const geq_solver *s, int at) {
  const int band = at / GEQ_EVERY;
  const float part = (float)GEQ_PLACE[at % GEQ_EVERY];
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
// What bells and widths are to move by: of slopes and what is left over at the points, by least squares.
static inline void geq_step(const geq_solver *s, lanes (*slope)[GEQ_UNKNOWN / LANES], const float *left, double *step) {
  double m[GEQ_UNKNOWN][GEQ_UNKNOWN];
  for (int i = 0; i < GEQ_UNKNOWN; i++) {
    const int is_width = i >= GEQ_ROWS * LANES;
    const float held = is_width ? GEQ_HELD : 1e-3f, width = is_width ? lanes_get(s->width[i / LANES - GEQ_ROWS], i % LANES) : 0;
    float right = -held * width;
    for (int r = i / LANES; r < GEQ_UNKNOWN / LANES; r++) {
      lanes sum = lanes_all(0);
      for (int at = 0; at < GEQ_POINTS; at++) sum += lanes_get(slope[at][i / LANES], i % LANES) * slope[at][r];
      for (int k = 0; k < LANES; k++) m[i][r * LANES + k] = (double)lanes_get(sum, k);
    }
    for (int at = 0; at < GEQ_POINTS; at++) right += lanes_get(slope[at][i / LANES], i % LANES) * left[at];
    m[i][i] += (double)held;
    step[i] = (double)right;
  }
  geq_eliminate(m, step);
}
static inline void geq_turn(const geq_maps *g, geq_solver *s) {
  lanes over[GEQ_ROWS], under[GEQ_ROWS], slope[GEQ_POINTS][GEQ_UNKNOWN / LANES];
  float left[GEQ_POINTS];
  double step[GEQ_UNKNOWN];
  for (int r = 0; r < GEQ_ROWS; r++) {
    const lanes q = g->q[r] * lanes_exp2(s->width[r]), a2 = lanes_exp2(s->db[r] * (1 / DB_PER_LOG2));
    over[r] = a2 / (q * q);
    under[r] = 1 / (q * q * a2);
  }
  for (int at = 0; at < GEQ_POINTS; at++) {
    const int between = at % GEQ_EVERY > 0;
    const float weight = between ? GEQ_WEIGHT : 1, off = geq_goal(s, at) - geq_sum(g->off[at], over, under, g->real, weight, slope[at]);
    if (s->turn >= GEQ_BEND_FROM) s->bend[at] += copysignf(fmaxf(fabsf(off) - GEQ_BEND_AT[between], 0), off);
    left[at] = weight * (off + s->bend[at]);
  }
  geq_step(s, slope, left, step);
  for (int b = 0; b < GEQ_BANDS; b++) {      // in steps, or a wild one would not come back; bells beyond +-36 dB would be no help
    const int row = b / LANES, lane = b % LANES;
    const float db = lanes_get(s->db[row], lane) + fminf(fmaxf((float)step[b], -8), 8), width = lanes_get(s->width[row], lane) + fminf(fmaxf((float)step[GEQ_ROWS * LANES + b], -0.4f), 0.4f);
    lanes_put(&s->db[row], lane, fminf(fmaxf(db, -36), 36));
    lanes_put(&s->width[row], lane, fminf(fmaxf(width, -1.15f), 1.15f));
  }
  s->turn++;
}
