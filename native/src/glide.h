// glide.h - coefficients that move to a new goal in a straight line, one step a frame, so that nothing clicks.
// T is a struct of `lanes` only. The audio loop runs from `now`, adding `step` each frame while `left` > 0.
#pragma once
#include "gigbox.h"
#include "lanes.h"

#define GLIDE(T) struct { T now, step, goal; int left; }
#define GLIDE_AIM(g, quanta) ((g)->left = glide_aim((lanes *)&(g)->now, (lanes *)&(g)->step, (lanes *)&(g)->goal, sizeof (g)->now / sizeof(lanes), quanta))
#define GLIDE_STEPPED(g) do { if ((g)->left && --(g)->left == 0) (g)->now = (g)->goal; } while (0)

static inline int glide_aim(lanes *now, lanes *step, const lanes *goal, int count, int quanta) {
  if (quanta < 1) quanta = 1;
  for (int i = 0; i < count; i++) step[i] = (goal[i] - now[i]) * (1.0f / (float)(quanta * GB_QUANTUM));
  return quanta;
}
