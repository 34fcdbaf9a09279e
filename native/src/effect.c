// effect.c - designs and runs an effect. Changing its kind, its decay or its time by much gives the sound to another unit; the old one rings out as it was.
#include "effect.h"

static const float MUCH = 1.25f, LOUDEST = 1e12f;      // no sound: a number that is none would ring for ever
static int sleeps(const effect_unit *u) { return u->quiet >= EFFECT_QUIET; }
static int is_reverb(int unit) { return unit < EFFECT_UNITS / 2; }

void effect_init(effect *e) {
  memset(e, 0, sizeof *e);
  for (int k = 0; k < LANES; k++) svf_set(&e->cut.now, k, svf_neutral());
  e->cut.goal = e->cut.now;
  for (int n = 0; n < EFFECT_UNITS; n++) {
    e->units[n].quiet = EFFECT_QUIET;
    if (is_reverb(n)) reverb_reset(&e->units[n].of_reverb);
  }
}

static int feed_goal(const effect *e, int unit) { return unit == e->unit && e->kind != EFFECT_OFF ? EFFECT_FEED : 0; }

static int differs(float a, float b) { return a > b * MUCH || b > a * MUCH; }
// The unit for this sound: the one at work, its other where that sleeps and much is new, or the first of another kind that is free.
static int unit_for(const effect *e, enum effect_kind kind, effect_params p) {
  const int first = kind == EFFECT_REVERB ? 0 : EFFECT_UNITS / 2, same = e->unit / 2 == first / 2, now = same ? e->unit : first, other = now ^ 1;
  const effect_unit *u = &e->units[now];
  if (sleeps(u) || !sleeps(&e->units[other])) return now;
  return !same || e->kind == EFFECT_OFF || differs(u->set.decay_s, p.decay_s) || differs(u->set.time_s, p.time_s) ? other : now;
}

static void design_unit(effect_unit *u, int reverb, effect_params p, int quanta) {
  u->set = p;
  head_aim(&u->head, (int)lrintf(p.time_s * GB_RATE));
  if (reverb) {
    if (sleeps(u)) reverb_size(&u->of_reverb, p.decay_s);
    reverb_design(&u->reverb.goal, u->of_reverb.frames, (reverb_params){p.decay_s, p.tone_hz});
    for (int k = 0; k < LANES; k++) GLIDE_AIM(&u->reverb, k, quanta);
  } else {
    delay_design(&u->delay.goal, (delay_params){p.time_s, p.decay_s, p.tone_hz, p.pingpong});
    for (int k = 0; k < LANES; k++) GLIDE_AIM(&u->delay, k, quanta);
  }
  if (!sleeps(u)) return;      // nobody hears it jump
  head_jump(&u->head);
  if (reverb) u->reverb.now = u->reverb.goal, u->reverb.left = 0, memset(u->reverb.due, 0, sizeof u->reverb.due);
  else u->delay.now = u->delay.goal, u->delay.left = 0, memset(u->delay.due, 0, sizeof u->delay.due);
}

void effect_design(effect *e, enum effect_kind kind, effect_params p, int quanta) {
  if (kind != EFFECT_OFF) {
    const int unit = unit_for(e, kind, p);
    if (unit != e->unit) {      // heard where the one before it was
      e->units[unit].back.goal = e->units[e->unit].back.goal;
      for (int k = 0; k < LANES; k++) GLIDE_AIM(&e->units[unit].back, k, quanta);
    }
    e->unit = unit;
    design_unit(&e->units[unit], is_reverb(unit), p, quanta);
  }
  e->kind = kind;
}

void effect_design_cut(effect *e, float hz, int quanta) {
  for (int k = 0; k < LANES; k++) {
    svf_set(&e->cut.goal, k, svf_high_pass(hz, M_SQRT1_2, 1));
    GLIDE_AIM(&e->cut, k, quanta);
  }
}

// silent: muted, so that nothing rings out either. Else the unit at work goes there; what rings out stays as loud as it was.
void effect_design_return(effect *e, const effect_return *to, int silent, int quanta, int hurried) {
  for (int n = 0; n < EFFECT_UNITS; n++) {
    effect_unit *u = &e->units[n];
    if (!silent && n != e->unit) continue;
    if (silent) memset(&u->back.goal, 0, sizeof u->back.goal);
    else if (e->kind != EFFECT_OFF) u->back.goal = *to;
    for (int k = 0; k < LANES; k++) {
      if (hurried) GLIDE_HURRY(&u->back, k);
      GLIDE_AIM(&u->back, k, quanta);
    }
  }
}

static float peak_of(const float *x) {
  float most = 0;
  for (int i = 0; i < GB_QUANTUM; i++) most = fmaxf(most, fabsf(x[i]));
  return most;
}

static void add(effect_unit *u, const float *left, const float *right, lanes (*sum)[GB_QUANTUM]) {
  effect_return c = u->back.now;
  for (int row = 0; row < BUS_ROWS; row++)
    for (int i = 0; i < GB_QUANTUM; i++) {
      if (u->back.left) c.left[row] += u->back.step.left[row], c.right[row] += u->back.step.right[row];
      sum[row][i] += c.left[row] * lanes_all(left[i]) + c.right[row] * lanes_all(right[i]);
    }
  u->back.now = c;
  GLIDE_STEPPED(&u->back);
}

// x: what it is given, spoilt
static void run_unit(effect_unit *u, effect_memory *m, int reverb, float *x, lanes (*sum)[GB_QUANTUM]) {
  float left[GB_QUANTUM], right[GB_QUANTUM], most = peak_of(x);
  if (reverb) {
    tape_write(m->before, u->frame, x);
    head_play(&u->head, m->before, u->frame, x);
    head_stepped(&u->head);
    most = fmaxf(most, reverb_process(&u->reverb, &u->of_reverb, &m->reverb, u->frame, x, left, right));
  } else most = fmaxf(most, delay_process(&u->delay, &u->of_delay, &u->head, &m->delay, u->frame, x, left, right));
  add(u, left, right, sum);
  u->frame += GB_QUANTUM;
  u->quiet = most > EFFECT_SILENT ? 0 : u->quiet + 1;
}

static void cut(effect *e, const float *x, float *y) {
  lanes v[GB_QUANTUM];
  for (int i = 0; i < GB_QUANTUM; i++) v[i] = lanes_all(x[i]);
  if (e->cut.left) svf_run_moving(&e->cut.now, &e->cut.step, &e->cut_state, v, GB_QUANTUM);
  else svf_run(&e->cut.now, &e->cut_state, v, GB_QUANTUM, SVF_IS_PASS);
  GLIDE_STEPPED(&e->cut);
  for (int i = 0; i < GB_QUANTUM; i++) y[i] = lanes_get(v[i], 0);
}

void effect_process(effect *e, effect_memory *m, const float *x, lanes (*sum)[GB_QUANTUM]) {
  float wet[GB_QUANTUM] = {0}, square = 0;
  for (int i = 0; x && i < GB_QUANTUM; i++) square += x[i] * x[i];
  const int sounds = square > EFFECT_SILENT * EFFECT_SILENT && square <= LOUDEST && e->kind != EFFECT_OFF;
  if ((sounds || e->awake) && x && square <= LOUDEST) cut(e, x, wet);
  e->awake = 0;
  for (int n = 0; n < EFFECT_UNITS; n++) {
    effect_unit *u = &e->units[n];
    const int goal = feed_goal(e, n), step = (goal > u->fed) - (goal < u->fed);
    if (!sleeps(u) || (sounds && goal)) {
      float given[GB_QUANTUM], part = (float)u->fed / EFFECT_FEED;
      for (int i = 0; i < GB_QUANTUM; i++, part += (float)step / (EFFECT_FEED * GB_QUANTUM)) given[i] = part * wet[i];
      run_unit(u, &m[n], is_reverb(n), given, sum);
    }
    u->fed += step;      // also in silence: the first hit after it is heard whole
    e->awake |= !sleeps(u);
  }
}
