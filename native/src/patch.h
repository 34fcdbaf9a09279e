// patch.h - wires between a card and the mixer: which column of interleaved frames each one carries (0: none). A wire that is moved is cross-faded.
#pragma once
#include "lanes.h"

enum { PATCH_WIRES = 32 };
typedef struct { int from, next, goal, fade, length, quanta; } patch_wire;      // fade: quanta to go, of `length`; quanta: what the next one takes; from, next and goal count from 1
typedef struct { patch_wire wire[PATCH_WIRES]; uint32_t straight; } patch_wires;      // straight: a bit for each wire that rests at its own column

static inline void patch_start(patch_wires *p, int n) {      // a fade under way is finished first
  patch_wire *w = &p->wire[n];
  if (!w->fade && w->goal != w->from) w->next = w->goal, w->fade = w->length = w->quanta;
  p->straight = (p->straight & ~(1u << n)) | (uint32_t)(!w->fade && w->from == n + 1) << n;
}
static inline void patch_design(patch_wires *p, int n, int column, int quanta) {
  p->wire[n].goal = column;
  p->wire[n].quanta = quanta;      // of the next one alone: a fade whose length shrank on its way would pass its ends, many times over
  patch_start(p, n);
}
static inline void patch_jump(patch_wires *p) {
  for (int n = 0; n < PATCH_WIRES; n++) {
    p->wire[n] = (patch_wire){.from = p->wire[n].goal, .goal = p->wire[n].goal};
    patch_start(p, n);
  }
}
// Every wire carries its own column: the frames can be read as they are.
static inline int patch_straight(const patch_wires *p, int wires, int columns) {
  return wires <= columns && !(~p->straight << (PATCH_WIRES - wires));
}

static inline float patch_read(const float *in, int column, int columns) { return column >= 1 && column <= columns ? in[column - 1] : 0; }

static inline void patch_move(patch_wires *p, int n, const float *in, int stride, int columns, float *out, int wires) {
  patch_wire *w = &p->wire[n];
  const float step = 1.0f / (float)(w->length * GB_QUANTUM);
  float part = (float)(w->length - w->fade) / (float)w->length;
  for (int i = 0; i < GB_QUANTUM; i++, part += step) {
    const float was = patch_read(in + i * stride, w->from, columns);
    out[i * wires + n] = was + part * (patch_read(in + i * stride, w->next, columns) - was);
  }
  if (--w->fade) return;
  w->from = w->next;
  patch_start(p, n);
}

// in: a quantum of frames of `columns`, `stride` floats from one to the next; out: the same of `wires`.
static inline void patch_process(patch_wires *p, const float *in, int stride, int columns, float *out, int wires) {
  for (int n = 0; n < wires; n++) {
    if (p->wire[n].fade) patch_move(p, n, in, stride, columns, out, wires);
    else
      for (int i = 0; i < GB_QUANTUM; i++) out[i * wires + n] = patch_read(in + i * stride, p->wire[n].from, columns);
  }
}
