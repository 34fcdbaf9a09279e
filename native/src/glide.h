// glide.h - coefficients that move to a new goal in a straight line, one step a frame, so that nothing clicks.
// T is a struct of `lanes` only. The audio loop runs from `now`, adding `step` each frame while `left` > 0.
#pragma once
#include "gigbox.h"
#include "lanes.h"

enum { GLIDE_CHECK = 16 };      // quanta: a long glide's steps are near the rounding of what they are added to, so they are taken anew on the way
#define GLIDE(T) struct { T now, step, goal; int left, due[LANES]; }      // due: quanta each lane has to go; left: the most of them
#define GLIDE_LANES(g) (lanes *)&(g)->now, (lanes *)&(g)->step, (lanes *)&(g)->goal, sizeof (g)->now / sizeof(lanes), (g)->due
#define GLIDE_AIM(g, lane, quanta) ((g)->left = glide_aim(GLIDE_LANES(g), lane, quanta))
#define GLIDE_HURRY(g, lane) ((g)->due[lane] = 0)      // before a goal that no slow one may hold up
#define GLIDE_STEPPED(g) do { if ((g)->left) (g)->left = glide_stepped(GLIDE_LANES(g)); } while (0)
#define GLIDE_JUMP(g) do { glide_jump((lanes *)&(g)->now, (const lanes *)&(g)->step, sizeof (g)->now / sizeof(lanes)); GLIDE_STEPPED(g); } while (0)

static inline void glide_jump(lanes *now, const lanes *step, int count) {      // a whole quantum at once
  for (int i = 0; i < count; i++) now[i] += GB_QUANTUM * step[i];
}
static inline int glide_left(const int *due) {
  int most = 0;
  for (int k = 0; k < LANES; k++) most = due[k] > most ? due[k] : most;
  return most;
}
static inline void glide_step(const lanes *now, lanes *step, const lanes *goal, int count, int quanta, int lane) {
  for (int i = 0; i < count; i++) lanes_put(step + i, lane, (lanes_get(goal[i], lane) - lanes_get(now[i], lane)) * (1.0f / (float)(quanta * GB_QUANTUM)));
}
// A quick goal never hurries a slow one that is under way; the other lanes are left alone.
static inline int glide_aim(lanes *now, lanes *step, lanes *goal, int count, int *due, int lane, int quanta) {
  if (quanta > due[lane]) due[lane] = quanta;
  if (due[lane] < 1) due[lane] = 1;
  glide_step(now, step, goal, count, due[lane], lane);
  return glide_left(due);
}
static inline int glide_stepped(lanes *now, lanes *step, lanes *goal, int count, int *due) {
  for (int k = 0; k < LANES; k++) {
    if (!due[k]) continue;
    if (--due[k]) {
      if (due[k] % GLIDE_CHECK == 0) glide_step(now, step, goal, count, due[k], k);
      continue;
    }
    lanes_fill(step, count, k, 0);
    for (int i = 0; i < count; i++) lanes_put(now + i, k, lanes_get(goal[i], k));
  }
  return glide_left(due);
}
