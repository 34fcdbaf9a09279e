// trial.c - a suspicion is tried with a cut that comes, goes and comes again: what the level makes of that says whether a loop answers.
#include "engine.h"
#include "notches.h"
#include "trial.h"

static const float FIRST_DB = 6, MORE_DB = 12, LEAST_DB = 6, URGENT_DB = 12;      // of a cut: at first, at the second try, of a notch
static const float Q_LEAST = 5, Q_MERGED = 7, WIDTH_HZ = 40;      // a narrower one answers too slowly for a trial
// What is an answer: dB, what may be left over of it, dB and its parts; seconds around the loop
static const float ANSWER_DB = 1.5f, OFF_DB = 0.12f, OFF_PART = 0.2f, STRAIGHT_PART = 0.1f, EARLY_PART = 0.09f, LOOP_LEAST_S = 0.004f, LOOP_MOST_S = 0.2f;
static const float FIRST_OFF_DB = 0.65f, FIRST_OFF_MOST_DB = 0.9f, FIRST_BENT_PART = 0.75f, EARLY_BENT_PART = 0.25f;      // where nothing has rung of late: a loop answers straight, a note does not
static const float HELD_MOST_S = 0.4f;                       // a limiter that holds it gives back most of a cut
static const float LOUD_DB = -3;                             // dB re full scale: what grows on to here while it is tried is held by what clips
static const float DECAY_DB = 0.5f, HASTE_DB_S = 150;        // a tick that it is to fall with the notch; what grows fast, though it was tried already

int bus_limited(const gb_engine *e, int bus) { return e->rack->buses.limiter_gain[bus] < 0.8f; }
float bus_fader_db(const gb_engine *e, int bus) {      // of its fader, as it is now
  return 20 * log10f(fabsf(lanes_get(e->bus.gain[bus / LANES].now.gain, bus % LANES)) + 1e-9f);
}

guard_test *trial_free(guard *g, int o, float hz) {
  guard_test *free = NULL;
  for (int i = 0; i < GUARD_TRIALS; i++) {
    if (g->test[o][i].slot < 0) free = &g->test[o][i];
    else if (pitch_near(g->test[o][i].hz, hz, THIRD)) return NULL;      // two cuts so near are one
  }
  return free;
}
void trial_begin(gb_engine *e, int o, guard_test suspicion, const howl_track *t, guard_test *free, uint64_t now) {
  gb_notch *n = &e->guard.live[o][suspicion.slot];
  const int again = n->state != GB_NOTCH_FREE && pitch_near(n->hz, suspicion.hz, SIXTH);
  if (!again) *n = (gb_notch){.q = fminf(fmaxf(suspicion.hz / WIDTH_HZ, Q_LEAST), Q_NEW), .since = now, .hz = suspicion.hz};
  *free = suspicion;
  free->was_db = n->gain_db;
  free->was_q = n->q;
  free->cut_db = suspicion.urgent ? URGENT_DB : FIRST_DB;
  if (again && !pitch_near(n->hz, suspicion.hz, TWELFTH)) n->hz = sqrtf(n->hz * suspicion.hz), n->q = fminf(n->q, Q_MERGED);
  n->gain_db = fmaxf(n->gain_db - free->cut_db, -DEEPEST_DB);
  n->state = GB_NOTCH_TESTING;
  n->strip = (uint32_t)suspicion.strip;
  n->growth = suspicion.growth;
  n->level = t->db[HOWL_SPAN - 1] + bus_fader_db(e, suspicion.bus);
  notch_apply(e, o, suspicion.slot, QUICK);
  e->rack->guard.tests[o]++;
}
void trial_confirm(gb_engine *e, int o, guard_test *test, int cause, uint64_t now) {
  guard *g = &e->guard;
  gb_notch *n = &g->live[o][test->slot];
  n->state = GB_NOTCH_LIVE;
  n->cause = (uint32_t)cause;
  if (test->was_db > -LEAST_DB) n->gain_db = fminf(n->gain_db, -LEAST_DB);
  g->needed[o][test->slot] = now;
  if (cause != GB_NOTCH_RANG) g->ringing[o] = now + SECONDS(3), g->rung[o] = now + SECONDS(10);
  e->rack->guard.confirmed[o]++;
  notch_apply(e, o, test->slot, QUICK);
  test->slot = -1;
}
static void drop(gb_engine *e, int o, guard_test *test) {      // as if it had not been
  guard *g = &e->guard;
  gb_notch *n = &g->live[o][test->slot];
  n->gain_db = test->was_db;
  n->q = test->was_q;
  if (test->was_db > -0.5f) notch_let_go(e, o, test->slot);
  else n->state = GB_NOTCH_LIVE, notch_apply(e, o, test->slot, GENTLE);
  test->slot = -1;
}
static void refuse(gb_engine *e, int o, guard_test *test, uint64_t now) {
  notch_leave_alone(&e->guard, o, test->hz, test->level[test->tick - 1], now, 0.25);
  e->rack->guard.refused[o]++;
  drop(e, o, test);
}
// Level of each bus's i-th trial at its pitch, dB re a full-scale sine, over the newest 43 ms.
static void probe(const guard *g, int row, int trial, lanes *db) {
  lanes turn_c = lanes_all(1), turn_s = lanes_all(0), c = lanes_all(1), s = lanes_all(0), re = lanes_all(0), im = lanes_all(0);
  for (int k = 0; k < LANES; k++) {
    const guard_test *test = &g->test[output_of(row * LANES + k)][trial];
    const float turn = 4 * (float)M_PI * test->hz / GB_RATE;
    if (test->slot >= 0) lanes_put(&turn_c, k, cosf(turn)), lanes_put(&turn_s, k, sinf(turn));
  }
  const lanes *x = guard_newest(g, row, GUARD_PROBE);
  for (int i = 0; i < GUARD_PROBE; i++) {
    const lanes w = x[i] * g->probe[i], was = c;
    re += w * c;
    im += w * s;
    c = c * turn_c - s * turn_s;
    s = s * turn_c + was * turn_s;
  }
  *db = lanes_log2(re * re + im * im + 1e-20f) * (DB_PER_LOG2 / 2);
}

static void again(gb_engine *e, int o, guard_test *t, int urgent) {      // low and broad ones answer slowly, what clips holds loud ones: a deeper cut
  t->tick = 0;
  t->urgent |= urgent;
  t->cut_db = MORE_DB;
  e->guard.live[o][t->slot].gain_db = fmaxf(t->was_db - MORE_DB, -DEEPEST_DB);
  notch_apply(e, o, t->slot, QUICK);
}

// How long the cut has worked, in ticks, at tick `at` of a trial.
static float worked(float at) { return fminf(fmaxf(at, 0), GUARD_ON) + fminf(fmaxf(at - GUARD_ON - GUARD_OFF, 0), GUARD_ON); }

// level = start + growth t - answer worked(t - late), by least squares: dB a tick, and what is left over, rms dB; straight: what a line without an answer leaves.
typedef struct { float growth, answer, off, straight; } guard_fit;
static guard_fit fit(const float *level, int ticks, float late) {
  float n = 0, t1 = 0, t2 = 0, w1 = 0, w2 = 0, tw = 0, y1 = 0, y2 = 0, ty = 0, wy = 0, square = 0;
  for (int i = 0; i < ticks; i++) {
    const float t = (float)i, w = worked(t - late), y = level[i] - level[0];
    n++, t1 += t, t2 += t * t, w1 += w, w2 += w * w, tw += t * w, y1 += y, y2 += y * y, ty += t * y, wy += w * y;
  }
  const float tt = t2 - t1 * t1 / n, ww = w2 - w1 * w1 / n, cross = tw - t1 * w1 / n, yt = ty - t1 * y1 / n, yw = wy - w1 * y1 / n;
  const float whole = tt * ww - cross * cross;
  const guard_fit f = {.growth = (yt * ww - yw * cross) / whole, .answer = -(yw * tt - yt * cross) / whole};
  for (int i = 0; i < ticks; i++) {
    const float y = level[i] - level[0] - y1 / n, off = y - f.growth * ((float)i - t1 / n) + f.answer * (worked((float)i - late) - w1 / n);
    square += off * off;
  }
  return (guard_fit){f.growth, f.answer, sqrtf(square / n), sqrtf(fmaxf(y2 - y1 * y1 / n - yt * yt / tt, 0) / n)};
}
static guard_fit best_fit(const float *level, int ticks) {      // half of the probe, and a loop of up to 27 ms, or 16 where there is less to go by
  guard_fit best = {.off = 1e9f};
  for (int late = 0; late <= (ticks < GUARD_TICKS ? 3 : 5); late++) {
    const guard_fit f = fit(level, ticks, GUARD_PROBE / (GUARD_TICK / 2) / 2 + (float)late);
    if (f.off < best.off) best = f;
  }
  return best;
}

// What may be left over of an answer.
static float loose(const guard_test *t, int early, int first, const guard_fit *f) {
  const float answer = f->answer * GUARD_ON, most = OFF_DB + (early ? EARLY_PART : OFF_PART) * answer;
  if (t->urgent || !first) return most;
  if (early) return t->growth > HASTE_DB_S ? most : fminf(fminf(most, FIRST_OFF_DB), EARLY_BENT_PART * f->straight);
  return fminf(fmaxf(fminf(most, FIRST_OFF_DB), OFF_DB + STRAIGHT_PART * answer), FIRST_OFF_MOST_DB);
}
// What a trial of so many ticks says: yes, 1; that a deeper cut may, 0; no, -1. first: nothing has rung here of late.
static int weigh(guard_test *t, int ticks, int first) {
  const guard_fit f = best_fit(t->level, ticks);
  const int early = ticks < GUARD_TICKS;
  const float grew = t->growth * GUARD_TICK / GB_RATE;      // dB a tick
  const float turn_s = GUARD_TICK / (float)GB_RATE * t->cut_db / fmaxf(f.answer, 1e-6f), answer = f.answer * GUARD_ON;      // s; dB in one go
  const float least = early ? 0.5f * grew : first && !t->urgent && t->growth > SURE_DB_S ? 0.5f * grew : -0.3f;      // what began slows down
  const int perhaps = !early && answer > 2 * f.off && f.growth > -0.3f ? 0 : -1;
  if (f.off > loose(t, early, first, &f) || f.growth < least) return perhaps;
  if (early && t->level[3] - t->level[0] < 0.5f * grew * 3) return -1;      // it had stopped by itself
  if (answer < ANSWER_DB || turn_s < LOOP_LEAST_S || turn_s > (t->urgent ? HELD_MOST_S : LOOP_MOST_S)) return perhaps;
  t->enough_db = t->cut_db * (f.growth + DECAY_DB) / f.answer;
  // Notes bend, too: a first answer that leaves over much of what a straight line does is asked for once more, by a deeper cut. A loop gives it again.
  const int unclear = !early && first && !t->urgent && !t->unclear && f.off > FIRST_BENT_PART * f.straight;
  t->unclear |= unclear;
  return !unclear;
}
static void rest(gb_engine *e, int o, guard_test *t) {      // without the cut, as before; then all of it once more
  t->tick = 0;
  t->rest = GUARD_OFF;
  t->asked = 1;
  e->guard.live[o][t->slot].gain_db = t->was_db;
  notch_apply(e, o, t->slot, QUICK);
}
static void end(gb_engine *e, int o, guard_test *t, int yes, uint64_t now) {
  const int slow = !t->urgent && t->tick == GUARD_TICKS && t->growth < SURE_DB_S;
  if (yes == 1 && slow && !o && !t->asked && now >= e->guard.rung[o]) rest(e, o, t);      // by chance a note of a band does it once; monitors howl first
  else if (!yes && t->cut_db < MORE_DB && t->was_db - MORE_DB > -DEEPEST_DB) again(e, o, t, 0);
  else if (yes < 1) refuse(e, o, t, now);
  else {
    e->guard.live[o][t->slot].gain_db = fmaxf(t->was_db - fmaxf(t->enough_db, STEP_DB), -DEEPEST_DB);
    trial_confirm(e, o, t, t->urgent ? GB_NOTCH_HOWLED : GB_NOTCH_GREW, now);
  }
}
static void go_on(gb_engine *e, int o, guard_test *t, float db, uint64_t now) {
  gb_notch *n = &e->guard.live[o][t->slot];
  const float cut = fmaxf(t->was_db - t->cut_db, -DEEPEST_DB);
  if (t->rest) {
    if (!--t->rest) n->gain_db = cut, notch_apply(e, o, t->slot, QUICK);
    return;
  }
  t->level[t->tick++] = db;
  if (t->tick == GUARD_ON || t->tick == GUARD_ON + GUARD_OFF) n->gain_db = t->tick == GUARD_ON ? t->was_db : cut, notch_apply(e, o, t->slot, QUICK);
  const int first = now >= e->guard.rung[o];
  const float fast = t->cut_db > FIRST_DB ? HASTE_DB_S : SURE_DB_S;      // how it grew before a first trial is not how it grows in a second
  if (t->tick == GUARD_EARLY && t->growth > fast && weigh(t, GUARD_EARLY, first) == 1) end(e, o, t, 1, now);
  else if (!t->urgent && t->tick <= GUARD_ON && db > t->level[0] + STEP_DB && db + bus_fader_db(e, t->bus) > LOUD_DB) {
    again(e, o, t, 1);
    output_hold_down(e, o, now);
  }
  else if (!t->urgent && bus_limited(e, t->bus)) drop(e, o, t);      // another one howls, and the limiter holds all down: this says nothing
  else if (t->tick == GUARD_TICKS) end(e, o, t, weigh(t, GUARD_TICKS, first), now);
}
static void row_goes_on(gb_engine *e, int row, int trial, uint64_t now) {
  guard *g = &e->guard;
  int any = 0;
  lanes db;
  for (int k = 0; k < LANES; k++) any |= g->test[output_of(row * LANES + k)][trial].slot >= 0;
  if (!any) return;
  probe(g, row, trial, &db);
  for (int k = 0; k < LANES; k++) {
    const int bus = row * LANES + k, o = output_of(bus);
    guard_test *t = &g->test[o][trial];
    if (t->slot >= 0 && t->bus == bus) go_on(e, o, t, lanes_get(db, k), now);
  }
}
void trials_go_on(gb_engine *e, uint64_t now) {
  for (int row = 0; row < BUS_ROWS; row++)
    for (int trial = 0; trial < GUARD_TRIALS; trial++) row_goes_on(e, row, trial, now);
}
