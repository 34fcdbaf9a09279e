// align.h - whole-frame delay per lane, to line up microphones (up to 20 ms). A new delay is cross-faded in.
#pragma once
#include "glide.h"

enum { ALIGN_RING = 1024, ALIGN_FADE = 75 };        // 20 ms and a quantum fit; 50 ms of cross-fade, in quanta
typedef struct { int delay[LANES], next[LANES], goal[LANES], fade[LANES], busy; } align_coefs;      // busy: some lane is delayed, or may be
typedef struct { lanes ring[ALIGN_RING]; } align_state;

static inline void align_start(align_coefs *c, int lane) {      // a fade under way is finished first
  if (c->fade[lane] || c->goal[lane] == c->delay[lane]) return;
  c->next[lane] = c->goal[lane];
  c->fade[lane] = ALIGN_FADE;
}
static inline void align_design(align_coefs *c, int lane, float ms) {
  c->goal[lane] = (int)lrintf(ms * 1e-3f * GB_RATE);
  align_start(c, lane);
  c->busy = 1;
}
static inline int align_idle(const align_coefs *c) {
  int any = 0;
  for (int k = 0; k < LANES; k++) any |= c->delay[k] | c->fade[k];
  return !any;
}
INLINE float *align_cell(align_state *s, unsigned at, int lane) { return (float *)&s->ring[at & (ALIGN_RING - 1)] + lane; }

// at: frame number of x[0] (it may wrap), which the ring holds already, even while idle: so a delay starts with real sound.
static inline void align_process(align_coefs *c, align_state *s, lanes *x, int n, unsigned at) {
  if (!c->busy) return;
  for (int k = 0; k < LANES; k++) {
    float mix = c->fade[k] ? 1 - (float)c->fade[k] / ALIGN_FADE : 0, step = c->fade[k] ? 1.0f / (ALIGN_FADE * GB_QUANTUM) : 0;
    for (int i = 0; i < n; i++, mix += step) {
      const unsigned now = at + (unsigned)i;
      float old = *align_cell(s, now - (unsigned)c->delay[k], k);
      lanes_put(x + i, k, old + mix * (*align_cell(s, now - (unsigned)c->next[k], k) - old));
    }
    if (!c->fade[k] || --c->fade[k]) continue;
    c->delay[k] = c->next[k];
    align_start(c, k);
  }
  c->busy = !align_idle(c);
}
