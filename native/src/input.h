// input.h - the top of the strip: reads interleaved frames into lanes, sets trim and polarity, meters, and keeps bad numbers out.
#pragma once
#include "glide.h"

typedef struct { lanes gain; } input_coefs;
typedef GLIDE(input_coefs) input_glide;
typedef struct { lanes peak, square; } input_meter;     // of this quantum, after trim

// in: first channel of this group; count: how many of its lanes exist; tap: where the dry input is kept, a row of GB_CHANNELS a frame.
static inline void input_read(const float *in, int channels, int count, lanes *x, float *tap) {
  if (count == LANES) {
    for (int i = 0; i < GB_QUANTUM; i++) {
      x[i] = lanes_load(in + i * channels);
      lanes_store(tap + i * GB_CHANNELS, x[i]);
    }
    return;
  }
  for (int i = 0; i < GB_QUANTUM; i++) {
    float row[LANES] = {0};
    for (int k = 0; k < count; k++) row[k] = in[i * channels + k];
    x[i] = lanes_load(row);
    lanes_store(tap + i * GB_CHANNELS, x[i]);
  }
}

static inline input_meter input_process(input_glide *g, lanes *x, int n) {
  lanes gain = g->now.gain, step = g->left ? g->step.gain : lanes_all(0), peak = lanes_all(0), square = lanes_all(0);
  for (int i = 0; i < n; i++) {
    gain += step;
    lanes y = x[i] * gain;
    peak = lanes_max(peak, lanes_abs(y));
    square += y * y;
    x[i] = y;
  }
  g->now.gain = gain;
  GLIDE_STEPPED(g);
  return (input_meter){peak, square};
}
