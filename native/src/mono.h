// mono.h - bass in the middle: below a corner the side signal of main is taken out (an "elliptical equaliser"), so that no lows sit on one side.
#pragma once
#include "svf.h"

typedef struct { GLIDE(svf_coefs) side; svf_state state; } mono_bass;      // lane 0 is in use

static inline void mono_design(mono_bass *b, float hz, float wet, int quanta) {
  svf_set(&b->side.goal, 0, svf_high_pass(hz, M_SQRT1_2, wet));
  GLIDE_AIM(&b->side, 0, quanta);
}
static inline void mono_init(mono_bass *b) {
  memset(b, 0, sizeof *b);
  for (int k = 0; k < LANES; k++) svf_set(&b->side.now, k, svf_neutral());
  b->side.goal = b->side.now;
}
static inline int mono_idle(const mono_bass *b) { return !b->side.left && svf_is_neutral(&b->side.now); }

static inline void mono_process(mono_bass *b, float *left, float *right) {
  lanes side[GB_QUANTUM];
  for (int i = 0; i < GB_QUANTUM; i++) side[i] = lanes_all(0.5f * (left[i] - right[i]));
  if (b->side.left) svf_run_moving(&b->side.now, &b->side.step, &b->state, side, GB_QUANTUM);
  else svf_run(&b->side.now, &b->state, side, GB_QUANTUM, SVF_IS_PASS);
  GLIDE_STEPPED(&b->side);
  if (mono_idle(b)) b->state = (svf_state){lanes_all(0), lanes_all(0)};      // or it would ring on when next it is used
  for (int i = 0; i < GB_QUANTUM; i++) {
    const float middle = 0.5f * (left[i] + right[i]), aside = lanes_get(side[i], 0);
    left[i] = middle + aside;
    right[i] = middle - aside;
  }
}
