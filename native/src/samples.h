// samples.h - samples as cards have them, little endian, and as the engine has them: float, full scale at 1. One channel: `step` bytes or floats apart.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "card.h"

static inline int samples_bytes(int format) { return format == GB_S24_3 ? 3 : format == GB_S16 ? 2 : 4; }

static inline int32_t samples_get(const char *p, int format) {      // as 32 bits
  int32_t wide = 0;
  int16_t narrow;
  switch (format) {
    case GB_S16: memcpy(&narrow, p, 2); return (int32_t)((uint32_t)narrow << 16);
    case GB_S24_3: memcpy((char *)&wide + 1, p, 3); return wide;
    case GB_S24: memcpy(&wide, p, 4); return (int32_t)((uint32_t)wide << 8);
    default: memcpy(&wide, p, 4); return wide;
  }
}

static inline void samples_take(const char *from, int step, int format, float *to, int stride, int frames) {
  for (int i = 0; i < frames; i++) to[i * stride] = (float)samples_get(from + (ptrdiff_t)i * step, format) * (1.0f / 2147483648.0f);
}

// To the nearest step of the card, held at full scale; what is no number is silence.
static inline int32_t samples_round(float x, float scale) {
  x *= scale;
  if (!(x > -scale)) return x <= -scale ? (int32_t)-scale : 0;
  return x >= scale - 1 ? (int32_t)(scale == 2147483648.0f ? 2147483647.0 : scale - 1) : (int32_t)lrintf(x);
}

static inline void samples_give(const float *from, int stride, char *to, int step, int format, int frames) {
  for (int i = 0; i < frames; i++) {
    const float x = from[i * stride];
    char *p = to + (ptrdiff_t)i * step;
    const int32_t wide = samples_round(x, format == GB_S32 ? 2147483648.0f : format == GB_S16 ? 32768.0f : 8388608.0f);
    memcpy(p, &wide, (size_t)samples_bytes(format));
  }
}

// The same with the format known when compiled.
static inline void samples_take_all(const char *from, int step, int format, float *to, int stride, int frames) {
  switch (format) {
    case GB_S16: samples_take(from, step, GB_S16, to, stride, frames); return;
    case GB_S24_3: samples_take(from, step, GB_S24_3, to, stride, frames); return;
    case GB_S24: samples_take(from, step, GB_S24, to, stride, frames); return;
    default: samples_take(from, step, GB_S32, to, stride, frames);
  }
}
static inline void samples_give_all(const float *from, int stride, char *to, int step, int format, int frames) {
  switch (format) {
    case GB_S16: samples_give(from, stride, to, step, GB_S16, frames); return;
    case GB_S24_3: samples_give(from, stride, to, step, GB_S24_3, frames); return;
    case GB_S24: samples_give(from, stride, to, step, GB_S24, frames); return;
    default: samples_give(from, stride, to, step, GB_S32, frames);
  }
}
