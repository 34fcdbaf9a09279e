// geq.h - graphic equaliser of 31 thirds of an octave. Neighbouring bells overlap, so a band's bell is not its slider: the gains are solved for, so
// that the sum meets every slider at its centre (Newton's method with a fixed slope; cf. Liski and Valimaki, The quest for the best graphic equalizer).
#pragma once
#include "svf.h"

enum { GEQ_BANDS = 31, GEQ_SOLVES = 5, GEQ_BANKS = (GEQ_BANDS + 3) / 4, GEQ_ROWS = (GEQ_BANDS + LANES - 1) / LANES };
static const double GEQ_WIDER = 0.7;      // of the Q at which two bells cross where each has half of its dB: smallest ripple between equal sliders, by trial
typedef struct {
  float hz[GEQ_BANDS], q[GEQ_BANDS];
  lanes q2[GEQ_ROWS];                       // squared; 1 where there is no bell
  lanes off[GEQ_BANDS][GEQ_ROWS];           // (f / f0 - f0 / f)^2, warped, of centre `band` seen from each bell
  lanes part[GEQ_BANDS][GEQ_ROWS];          // how far each bell must move for a dB that is missing at centre `band`
} geq_maps;

static inline double geq_warp(double hz) { return tan(M_PI * hz / GB_RATE); }
static inline double geq_off(double hz, double bell) { return pow(geq_warp(hz) / geq_warp(bell) - geq_warp(bell) / geq_warp(hz), 2); }
static inline double geq_db(double off, double q, double db) {      // of a bell with `db` at its centre
  const double a = pow(10, db / 40);
  return 10 * log10((off + a * a / (q * q)) / (off + 1 / (q * q * a * a)));
}

static inline void geq_invert(double (*m)[2 * GEQ_BANDS]) {      // Gauss-Jordan, of the left half into the right one; no pivots: the diagonal is the largest
  for (int i = 0; i < GEQ_BANDS; i++)
    for (int row = 0; row < GEQ_BANDS; row++) {
      if (row == i) continue;
      const double times = m[row][i] / m[i][i];
      for (int k = 0; k < 2 * GEQ_BANDS; k++) m[row][k] -= times * m[i][k];
    }
  for (int i = 0; i < GEQ_BANDS; i++)
    for (int k = GEQ_BANDS; k < 2 * GEQ_BANDS; k++) m[i][k] /= m[i][i];
}
static inline void geq_design(geq_maps *g) {
  double m[GEQ_BANDS][2 * GEQ_BANDS] = {{0}};
  memset(g, 0, sizeof *g);
  for (int r = 0; r < GEQ_ROWS; r++) g->q2[r] = lanes_all(1);
  for (int b = 0; b < GEQ_BANDS; b++) {
    const double hz = 1000 * pow(2, (b - 17) / 3.0);
    g->hz[b] = (float)hz;
    g->q[b] = (float)(GEQ_WIDER / sqrt(geq_off(hz / pow(2, 1 / 6.0), hz)));      // its lower side: the upper one is squeezed towards half the rate
    lanes_put(&g->q2[b / LANES], b % LANES, g->q[b] * g->q[b]);
  }
  for (int at = 0; at < GEQ_BANDS; at++)
    for (int b = 0; b < GEQ_BANDS; b++) {
      const double off = geq_off((double)g->hz[at], (double)g->hz[b]);
      lanes_put(&g->off[at][b / LANES], b % LANES, (float)off);
      m[at][b] = geq_db(off, (double)g->q[b], 6) / 6;
      m[at][GEQ_BANDS + at] = 1;
    }
  geq_invert(m);
  for (int at = 0; at < GEQ_BANDS; at++)
    for (int b = 0; b < GEQ_BANDS; b++) lanes_put(&g->part[at][b / LANES], b % LANES, (float)m[b][GEQ_BANDS + at]);
}

// What each bell must have, in dB, for the sliders `want` to be met; bells beyond +-36 dB would be no help.
static inline void geq_solve(const geq_maps *g, const float *want, lanes *bell) {
  lanes over[GEQ_ROWS], under[GEQ_ROWS];
  for (int r = 0; r < GEQ_ROWS; r++) bell[r] = lanes_all(0);
  for (int turn = 0; turn < GEQ_SOLVES; turn++) {
    lanes step[GEQ_ROWS];
    for (int r = 0; r < GEQ_ROWS; r++) {
      step[r] = lanes_all(0);
      const lanes a2 = lanes_exp2(bell[r] * (1 / DB_PER_LOG2));
      over[r] = a2 / g->q2[r];
      under[r] = 1 / (g->q2[r] * a2);
    }
    for (int at = 0; at < GEQ_BANDS; at++) {
      lanes sum = lanes_all(0);
      for (int r = 0; r < GEQ_ROWS; r++) sum += lanes_log2((g->off[at][r] + over[r]) / (g->off[at][r] + under[r]));
      const float missing = want[at] - lanes_sum(sum) * (DB_PER_LOG2 / 2);
      for (int r = 0; r < GEQ_ROWS; r++) step[r] += g->part[at][r] * missing;
    }
    for (int r = 0; r < GEQ_ROWS; r++) bell[r] = lanes_clamp(bell[r] + step[r], -36, 36);
  }
}
