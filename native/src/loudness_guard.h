// loudness_guard.h - a slow limiter by loudness (K-weighted, as BS.1770 has it): ears are safe from what is loud for long, peaks are another block's business.
// Buses are lanes while they are heard and turned down; between, once a quantum, each is a number. The sides of a pair go together.
#pragma once
#include "kmeter.h"
#include "mix.h"

typedef struct { float most[GB_OUTPUTS]; int any; } loudness_coefs;      // power allowed, 0: any
typedef struct { kmeter_state k[BUS_ROWS]; float brief[GB_OUTPUTS], power[GB_OUTPUTS], gain[GB_OUTPUTS]; int busy; } loudness_state;      // means over 100 ms, 400 ms

static inline void loudness_design(loudness_coefs *c, int bus, float most_lufs, int on) {
  c->most[bus] = on ? powf(10, (most_lufs + 0.691f) / 10) : 0;
  c->any = 0;
  for (int b = 0; b < GB_OUTPUTS; b++) c->any |= c->most[b] > 0;
}
static inline void loudness_reset(loudness_state *s) {
  memset(s, 0, sizeof *s);
  for (int bus = 0; bus < GB_OUTPUTS; bus++) s->gain[bus] = 1;
}
static inline int loudness_idle(const loudness_coefs *c, const loudness_state *s) { return !(c->any | s->busy); }

// other[GB_OUTPUTS]: the other side of a pair, or the bus itself; square[GB_OUTPUTS]: of this quantum. It comes down with the 400 ms of momentary loudness, goes up by some 3 dB a second, and never faster than 20 dB a second.
static inline void loudness_decide(const loudness_coefs *c, const int *other, loudness_state *s, const float *square) {
  const float quantum_s = (float)GB_QUANTUM / GB_RATE, brief = quantum_s / 0.1f, rise = quantum_s / 0.4f, fall = quantum_s / 1.5f, slew = 1 + 2.3026f * quantum_s;
  s->busy = 0;
  for (int bus = 0; bus < GB_OUTPUTS; bus++) s->brief[bus] += (square[bus] * (1.0f / GB_QUANTUM) - s->brief[bus]) * brief;
  for (int bus = 0; bus < GB_OUTPUTS; bus++) {
    const float heard = s->brief[bus] + (other[bus] == bus ? 0 : s->brief[other[bus]]), was = s->gain[bus];
    s->power[bus] += (heard - s->power[bus]) * (heard > s->power[bus] ? rise : fall);
    const float goal = c->most[bus] > 0 && s->power[bus] > c->most[bus] ? sqrtf(c->most[bus] / s->power[bus]) : 1;
    s->gain[bus] = fminf(fmaxf(goal, was / slew), was * slew);
    s->busy |= s->gain[bus] < 1;
  }
}
// sum: [BUS_ROWS][GB_QUANTUM], in place
static inline void loudness_process(const loudness_coefs *c, const int *other, loudness_state *s, lanes (*sum)[GB_QUANTUM]) {
  float square[BUS_ROWS * LANES], was[BUS_ROWS * LANES];
  for (int row = 0; row < BUS_ROWS; row++) lanes_store(square + row * LANES, kmeter_process(&s->k[row], sum[row], GB_QUANTUM).square);
  memcpy(was, s->gain, sizeof was);
  const int before = s->busy;
  loudness_decide(c, other, s, square);
  if (!(before | s->busy)) return;
  for (int row = 0; row < BUS_ROWS; row++) {
    lanes gain = lanes_load(was + row * LANES), step = (lanes_load(s->gain + row * LANES) - gain) * (1.0f / GB_QUANTUM);
    for (int i = 0; i < GB_QUANTUM; i++) sum[row][i] *= gain += step;
  }
}
