// half.h - every second frame: a half-band filter of 23 taps (Kaiser, 56 dB down from 0.28 of the rate on), for lanes.
#pragma once
#include "lanes.h"

enum { HALF_TAPS = 6, HALF_PAST = 22, HALF_MOST = 32 };      // taps either side, at odd distances; frames before; frames at once
typedef struct { float tap[HALF_TAPS]; } half_coefs;
typedef struct { lanes past[HALF_PAST]; } half_state;

static inline double half_bessel(double x) {      // I0
  double sum = 1, term = 1;
  for (int k = 1; k < 30; k++) sum += term *= x * x / (4.0 * k * k);
  return sum;
}
static inline void half_design(half_coefs *c) {
  double sum = 0, h[HALF_TAPS];
  for (int k = 0; k < HALF_TAPS; k++) {
    const double t = 2 * k + 1, x = t / (HALF_PAST / 2 + 1);
    sum += 2 * (h[k] = sin(M_PI * t / 2) / (M_PI * t) * half_bessel(5 * sqrt(1 - x * x)) / half_bessel(5));
  }
  for (int k = 0; k < HALF_TAPS; k++) c->tap[k] = (float)(h[k] * 0.5 / sum);
}

// out[n / 2]: the frame in the middle of the filter is 11 before x[1]
static inline void half_process(const half_coefs *c, half_state *s, const lanes *x, int n, lanes *out) {
  lanes room[HALF_PAST + HALF_MOST];
  memcpy(room, s->past, sizeof s->past);
  memcpy(room + HALF_PAST, x, (size_t)n * sizeof *x);
  memcpy(s->past, room + n, sizeof s->past);
  for (int i = 0; i < n / 2; i++) {
    const lanes *middle = room + 2 * i + HALF_PAST / 2;
    lanes sum = 0.5f * middle[0];
#pragma GCC unroll 6
    for (int k = 0; k < HALF_TAPS; k++) sum += c->tap[k] * (middle[-2 * k - 1] + middle[2 * k + 1]);
    out[i] = sum;
  }
}
