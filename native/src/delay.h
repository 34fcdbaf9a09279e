// delay.h - echoes: two tapes, left and right, with a low-pass in their loop; or one that throws them from side to side.
#pragma once
#include "glide.h"
#include "tape.h"

typedef struct { float time_s, decay_s, tone_hz; int pingpong; } delay_params;      // decay: until echoes are 60 dB down
typedef struct { lanes keep, dull, cross; } delay_coefs;      // gain of a pass and of its low-pass; 1: left goes to right. The same in every lane
typedef GLIDE(delay_coefs) delay_glide;
typedef struct { float left, right; } delay_state;      // of the low-passes
typedef struct { float left[TAPE], right[TAPE]; } delay_memory;

static inline void delay_design(delay_coefs *c, delay_params p) {
  c->keep = lanes_all(fminf(powf(10, -3 * p.time_s / p.decay_s), 0.99f));
  c->dull = lanes_all(1 - expf(-2 * (float)M_PI * p.tone_hz / GB_RATE));
  c->cross = lanes_all((float)p.pingpong);
}

// x: the input; left, right: out; all [GB_QUANTUM]. Returns the most that the tapes take.
static inline float delay_process(delay_glide *g, delay_state *state, tape_head *head, delay_memory *m, unsigned frame, const float *x, float *left, float *right) {
  float keep = lanes_get(g->now.keep, 0), dull = lanes_get(g->now.dull, 0), cross = lanes_get(g->now.cross, 0), most = 0;
  const float part = g->left ? 1 : 0, keep_step = part * lanes_get(g->step.keep, 0), dull_step = part * lanes_get(g->step.dull, 0), cross_step = part * lanes_get(g->step.cross, 0);
  float to_left[GB_QUANTUM], to_right[GB_QUANTUM];
  delay_state s = *state;
  head_play(head, m->left, frame, left);
  head_play(head, m->right, frame, right);
  for (int i = 0; i < GB_QUANTUM; i++) {
    keep += keep_step, dull += dull_step, cross += cross_step;
    left[i] = s.left += dull * (left[i] - s.left);
    right[i] = s.right += dull * (right[i] - s.right);
    const float both = (float)M_SQRT1_2 * (1 - cross);
    to_left[i] = (both + cross) * x[i] + keep * (left[i] + cross * (right[i] - left[i]));
    to_right[i] = both * x[i] + keep * (right[i] + cross * (left[i] - right[i]));
    most = fmaxf(most, fmaxf(fabsf(to_left[i]), fabsf(to_right[i])));
  }
  tape_write(m->left, frame, to_left);
  tape_write(m->right, frame, to_right);
  head_stepped(head);
  *state = s;
  if (g->left) GLIDE_JUMP(g);
  return most;
}
