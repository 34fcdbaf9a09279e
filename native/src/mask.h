// mask.h - from 32 band gains to the taps of a filter, linear phase (256 taps, exactly 128 frames late) or minimum phase (128 taps).
// Between band centres the wanted gain is a straight line in dB. Both ways are linear maps, made once:
//   linear:  taps = M1 * gains at 63 points (centres and midpoints);  minimum: cepstrum = M2 * log gains, then the recursion
//   n h[n] = sum k c[k] h[n-k]  (Oppenheim and Schafer, Discrete-Time Signal Processing, cepstrum of a minimum-phase sequence).
#pragma once
#include "bands.h"
#include "lanes.h"

enum { MASK_TAPS = 256, MASK_DELAY = 128, MASK_SHORT = 128, MASK_POINTS = 2 * GB_BANDS - 1 };
typedef struct {
  float linear[MASK_DELAY][MASK_POINTS];      // row m: tap MASK_DELAY +- m
  float cepstrum[MASK_SHORT][GB_BANDS];
  float fade[MASK_SHORT];
  float width[GB_BANDS];                      // Hz
} mask_maps;

static inline void mask_design(mask_maps *maps) {
  enum { GRID = 2048 };                       // from 0 to half the rate
  memset(maps, 0, sizeof *maps);
  for (int b = 0; b < GB_BANDS; b++) maps->width[b] = (float)(erb_hz(erb_number(band_hz(b)) + 0.5) - erb_hz(erb_number(band_hz(b)) - 0.5));
  for (int m = 0; m < MASK_DELAY; m++) {
    double window = 0.5 + 0.5 * cos(M_PI * m / MASK_DELAY), taper = window > 0 ? pow(window, 0.35) : 0;
    for (int k = 0; k < GRID; k++) {
      double hz = (k + 0.5) * GB_RATE / 2 / GRID, wave = cos(M_PI * (k + 0.5) * m / GRID) / GRID;
      double at = band_at(hz) * 2, part = at - floor(at);
      int point = at >= MASK_POINTS - 1 ? MASK_POINTS - 2 : (int)at;
      if (point == MASK_POINTS - 2 && at >= MASK_POINTS - 1) part = 1;
      maps->linear[m][point] += (float)(taper * wave * (1 - part));
      maps->linear[m][point + 1] += (float)(taper * wave * part);
      double band = band_at(hz), share = band - floor(band);
      int b = band >= GB_BANDS - 1 ? GB_BANDS - 2 : (int)band;
      if (band >= GB_BANDS - 1) share = 1;
      maps->cepstrum[m][b] += (float)(wave * (1 - share) * M_LN2);
      maps->cepstrum[m][b + 1] += (float)(wave * share * M_LN2);
    }
    maps->fade[m] = m < MASK_SHORT - 32 ? 1 : (float)(0.5 + 0.5 * cos(M_PI * (m - (MASK_SHORT - 32) + 0.5) / 32));
  }
}

// log_gain: log2 of the wanted gain in each band, for LANES channels
static inline void mask_linear(const mask_maps *maps, const lanes *log_gain, lanes *taps) {
  lanes gain[MASK_POINTS];
  for (int p = 0; p < MASK_POINTS; p++) gain[p] = lanes_exp2(p % 2 ? 0.5f * (log_gain[p / 2] + log_gain[p / 2 + 1]) : log_gain[p / 2]);
  taps[0] = lanes_all(0);
  for (int m = 0; m < MASK_DELAY; m++) {
    lanes sum = lanes_all(0);
    for (int p = 0; p < MASK_POINTS; p++) sum += maps->linear[m][p] * gain[p];
    taps[MASK_DELAY + m] = taps[MASK_DELAY - m] = sum;
  }
}
static inline void mask_minimum(const mask_maps *maps, const lanes *log_gain, lanes *taps) {
  lanes c[MASK_SHORT];
  for (int n = 0; n < MASK_SHORT; n++) {
    lanes sum = lanes_all(0);
    for (int b = 0; b < GB_BANDS; b++) sum += maps->cepstrum[n][b] * log_gain[b];
    c[n] = sum * (2.0f * (float)n);
    if (n == 0) taps[0] = lanes_exp2(sum * (float)M_LOG2E);
  }
  for (int n = 1; n < MASK_SHORT; n++) {
    lanes sum = lanes_all(0);
    for (int k = 1; k <= n; k++) sum += c[k] * taps[n - k];
    taps[n] = sum * (1.0f / (float)n);
  }
  for (int n = 0; n < MASK_SHORT; n++) taps[n] *= maps->fade[n];
}
