// mask.h - from fine band gains to the taps of a filter of mixed phase. Between band centres the wanted gain is a straight line in dB. What of the log
// gain is slower than the look-ahead (a quefrency below it, faded out from half of it on) stays zero-phase, as linear phase is; the rest, which is what parts
// harmonics, becomes minimum phase (Oppenheim and Schafer, Discrete-Time Signal Processing: the phase is the transform of the folded cepstrum).
// Without look-ahead all is minimum phase. What comes late is slow: the filter's end has nothing to say above 6 kHz, and has a tap every 4 frames.
#pragma once
#include "bands.h"
#include "fft.h"

enum { MASK_DELAY = 128, MASK_NEAR = 128, MASK_FAST = MASK_DELAY + MASK_NEAR };      // frames of look-ahead; and behind, where the fast taps end
enum { MASK_FROM = 64, MASK_END = 1024, MASK_STEP = 4, MASK_FIRST = 67, MASK_SLOW = (MASK_END - MASK_FROM) / MASK_STEP };      // slow taps: at 67, 71 .. 1023
typedef struct { lanes fast[MASK_FAST], slow[MASK_SLOW]; } mask_taps;
typedef struct {
  float share[FFT_HALF + 1];                  // where a bin lies between centre `band[k]` and the next
  int band[FFT_HALF + 1];
  float fold[2][FFT_HALF];                  // without and with look-ahead: from cosines of log2 gains to a cepstrum whose sines are turns
  float fast_ends[MASK_FAST], slow_ends[MASK_SLOW];
  float width[GB_FINE_BANDS];                 // Hz
  float spread[GB_FINE_BANDS];                // where a fine band lies among the GB_BANDS
} mask_maps;

static inline double mask_rise(double x) { return x <= 0 ? 0 : x >= 1 ? 1 : pow(sin(M_PI / 2 * x), 2); }
static inline double mask_late(int frame) { return mask_rise((double)(frame - MASK_FROM) / (MASK_NEAR - MASK_FROM)); }      // share of the slow taps

static inline void mask_design(mask_maps *maps) {
  double centre[GB_FINE_BANDS];
  memset(maps, 0, sizeof *maps);
  fine_hz(centre);
  for (int k = 0; k <= FFT_HALF; k++) {
    const double at = fine_at(centre, k * FINE_STEP);
    maps->band[k] = at >= GB_FINE_BANDS - 1 ? GB_FINE_BANDS - 2 : (int)at;
    maps->share[k] = (float)(at - maps->band[k]);
  }
  for (int n = 0; n < FFT_HALF; n++)
    for (int ahead = 0; ahead < 2; ahead++) {
      const double slow = ahead ? fmin(fmax((MASK_DELAY - n) / (MASK_DELAY / 2.0), 0), 1) : n == 0;
      maps->fold[ahead][n] = (float)(4 * (1 - slow) / FFT_FRAMES * M_LN2 / (2 * M_PI));
    }
  for (int i = 0; i < MASK_FAST; i++)
    maps->fast_ends[i] = (float)(mask_rise(i / (MASK_DELAY / 2.0)) * (1 - mask_late(i - MASK_DELAY)) / FFT_FRAMES);
  for (int i = 0; i < MASK_SLOW; i++) {
    const int at = MASK_FIRST + MASK_STEP * i;
    maps->slow_ends[i] = (float)(MASK_STEP * mask_late(at) * mask_rise((MASK_END - at) / (MASK_END / 4.0)) / FFT_FRAMES);
  }
  for (int b = 0; b < GB_FINE_BANDS; b++) {
    maps->width[b] = (float)((centre[b < GB_FINE_BANDS - 1 ? b + 1 : b] - centre[b ? b - 1 : b]) / 2);
    maps->spread[b] = (float)band_at(centre[b]);
  }
}

typedef struct { lanes frames[FFT_FRAMES], work[FFT_FRAMES], level[FFT_HALF + 1]; } mask_room;

// One bin of the spectrum, of a size in log2 and a phase in turns: both of its parts in one real sequence (Hartley), whose transform has the taps of
// both directions.
INLINE void mask_bin(mask_room *r, int k, lanes turns) {
  const lanes size = lanes_exp2(r->level[k]);
  lanes re, im;
  lanes_circle(turns, &re, &im);
  r->frames[(FFT_FRAMES - k) % FFT_FRAMES] = size * (re - im);
  r->frames[k] = size * (re + im);
}

static inline void mask_cut(const mask_maps *maps, const fft_table *t, const fft_value *y, int lookahead, mask_taps *taps) {
  lanes behind[FFT_HALF + 1];
  for (int k = 0; k <= FFT_HALF / 2; k++) {
    fft_value low, high;
    fft_pair(t, y, FFT_FRAMES, k, &low, &high);
    behind[k] = low.re + low.im;
    behind[FFT_HALF - k] = high.re + high.im;
    if (k && k <= lookahead) taps->fast[lookahead - k] = (low.re - low.im) * maps->fast_ends[lookahead - k];
  }
  for (int n = 0; n < MASK_NEAR; n++) taps->fast[lookahead + n] = behind[n] * maps->fast_ends[MASK_DELAY + n];
  for (int i = 0; i < MASK_SLOW; i++) taps->slow[i] = behind[MASK_FIRST + MASK_STEP * i] * maps->slow_ends[i];
}

// log_gain: log2 of the wanted gain in each fine band, for LANES channels; lookahead: MASK_DELAY or 0
static inline void mask_taps_of(const mask_maps *maps, const fft_table *t, mask_room *r, const lanes *log_gain, int lookahead, mask_taps *taps) {
  const float *fold = maps->fold[lookahead > 0];
  for (int k = 0; k <= FFT_HALF; k++) {
    const lanes at = log_gain[maps->band[k]];
    r->level[k] = at + maps->share[k] * (log_gain[maps->band[k] + 1] - at);
  }
  fft_cosines(t, r->level, r->frames, r->work);
  for (int n = 0; n < FFT_HALF; n++) r->frames[n] *= fold[n];
  fft_sines(t, r->frames, r->work);
  for (int k = 0; k < FFT_HALF; k++) mask_bin(r, k, r->frames[k]);
  mask_bin(r, FFT_HALF, lanes_all(0));
  mask_cut(maps, t, fft_real(t, FFT_FRAMES, r->frames, r->work), lookahead, taps);
}
