// mix.h - the summing matrix: buses are lanes here. Each strip's frame is spread over L R and six monitors, then effects and solo.
#pragma once
#include "glide.h"

enum { AUX = 4, BUS_ROWS = GB_OUTPUTS / LANES, AUX_ROWS = (AUX + LANES - 1) / LANES, MIX_ROWS = BUS_ROWS + AUX_ROWS };
enum { BUS_LEFT, BUS_RIGHT, BUS_MONITOR, BUS_FX = GB_OUTPUTS, BUS_SOLO = GB_OUTPUTS + 2 };
typedef struct { lanes row[MIX_ROWS]; } mix_coefs;
typedef GLIDE(mix_coefs) mix_glide;

INLINE float mix_get(const mix_coefs *c, int bus) { return ((const float *)c)[bus]; }

// Adds one row of buses: sum[n] += x of every strip in `list` times its weights. x: [group][GB_QUANTUM] lanes.
static inline void mix_rest(const mix_glide *weights, const int *list, int count, int row, lanes (*x)[GB_QUANTUM], lanes *sum) {
  for (int i = 0; i < GB_QUANTUM; i += 8) {
    lanes acc[8];
    for (int k = 0; k < 8; k++) acc[k] = sum[i + k];
    for (int s = 0; s < count; s++) {
      const int strip = list[s];
      const float *v = (const float *)x[strip / LANES] + i * LANES + strip % LANES;
      const lanes w = weights[strip].now.row[row];
      for (int k = 0; k < 8; k++) acc[k] += w * lanes_one(v + k * LANES);
    }
    for (int k = 0; k < 8; k++) sum[i + k] = acc[k];
  }
}
static inline void mix_moving(const mix_glide *g, int strip, int row, lanes (*x)[GB_QUANTUM], lanes *sum) {
  lanes w = g->now.row[row];
  const float *v = (const float *)x[strip / LANES] + strip % LANES;
  for (int i = 0; i < GB_QUANTUM; i++) sum[i] += (w += g->step.row[row]) * lanes_one(v + i * LANES);
}
// Once every row is summed: the weights are where the quantum ended.
static inline void mix_stepped(mix_glide *g) {
  if (!g->left) return;
  for (int row = 0; row < MIX_ROWS; row++) g->now.row[row] += GB_QUANTUM * g->step.row[row];
  GLIDE_STEPPED(g);
}
