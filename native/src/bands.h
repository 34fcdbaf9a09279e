// bands.h - the 32 ERB bands of features, 50 Hz to 20 kHz, evenly spaced in ERB number (Glasberg and Moore 1990); and the fine bands of masks:
// single bins of 23.4 Hz while these are the wider step, then equal shares of an ERB, up to the same top.
#pragma once
#include <math.h>

#include "gigbox.h"

enum { BAND_LOW = 50, BAND_HIGH = 20000 };
static inline double erb_number(double hz) { return 21.4 * log10(1 + 0.00437 * hz); }
static inline double erb_hz(double number) { return (pow(10, number / 21.4) - 1) / 0.00437; }
// Centre of a band; a half is the point midway to the next.
static inline double band_hz(double band) {
  double low = erb_number(BAND_LOW), high = erb_number(BAND_HIGH);
  return erb_hz(low + band * (high - low) / (GB_BANDS - 1));
}
// Where a frequency lies among `count` bands from `low` to BAND_HIGH: 0 at the first centre, count - 1 at the last, and no further.
static inline double band_among(int count, double low, double hz) {
  double first = erb_number(low), last = erb_number(BAND_HIGH), at = (erb_number(hz) - first) / (last - first) * (count - 1);
  return at < 0 ? 0 : at > count - 1 ? count - 1 : at;
}
static inline double band_at(double hz) { return band_among(GB_BANDS, BAND_LOW, hz); }

static const double FINE_STEP = (double)GB_RATE / 2048;      // Hz: one bin of the spectrum that fine bands are sums of
static inline double fine_climb(double share, double *hz) {
  hz[0] = 2 * FINE_STEP;
  for (int i = 1; i < GB_FINE_BANDS; i++) hz[i] = hz[i - 1] + fmax(FINE_STEP, share * 24.7 * (0.00437 * hz[i - 1] + 1));
  return hz[GB_FINE_BANDS - 1];
}
// Centres of the fine bands: the share of an ERB is the one that ends at BAND_HIGH.
static inline void fine_hz(double *hz) {
  double low = 0, high = 1;
  for (int i = 0; i < 60; i++) {
    const double share = (low + high) / 2;
    *(fine_climb(share, hz) < BAND_HIGH ? &low : &high) = share;
  }
  hz[GB_FINE_BANDS - 1] = BAND_HIGH;
}
// Where a frequency lies among centres, a straight line in Hz from one to the next; as band_among at the ends.
static inline double fine_at(const double *centre, double hz) {
  int i = 0;
  while (i < GB_FINE_BANDS - 2 && hz >= centre[i + 1]) i++;
  return i + fmin(fmax((hz - centre[i]) / (centre[i + 1] - centre[i]), 0), 1);
}
