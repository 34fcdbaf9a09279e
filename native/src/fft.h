// fft.h - spectrum of up to 2048 real frames for LANES channels at once (Stockham, radix 4, a radix-2 pass at the end where one is left over).
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

// Transforms `count` real frames, a power of two and FFT_FRAMES at most; frames and work, as much room, are overwritten. fft_pair reads what is returned.
static inline const fft_value *fft_real(const fft_table *t, int count, lanes *frames, lanes *work) {
  fft_value *x = (fft_value *)frames, *y = (fft_value *)work;    // even frames are real parts, odd ones imaginary
  int size = count / 2, stride = 1;
  for (; size > 2; size /= 4, stride *= 4) {
    fft_pass4(t, size, stride, x, y);
    fft_value *swap = x;
    x = y;
    y = swap;
  }
  if (size == 1) return x;
  for (int q = 0; q < stride; q++) {
    const fft_value a = x[q], b = x[q + stride];
    y[q] = (fft_value){a.re + b.re, a.im + b.im};
    y[q + stride] = (fft_value){a.re - b.re, a.im - b.im};
  }
  return y;
}

// Bins k and count/2 - k, 0 <= k <= count/4, of what fft_real returned: splits the two interleaved real spectra and joins them.
INLINE void fft_pair(const fft_table *t, const fft_value *y, int count, int k, fft_value *low, fft_value *high) {
  const fft_value a = y[k], b = y[(count / 2 - k) & (count / 2 - 1)];
  const fft_value even = {0.5f * (a.re + b.re), 0.5f * (a.im - b.im)}, odd = {0.5f * (a.im + b.im), 0.5f * (b.re - a.re)};
  const fft_value turned = fft_turn(odd, t->cos[k * (FFT_FRAMES / count)], t->sin[k * (FFT_FRAMES / count)]);
  *low = (fft_value){even.re + turned.re, even.im + turned.im};
  *high = (fft_value){even.re - turned.re, turned.im - even.im};
}

// power: |X|^2 of bins 0..count/2, both ends included
static inline void fft_power(const fft_table *t, int count, lanes *frames, lanes *work, lanes *power) {
  const fft_value *y = fft_real(t, count, frames, work);
  for (int k = 0; k <= count / 4; k++) {
    fft_value low, high;
    fft_pair(t, y, count, k, &low, &high);
    power[k] = low.re * low.re + low.im * low.im;
    power[count / 2 - k] = high.re * high.re + high.im * high.im;
  }
}

// How both of the next end: even results are one part of the spectrum, odd ones sums of the other; sines have the two parts exchanged.
INLINE void fft_weave(const fft_table *t, const fft_value *y, int sines, lanes first, lanes *frames) {
  for (int k = 0; k <= FFT_HALF / 4; k++) {
    fft_value low, high;
    fft_pair(t, y, FFT_HALF, k, &low, &high);
    frames[2 * k] = sines ? low.im : low.re;
    frames[2 * k + 1] = sines ? low.re : low.im;
    if (!k) continue;
    frames[FFT_HALF - 2 * k] = sines ? high.im : high.re;
    frames[FFT_HALF - 2 * k + 1] = sines ? high.re : high.im;
  }
  lanes odd = frames[1] = sines ? -0.5f * frames[1] : first;
  for (int k = 3; k < FFT_HALF; k += 2) frames[k] = odd -= frames[k];
}
// Sums of x[j] cos(pi j k / FFT_HALF), the ends of 0..FFT_HALF counting half, and of -x[j] sin(pi j k / FFT_HALF), 0 < j < FFT_HALF; for k < FFT_HALF, into
// frames; each by one transform of half the length (Press et al., Numerical Recipes: cosft1, sinft; its signs). x may be frames; work: FFT_HALF of room.
static inline void fft_cosines(const fft_table *t, const lanes *x, lanes *frames, lanes *work) {
  lanes odd = 0.5f * (x[0] - x[FFT_HALF]);
  frames[0] = 0.5f * (x[0] + x[FFT_HALF]);
  for (int j = 1; j <= FFT_HALF / 2; j++) {
    const lanes a = x[j], b = x[FFT_HALF - j], half = 0.5f * (a + b), apart = (b - a) * t->sin[j];
    odd += (j < FFT_HALF / 2 ? a - b : lanes_all(0)) * t->cos[j];
    frames[j] = half - apart;
    frames[FFT_HALF - j] = half + apart;
  }
  fft_weave(t, fft_real(t, FFT_HALF, frames, work), 0, odd, frames);
}
static inline void fft_sines(const fft_table *t, lanes *frames, lanes *work) {
  frames[0] = lanes_all(0);
  for (int j = 1; j <= FFT_HALF / 2; j++) {
    const lanes a = frames[j], b = frames[FFT_HALF - j], sum = (a + b) * -t->sin[j], apart = 0.5f * (a - b);
    frames[j] = sum + apart;
    frames[FFT_HALF - j] = sum - apart;
  }
  fft_weave(t, fft_real(t, FFT_HALF, frames, work), 1, lanes_all(0), frames);
}
