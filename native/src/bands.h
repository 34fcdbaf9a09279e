// bands.h - the 32 ERB bands of features and masks, 50 Hz to 20 kHz, evenly spaced in ERB number (Glasberg and Moore 1990).
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
