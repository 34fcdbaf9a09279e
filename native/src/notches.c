// notches.c - the guard's own notches: who has which, what is left alone; they deepen, merge, are lifted, killed and told.
#include "engine.h"
#include "notches.h"

// In an emergency the whole output goes down by so much, again after PRESS_S at the soonest, and comes up by RAISE_DB every RAISE_S when it has been held. Where
// that made it howl again it is held twice as long each time: in a room with more peaks than notches nothing else helps than less gain.
static const float DIP_DB = 3, DIP_MOST_DB = 12, RAISE_DB = 1;
static const float NEVER_DB = 1000;      // no level is louder
static const double PRESS_S = 0.3, HELD_S = 5, HELD_MOST_S = 60, RAISE_S = 2;

void notch_apply(gb_engine *e, int o, int slot, int quanta) {
  const gb_notch *n = &e->guard.live[o][slot];
  bus_notch(&e->bus, o, FIXED + slot, (notch){n->hz > 0 ? n->hz : 1000, n->gain_db, n->q > 0 ? n->q : Q_NEW}, quanta);
  e->rack->guard.live[o][slot] = *n;
}
void notch_let_go(gb_engine *e, int o, int slot) {
  gb_notch *n = &e->guard.live[o][slot];
  n->gain_db = 0;
  notch_apply(e, o, slot, GENTLE);
  n->state = GB_NOTCH_FREE;
  e->rack->guard.live[o][slot] = *n;
}
int notch_slot_near(const guard *g, int o, float hz, double ratio) {
  for (int s = 0; s < LIVE; s++)
    if (g->live[o][s].state != GB_NOTCH_FREE && pitch_near(g->live[o][s].hz, hz, ratio)) return s;
  return -1;
}
// A free one, or the one that was not needed for longest, 10 s at least.
int notch_slot_for(guard *g, int o, uint64_t now) {
  int oldest = -1;
  for (int s = 0; s < LIVE; s++) {
    if (g->live[o][s].state == GB_NOTCH_FREE) return s;
    if (g->live[o][s].state == GB_NOTCH_TESTING || now < g->needed[o][s] + SECONDS(10)) continue;
    if (oldest < 0 || g->needed[o][s] < g->needed[o][oldest]) oldest = s;
  }
  return oldest;
}
static void set_dip(gb_engine *e, int o, float dip, int quanta) {
  e->bus.dip[o] = dip;
  e->rack->guard.dip[o] = -20 * log10f(dip);
  bus_design(&e->bus, o - 1, BUS_GAIN, quanta, e->values);
}
void output_hold_down(gb_engine *e, int o, uint64_t now) {
  guard_dip *d = &e->guard.dip[o];
  if (now < d->pressed + SECONDS(PRESS_S)) return;
  d->held_s = e->bus.dip[o] == 1 ? HELD_S : d->raised > d->pressed ? fmin(2 * d->held_s, HELD_MOST_S) : d->held_s;
  d->pressed = now;
  d->until = now + SECONDS(d->held_s);
  set_dip(e, o, fmaxf(e->bus.dip[o] * powf(10, -DIP_DB / 20), powf(10, -DIP_MOST_DB / 20)), QUICK);
}
static void raise_again(gb_engine *e, int o, uint64_t now) {
  guard_dip *d = &e->guard.dip[o];
  if (e->bus.dip[o] == 1 || now < d->until) return;
  d->raised = now;
  d->until = now + SECONDS(RAISE_S);
  set_dip(e, o, fminf(e->bus.dip[o] * powf(10, RAISE_DB / 20), 1), GENTLE);
}

guard_shy *notch_shy(guard *g, int o, float hz) {
  for (int i = 0; i < GUARD_SHY; i++)
    if (pitch_near(g->shy[o][i].hz, hz, 1.02)) return &g->shy[o][i];
  return NULL;
}
void notch_leave_alone(guard *g, int o, float hz, float db, uint64_t now, double seconds) {
  guard_shy *mine = notch_shy(g, o, hz);
  if (!mine) {
    mine = &g->shy[o][0];
    for (int i = 1; i < GUARD_SHY; i++)
      if (g->shy[o][i].until < mine->until) mine = &g->shy[o][i];
    *mine = (guard_shy){.hz = hz};
  }
  if (now > mine->last + SECONDS(60)) mine->times = 0;
  mine->last = now;
  mine->db = db;
  mine->until = now + SECONDS(seconds * (double)(1 << (mine->times < 8 ? mine->times++ : 8)));
}


static void look_after(gb_engine *e, int o, uint64_t now) {
  guard *g = &e->guard;
  for (int s = 0; s < LIVE; s++) {
    gb_notch *n = &g->live[o][s];
    if (n->state == GB_NOTCH_FREE || n->state == GB_NOTCH_TESTING || now < g->needed[o][s] + SECONDS(60)) continue;
    n->state = GB_NOTCH_LIFTING;
    g->needed[o][s] += SECONDS(10);
    n->gain_db += STEP_DB;
    if (n->gain_db > -1) notch_let_go(e, o, s);
    else notch_apply(e, o, s, GENTLE);
  }
  raise_again(e, o, now);
}

static void drop_all(gb_engine *e, int o, int only, uint64_t now, double quiet) {
  guard *g = &e->guard;
  for (int s = 0; s < LIVE; s++) {
    if (g->live[o][s].state == GB_NOTCH_FREE || (only >= 0 && s != only)) continue;
    for (int i = 0; i < GUARD_TRIALS; i++)
      if (g->test[o][i].slot == s) g->test[o][i].slot = -1;
    if (quiet > 0) notch_leave_alone(g, o, g->live[o][s].hz, NEVER_DB, now, quiet);
    notch_let_go(e, o, s);
  }
}

// What it holds of live notches is taken over where there is none: the engine was started again, or a scene recalled.
static void take(gb_engine *e, int o, uint64_t now) {
  guard *g = &e->guard;
  for (int s = 0; s < LIVE; s++) {
    const notch told = e->bus.told[o][s], was = g->told[o][s];
    g->told[o][s] = told;
    if (told.gain_db > -0.5f || (told.gain_db == was.gain_db && told.hz == was.hz && told.q == was.q)) continue;
    const guard_shy *shy = notch_shy(g, o, told.hz);
    if (g->live[o][s].state != GB_NOTCH_FREE || notch_slot_near(g, o, told.hz, TWELFTH) >= 0 || (shy && now < shy->until)) continue;
    g->live[o][s] = (gb_notch){.state = GB_NOTCH_LIVE, .cause = GB_NOTCH_TOLD, .hz = told.hz, .gain_db = fmaxf(told.gain_db, -DEEPEST_DB), .q = told.q, .since = now};
    g->needed[o][s] = now;
    notch_apply(e, o, s, GENTLE);
  }
}
void notches_obey(gb_engine *e, uint64_t now) {
  guard *g = &e->guard;
  for (int o = 0; o < GB_GUARDED; o++) {
    const int kill = e->bus.kill[o];
    if (g->on[o] && !e->bus.guarded[o]) {
      drop_all(e, o, -1, now, 0);
      if (e->bus.dip[o] < 1) set_dip(e, o, 1, GENTLE);
    }
    g->on[o] = e->bus.guarded[o];
    if (kill != g->killed[o] && kill > FIXED) drop_all(e, o, kill > FIXED + LIVE ? -1 : kill - FIXED - 1, now, 300);
    g->killed[o] = kill;
    if (g->on[o]) take(e, o, now);
    look_after(e, o, now);
  }
}

