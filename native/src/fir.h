// fir.h - the denoise filter: one set of taps per lane, cross-faded to the next set in 64 frames.
#pragma once
#include "mask.h"

enum { FIR_FADE = 64 };
typedef struct { lanes now[MASK_TAPS], next[MASK_TAPS]; int fade, count; } fir_coefs;    // fade: frames of cross-fade left

// x[-MASK_TAPS + 1 .. n) is sound. Blocks of 8 frames share each load of a tap.
static inline void fir_run(const lanes *taps, int count, const lanes *x, lanes *y, int n) {
  for (int i = 0; i < n; i += 8) {
    lanes sum[8];
    for (int k = 0; k < 8; k++) sum[k] = lanes_all(0);
    for (int t = 0; t < count; t++) {
      const lanes h = taps[t], *v = x + i - t;
      for (int k = 0; k < 8; k++) sum[k] += h * v[k];
    }
    for (int k = 0; k < 8; k++) y[i + k] = sum[k];
  }
}

static inline void fir_process(fir_coefs *c, const lanes *x, lanes *y, int n) {
  if (!c->fade) {
    fir_run(c->now, c->count, x, y, n);
    return;
  }
  lanes fresh[GB_QUANTUM];
  fir_run(c->now, c->count, x, y, n);
  fir_run(c->next, c->count, x, fresh, n);
  for (int i = 0; i < n; i++, c->fade--) y[i] += (fresh[i] - y[i]) * (1 - (float)(c->fade - 1) / FIR_FADE);
  if (!c->fade) memcpy(c->now, c->next, sizeof c->now);
}
