// tape.h - a sound that is remembered, and a head that plays it so much later. A head that moves is cross-faded to its new place: no pitch is heard.
#pragma once
#include "gigbox.h"

enum { TAPE = 65536, HEAD_FADE = 30 };      // frames, 1.37 s; quanta, 20 ms
typedef struct { int at, next, goal, fade; } tape_head;      // frames late; fade: quanta to go

static inline void head_start(tape_head *h) {      // a fade under way is finished first
  if (h->fade || h->goal == h->at) return;
  h->next = h->goal;
  h->fade = HEAD_FADE;
}
static inline void head_aim(tape_head *h, int frames) {
  h->goal = frames;
  head_start(h);
}
static inline void head_jump(tape_head *h) { *h = (tape_head){h->goal, h->goal, h->goal, 0}; }

static inline void tape_write(float *tape, unsigned frame, const float *x) { memcpy(tape + frame % TAPE, x, GB_QUANTUM * sizeof *x); }
static inline void tape_read(const float *tape, unsigned frame, float *y) {
  for (unsigned i = 0; i < GB_QUANTUM; i++) y[i] = tape[(frame + i) % TAPE];
}
// y[GB_QUANTUM]: what the head plays from `frame` on; several heads may play one tape, so they are stepped apart.
static inline void head_play(const tape_head *h, const float *tape, unsigned frame, float *y) {
  tape_read(tape, frame - (unsigned)h->at, y);
  if (!h->fade) return;
  float next[GB_QUANTUM], part = (float)(HEAD_FADE - h->fade) / HEAD_FADE;
  tape_read(tape, frame - (unsigned)h->next, next);
  for (int i = 0; i < GB_QUANTUM; i++, part += 1.0f / (HEAD_FADE * GB_QUANTUM)) y[i] += part * (next[i] - y[i]);
}
static inline void head_stepped(tape_head *h) {
  if (!h->fade || --h->fade) return;
  h->at = h->next;
  head_start(h);
}
