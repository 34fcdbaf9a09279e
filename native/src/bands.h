// bands.h - the 32 ERB bands of features and masks, 50 Hz to 20 kHz, evenly spaced in ERB number (Glasberg and Moore 1990).
#pragma once
#include <math.h>

#include "gigbox.h"

static inline double erb_number(double hz) { return 21.4 * log10(1 + 0.00437 * hz); }
static inline double erb_hz(double number) { return (pow(10, number / 21.4) - 1) / 0.00437; }
// Centre of a band; a half is the point midway to the next.
static inline double band_hz(double band) {
  double low = erb_number(50), high = erb_number(20000);
  return erb_hz(low + band * (high - low) / (GB_BANDS - 1));
}
// Where a frequency lies among the bands: 0 at the first centre, GB_BANDS - 1 at the last, and no further.
static inline double band_at(double hz) {
  double low = erb_number(50), high = erb_number(20000), at = (erb_number(hz) - low) / (high - low) * (GB_BANDS - 1);
  return at < 0 ? 0 : at > GB_BANDS - 1 ? GB_BANDS - 1 : at;
}
