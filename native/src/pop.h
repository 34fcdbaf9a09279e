// pop.h - the plug guard: a cable that is pulled or plugged, or phantom power that is switched, bangs; the strip is mute before the PA has it.
// Quanta are looked at as a whole and muted before they go on, so nothing is delayed. Idle, it is one comparison: only what is twice as loud as
// all that the strip carried of late is watched, for 150 ms. A hit, a plosive or a note is not muted for being loud; a bang is one of:
// - a step: an edge of two samples, then two quanta at its height, flat. A kick's edge is slower, or its top swings;
// - a thump: one sign for 24 ms, half a period of 21 Hz: longer than of any note;
// - crackle: spikes of a few samples with nothing between them, three or more, or a contact that bounces: two steps.
// What then swings back and forth evenly was a note with a hard edge (a square wave out of silence), and is let through at once.
#pragma once
#include "glide.h"

enum { POP_WATCH = 225, POP_HOLD = 450, POP_RAMP = 300, POP_HASTE = 8, POP_TRIAL = 60, POP_STAYS = 36, POP_SPIKES = 3 };      // quanta of 0.67 ms
#define POP_FORGET 0.9999233f      // what is of late fades by 1 dB a second
#define POP_FALL 0.86f             // and what is just now by 20 dB in 10 ms
#define POP_LEAST 0.1f             // nothing below -20 dBFS behind the trim is a bang
typedef struct { int on; } pop_params;
typedef struct { lanes least; } pop_coefs;      // peaks worth a look; beyond all sound where switched off
typedef struct {
  lanes recent, now, before, tail[2];      // peaks: of late, of the last 15 ms, the same a quantum ago; the last two samples
  lanes busy, watch, most, quiet;          // quanta left to watch, the loudest in them, and out of what it came
  lanes flat, level, abrupt, stays, spikes;      // quanta of a step (its edge is the first), its height, whether it came out of quiet; quanta of one sign; spikes
  lanes hold, shut, back;                  // quanta to be mute, 1 - gain, by how much it opens a quantum
  lanes height, age, side, turns, half;    // of the step that muted, quanta since its edge; on which side of zero it is, how often that turned, and when it first did
} pop_state;
// Of a quantum. jump: the most from a sample to the next but one; way: from each to the next, added up; filled: how many are above a fifth of top
typedef struct { lanes low, high, mean, top, jump, way, filled; } pop_shape;

// A channel that begins, begins anywhere in its sound: for one watch it only learns how loud that is.
static inline void pop_reset(pop_state *s) {
  *s = (pop_state){0};
  s->watch = s->busy = lanes_all(POP_WATCH);
  s->quiet = lanes_all(1e9f);
}
static inline void pop_design(pop_coefs *c, int lane, pop_params p) { lanes_put(&c->least, lane, p.on ? POP_LEAST : 1e9f); }

INLINE pop_shape pop_look(const pop_state *s, const lanes *x, int n) {
  lanes a = s->tail[0], b = s->tail[1], sum = lanes_all(0);
  pop_shape q = {x[0], x[0], sum, sum, sum, sum, sum};
  for (int i = 0; i < n; i++) {
    q.low = lanes_min(q.low, x[i]);
    q.high = lanes_max(q.high, x[i]);
    q.jump = lanes_max(q.jump, lanes_abs(x[i] - a));
    q.way += lanes_abs(x[i] - b);
    sum += x[i];
    a = b;
    b = x[i];
  }
  q.mean = sum * (1.0f / (float)n);
  q.top = lanes_max(q.high, -q.low);
  for (int i = 0; i < n; i++) q.filled += lanes_select(lanes_abs(x[i]) > 0.2f * q.top, lanes_all(1), lanes_all(0));
  return q;
}

// What is twice as loud as all of late opens the watch; while it lasts, what is of late stays as it was.
INLINE void pop_watch(const pop_coefs *c, pop_state *s, const pop_shape *q) {
  const lanes none = lanes_all(0);
  const ilanes opens = (q->top > lanes_max(c->least, 2 * s->recent)) & (s->watch <= 0);
  s->watch = lanes_select(opens, lanes_all(POP_WATCH), s->watch);
  s->quiet = lanes_select(opens, s->before, s->quiet);
  s->most = lanes_max(lanes_select(opens, none, s->most), q->top);
  s->flat = lanes_select(opens, none, s->flat);
  s->stays = lanes_select(opens, none, s->stays);
  s->spikes = lanes_select(opens, none, s->spikes);
}

// Steps count their quanta in `flat`: the edge is the first, and two as high and flat must follow.
INLINE ilanes pop_is_step(pop_state *s, const pop_shape *q, ilanes loud) {
  const lanes none = lanes_all(0), one = lanes_all(1), height = lanes_abs(q->mean);
  const ilanes edge = loud & (q->jump > 0.75f * q->top), clean = (s->before < 0.25f * q->top) & (q->way < 2 * q->jump);
  const ilanes first = (s->flat < 2) & (height > 0.7f * s->most) & (height < 1.4f * s->level), goes_on = (s->flat > 1) & (q->mean * s->level > 0.85f * s->level * s->level);
  const ilanes flat = (s->flat > 0) & (q->high - q->low < 0.2f * height) & (first | goes_on);
  s->abrupt = lanes_select(edge, lanes_select(clean & ((s->flat != 1) | (s->abrupt > 0)), one, none), s->abrupt);
  s->level = lanes_select(flat & first, q->mean, lanes_select(edge & (flat == 0), q->jump, s->level));
  s->flat = lanes_select(flat, s->flat + 1, lanes_select(edge, one, none));
  s->age = lanes_select(edge & (s->hold <= 0), none, s->age + 1);
  const ilanes step = s->flat > 2;
  s->spikes = lanes_select(step, s->spikes + 2, s->spikes);      // in the midst of a sound a single step may be a drum that clips
  s->flat = lanes_select(step, none, s->flat);
  return step & (s->abrupt > 0);
}
INLINE ilanes pop_is_thump(pop_state *s, const pop_shape *q) {
  const ilanes stays = (q->low * q->high > 0) & (lanes_abs(q->mean) > 0.3f * s->most);
  s->stays = lanes_select(stays, s->stays + 1, lanes_all(0));
  return s->stays >= POP_STAYS;
}
INLINE ilanes pop_is_crackle(pop_state *s, const pop_shape *q, ilanes loud) {
  const ilanes spike = loud & (q->filled <= 6) & (q->jump > 0.7f * q->top) & (q->top > 0.5f * s->most);
  s->spikes = lanes_select(spike, s->spikes + 1, s->spikes);
  return s->spikes >= POP_SPIKES;
}

// After the edge one sign, then as long the other, and so three times: a note.
INLINE ilanes pop_is_note(pop_state *s, const pop_shape *q) {
  const lanes none = lanes_all(0), height2 = s->height * s->height;
  const ilanes turns = (s->hold > POP_HOLD - POP_TRIAL) & (height2 > 0) & (q->mean * s->height * s->side < -0.05f * height2);
  s->side = lanes_select(turns, -s->side, s->side);
  s->turns = lanes_select(turns, s->turns + 1, s->turns);
  s->half = lanes_select(turns & (s->turns < 2), s->age, s->half);
  const lanes off = lanes_abs(s->age - s->turns * s->half) - 0.1f * s->age;
  s->height = lanes_select(turns & (off > 1.5f), none, s->height);
  return turns & (s->turns > 2) & (off <= 1.5f);
}

INLINE void pop_decide(const pop_coefs *c, pop_state *s, const pop_shape *q) {
  const lanes none = lanes_all(0);
  const ilanes watched = s->watch > 0, loud = watched & (q->top > lanes_max(c->least, 2 * s->recent));
  const ilanes step = pop_is_step(s, q, loud), thump = pop_is_thump(s, q), crackle = pop_is_crackle(s, q, loud);
  const ilanes bang = watched & (s->quiet < 0.1f * s->most) & (step | thump | crackle), first = bang & (s->hold <= 0);
  s->height = lanes_select(first, s->level, s->height);
  s->turns = lanes_select(first, none, s->turns);
  s->side = lanes_select(first, lanes_all(1), s->side);
  s->hold = lanes_select(first, lanes_all(POP_HOLD), lanes_select(bang, lanes_max(s->hold, lanes_all(POP_HOLD - POP_TRIAL)), s->hold));
  s->back = lanes_select(first, lanes_all(1.0f / POP_RAMP), s->back);
  const ilanes note = pop_is_note(s, q);
  s->hold = lanes_select(note, none, s->hold);
  s->back = lanes_select(note, lanes_all(1.0f / POP_HASTE), s->back);
  s->watch = lanes_select(note, none, lanes_select(bang, lanes_all(POP_WATCH), s->watch));
  s->flat = lanes_select(bang, none, s->flat);
  s->stays = lanes_select(bang, none, s->stays);
}

// Counts down. When a mute or a watch is over, what comes in has become what is of late. Returns who is mute for good.
INLINE ilanes pop_count(pop_state *s, const pop_shape *q) {
  const lanes none = lanes_all(0), hold = lanes_max(s->hold - 1, none), watch = lanes_max(s->watch - 1, none);
  const ilanes opens = (s->hold > 0) & (hold <= 0), sure = (s->hold > POP_HOLD - POP_TRIAL) & (hold <= POP_HOLD - POP_TRIAL);
  const ilanes calm = (hold <= 0) & ((watch <= 0) | opens);
  const lanes heard = lanes_select((s->watch > 0) & (s->shut <= 0), s->most, q->top);
  s->recent = lanes_select(calm, lanes_max(heard, s->recent * POP_FORGET), s->recent);
  s->watch = lanes_select(opens, none, watch);
  s->most = lanes_select(s->watch > 0, s->most, none);
  s->hold = hold;
  return sure;
}

INLINE void pop_mute(pop_state *s, lanes *x, int n) {
  const lanes goal = lanes_select(s->hold > 0, lanes_all(1), lanes_max(s->shut - s->back, lanes_all(0)));
  const lanes step = (goal - s->shut) * (1.0f / (float)n);
  lanes open = 1 - s->shut;
  for (int i = 0; i < n; i++) x[i] *= open -= step;
  s->shut = goal;
}

static inline unsigned pop_run(const pop_coefs *c, pop_state *s, lanes *x, int n) {
  const pop_shape q = pop_look(s, x, n);
  pop_watch(c, s, &q);
  pop_decide(c, s, &q);
  if (lanes_any((s->hold > 0) | (s->shut > 0))) pop_mute(s, x, n);
  const ilanes sure = pop_count(s, &q);
  s->busy = s->watch + s->hold + s->shut;
  unsigned popped = 0;
  for (int k = 0; k < LANES; k++) popped |= (unsigned)(lanes_get(lanes_select(sure, lanes_all(1), lanes_all(0)), k) > 0) << k;
  return popped;
}

// peak: of this quantum, x is that quantum. Returns a bit for each lane that was found to have banged.
static inline unsigned pop_process(const pop_coefs *c, pop_state *s, lanes peak, lanes *x, int n) {
  const lanes a = x[n - 2], b = x[n - 1], top = lanes_select(peak < 1e4f, peak, lanes_all(0));      // what is no sound was silenced already
  unsigned popped = 0;
  if (lanes_any((top > lanes_max(c->least, 2 * s->recent)) | (s->busy > 0))) popped = pop_run(c, s, x, n);
  else s->recent = lanes_max(top, s->recent * POP_FORGET);
  s->before = s->now;
  s->now = lanes_max(top, s->now * POP_FALL);
  s->tail[0] = a;
  s->tail[1] = b;
  return popped;
}
