// input.h - the top of the strip: reads interleaved frames into lanes, sets trim and polarity, meters, and keeps bad numbers out.
#pragma once
#include "glide.h"

typedef struct { lanes gain; } input_coefs;
typedef GLIDE(input_coefs) input_glide;
typedef struct { lanes peak, square; } input_meter;     // of this quantum, after trim

// Frames of a group that is not full: the missing lanes are silent.
static inline const float *input_pad(const float *in, long stride, int count, float (*row)[LANES]) {
  memset(row, 0, sizeof(float) * GB_QUANTUM * LANES);
  for (int i = 0; i < GB_QUANTUM; i++)
    for (int k = 0; k < count; k++) row[i][k] = in[i * stride + k];
  return row[0];
}

// in: first channel of this group; stride: floats from frame to frame; tap: where the dry input is kept, GB_CHANNELS a frame.
INLINE input_meter input_run(lanes *gain_now, const lanes *step, const float *in, long stride, float *tap, lanes *ring, lanes *x) {
  lanes gain = *gain_now, peak = lanes_all(0), square = lanes_all(0);
#pragma GCC unroll 8
  for (int i = 0; i < GB_QUANTUM; i++) {
    lanes v = lanes_load(in + i * stride);
    lanes_store(tap + i * GB_CHANNELS, v);
    if (step) gain += *step;
    v *= gain;
    peak = lanes_max(peak, lanes_abs(v));
    square += v * v;
    x[i] = ring[i] = v;
  }
  *gain_now = gain;
  return (input_meter){peak, square};
}

// x: out; ring: the same, kept for the align delay
static inline input_meter input_process(input_glide *g, const float *in, long stride, int count, float *tap, lanes *ring, lanes *x) {
  float padded[GB_QUANTUM][LANES];
  if (count < LANES) {
    in = input_pad(in, stride, count, padded);
    stride = LANES;
  }
  if (!g->left) return input_run(&g->now.gain, NULL, in, stride, tap, ring, x);
  const input_meter m = input_run(&g->now.gain, &g->step.gain, in, stride, tap, ring, x);
  GLIDE_STEPPED(g);
  return m;
}
