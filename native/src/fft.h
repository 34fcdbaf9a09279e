// fft.h - power spectrum of up to 2048 real frames for LANES channels at once (Stockham, radix 4, a radix-2 pass at the end where one is left over).
#pragma once
#include "lanes.h"

enum { FFT_FRAMES = 2048, FFT_HALF = FFT_FRAMES / 2 };
typedef struct { lanes re, im; } fft_value;
typedef struct { float cos[FFT_FRAMES], sin[FFT_FRAMES]; } fft_table;      // e^(-2 pi i k / FFT_FRAMES)

static inline void fft_design(fft_table *t) {
  for (int k = 0; k < FFT_FRAMES; k++) {
    t->cos[k] = (float)cos(2 * M_PI * k / FFT_FRAMES);
    t->sin[k] = (float)-sin(2 * M_PI * k / FFT_FRAMES);
  }
}
INLINE fft_value fft_turn(fft_value v, float c, float s) { return (fft_value){v.re * c - v.im * s, v.re * s + v.im * c}; }

static inline void fft_pass4(const fft_table *t, int size, int stride, const fft_value *x, fft_value *y) {
  const int quarter = size / 4, turn = FFT_FRAMES / size;
  for (int p = 0; p < quarter; p++) {
    const int k = p * turn;
    for (int q = 0; q < stride; q++) {
      const fft_value a = x[q + stride * p], b = x[q + stride * (p + quarter)], c = x[q + stride * (p + 2 * quarter)], d = x[q + stride * (p + 3 * quarter)];
      const fft_value ac = {a.re + c.re, a.im + c.im}, amc = {a.re - c.re, a.im - c.im};
      const fft_value bd = {b.re + d.re, b.im + d.im}, jbmd = {d.im - b.im, b.re - d.re};
      fft_value *out = y + q + stride * 4 * p;
      out[0] = (fft_value){ac.re + bd.re, ac.im + bd.im};
      out[stride] = fft_turn((fft_value){amc.re - jbmd.re, amc.im - jbmd.im}, t->cos[k], t->sin[k]);
      out[2 * stride] = fft_turn((fft_value){ac.re - bd.re, ac.im - bd.im}, t->cos[2 * k], t->sin[2 * k]);
      out[3 * stride] = fft_turn((fft_value){amc.re + jbmd.re, amc.im + jbmd.im}, t->cos[3 * k], t->sin[3 * k]);
    }
  }
}

// frames: `count` windowed frames, a power of two and FFT_FRAMES at most, overwritten; work: as much room; power: |X|^2 of bins 0..count/2-1
static inline void fft_power(const fft_table *t, int count, lanes *frames, lanes *work, lanes *power) {
  fft_value *x = (fft_value *)frames, *y = (fft_value *)work;    // even frames are real parts, odd ones imaginary
  const int half = count / 2, turn = FFT_FRAMES / count;
  int size = half, stride = 1;
  for (; size > 2; size /= 4, stride *= 4) {
    fft_pass4(t, size, stride, x, y);
    fft_value *swap = x;
    x = y;
    y = swap;
  }
  if (size == 2) {
    for (int q = 0; q < stride; q++) {
      const fft_value a = x[q], b = x[q + stride];
      y[q] = (fft_value){a.re + b.re, a.im + b.im};
      y[q + stride] = (fft_value){a.re - b.re, a.im - b.im};
    }
    x = y;
  }
  for (int k = 0; k < half; k++) {                                // split the two interleaved real spectra, then join
    const fft_value a = x[k], b = x[(half - k) & (half - 1)];
    const fft_value even = {0.5f * (a.re + b.re), 0.5f * (a.im - b.im)}, odd = {0.5f * (a.im + b.im), 0.5f * (b.re - a.re)};
    const fft_value turned = fft_turn(odd, t->cos[k * turn], t->sin[k * turn]);
    const lanes re = even.re + turned.re, im = even.im + turned.im;
    power[k] = re * re + im * im;
  }
}
