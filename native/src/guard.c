// guard.c - a suspicion becomes a trial, a trial a notch or an apology; notches deepen, merge, are lifted and told.
#include "guard.h"

#include "engine.h"

static const float FIRST_DB = 3, MORE_DB = 9, LEAST_DB = 6, STEP_DB = 3, URGENT_DB = 9, DEEPEST_DB = 18;      // of a cut: at first, at the second try, of a notch
static const float Q_NEW = 14.5f, Q_LEAST = 5, Q_MERGED = 7, WIDTH_HZ = 40;      // a narrower one answers too slowly for a trial
static const float BELOW_DB = 9;                             // under all that sounds: no matter yet
static const float URGENT_LEVEL_DB = -6, CLIPPED_PURE_DB = 8, HELD_PART = 0.2f, DIP_DB = 3, DIP_MOST_DB = 12;
// What is an answer: dB, what may be left over of it, dB and its parts; seconds around the loop; dB a tick that it is to fall with the notch; what grows fast
static const float ANSWER_DB = 1.5f, OFF_DB = 0.12f, OFF_PART = 0.09f, SLOW_PART = 0.13f, EARLY_PART = 0.09f, URGENT_PART = 0.2f, LOOP_LEAST_S = 0.004f, LOOP_MOST_S = 0.15f;
static const float HELD_MOST_S = 0.4f;                       // a limiter that holds it gives back most of a cut
static const float DECAY_DB = 0.5f, HASTE_DB_S = 150, SURE_DB_S = 60;       // sure: in a room that rings
static const double ANSWER_S = 0.15;                         // until a cut is seen in the spectra
static const double SIXTH = 1.1225, TWELFTH = 1.0595;      // of an octave
enum { QUICK = 4, GENTLE = 225 };                            // quanta, doubled in glides of sections: 5 ms; 300 ms
#define SECONDS(s) ((uint64_t)((s) * GB_RATE))

void guard_init(guard *g) {
  memset(g, 0, sizeof *g);
  half_design(&g->half);
  for (int i = 0; i < HOWL_FRAMES; i++) g->window[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / HOWL_FRAMES)) * 4 / HOWL_FRAMES;
  for (int i = 0; i < GUARD_PROBE; i++) g->probe[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / GUARD_PROBE)) * 4 / GUARD_PROBE;
  for (int o = 0; o < GB_GUARDED; o++) g->test[o].slot = -1;
}

void guard_hear(guard *g, lanes (*heard)[GB_QUANTUM]) {
  for (int row = 0; row < BUS_ROWS; row++) {
    lanes half[GB_QUANTUM / 2], *at = g->ring[row] + g->heard % HOWL_FRAMES;
    half_process(&g->half, &g->past[row], heard[row], GB_QUANTUM, half);
    memcpy(at, half, sizeof half);
    memcpy(at + HOWL_FRAMES, half, sizeof half);
  }
  g->heard += GB_QUANTUM / 2;
}
static const lanes *newest(const guard *g, int row, int frames) { return g->ring[row] + g->heard % HOWL_FRAMES + HOWL_FRAMES - frames; }

static int limited(const gb_engine *e, int bus) { return e->rack->buses.limiter_gain[bus] < 0.8f; }
static float gain_db(const gb_engine *e, int bus) {      // of its fader, as it is now
  return 20 * log10f(fabsf(lanes_get(e->bus.gain[bus / LANES].now.gain, bus % LANES)) + 1e-9f);
}

// ---- notches

static void apply(gb_engine *e, int o, int slot, int quanta) {
  const gb_notch *n = &e->guard.live[o][slot];
  bus_notch(&e->bus, o, FIXED + slot, (notch){n->hz > 0 ? n->hz : 1000, n->gain_db, n->q > 0 ? n->q : Q_NEW}, quanta);
  e->rack->guard.live[o][slot] = *n;
}
static void let_go(gb_engine *e, int o, int slot) {
  gb_notch *n = &e->guard.live[o][slot];
  n->gain_db = 0;
  apply(e, o, slot, GENTLE);
  n->state = GB_NOTCH_FREE;
  e->rack->guard.live[o][slot] = *n;
}
static int near(float a, float b, double ratio) { return a > 0 && b > 0 && (double)fmaxf(a, b) < ratio * (double)fminf(a, b); }
static int slot_near(const guard *g, int o, float hz, double ratio) {
  for (int s = 0; s < LIVE; s++)
    if (g->live[o][s].state != GB_NOTCH_FREE && near(g->live[o][s].hz, hz, ratio)) return s;
  return -1;
}
// A free one, or the one that was not needed for longest, 10 s at least.
static int slot_for(guard *g, int o, uint64_t now) {
  int oldest = -1;
  for (int s = 0; s < LIVE; s++) {
    if (g->live[o][s].state == GB_NOTCH_FREE) return s;
    if (g->live[o][s].state == GB_NOTCH_TESTING || now < g->needed[o][s] + SECONDS(10)) continue;
    if (oldest < 0 || g->needed[o][s] < g->needed[o][oldest]) oldest = s;
  }
  return oldest;
}
static void hold_down(gb_engine *e, int o, uint64_t now) {      // the whole output, for a second
  const float dip = fmaxf(e->bus.dip[o] * powf(10, -DIP_DB / 20), powf(10, -DIP_MOST_DB / 20));
  e->bus.dip[o] = dip;
  e->guard.dipped[o] = now + SECONDS(1);
  e->rack->guard.dip[o] = -20 * log10f(dip);
  bus_design(&e->bus, o - 1, BUS_GAIN, QUICK, e->values);
}
static void let_up(gb_engine *e, int o) {
  e->bus.dip[o] = 1;
  e->rack->guard.dip[o] = 0;
  bus_design(&e->bus, o - 1, BUS_GAIN, GENTLE, e->values);
}

// ---- who plays it

// Powers at hz of each strip in this output; whose is the most, from 1; and how much of it comes by lines that hear no room.
static int strip_of(const gb_engine *e, int bus, float hz, float *by_lines) {
  float most = 0, all = 1e-20f, lines = 0;
  int loudest = 0;
  const float turn = 2 * (float)M_PI * hz / GB_RATE, c = cosf(turn), s = sinf(turn);
  for (int g = 0; g < e->groups; g++) {
    const lanes *x = e->strips[g].present + GB_QUANTUM - 1024;
    lanes re = lanes_all(0), im = lanes_all(0);
    for (int i = 0; i < 1024; i++) {      // Horner: the newest frame turns least
      const lanes was = re;
      re = re * c - im * s + x[i];
      im = was * s + im * c;
    }
    const lanes power = re * re + im * im;
    for (int k = 0; k < e->strips[g].count; k++) {
      const int n = g * LANES + k;
      const float weight = mix_get(&e->late.strip[n].now, bus) + mix_get(&e->early.strip[n].now, bus), share = lanes_get(power, k) * weight * weight;
      all += share;
      lines += e->values[GB_STRIP_GUARD + n] > 0.5f ? 0 : share;
      if (share > most) most = share, loudest = n + 1;
    }
  }
  *by_lines = lines / all;
  return loudest;
}

// ---- trials

static guard_shy *shy_of(guard *g, int o, float hz) {
  for (int i = 0; i < GUARD_SHY; i++)
    if (near(g->shy[o][i].hz, hz, 1.02)) return &g->shy[o][i];
  return NULL;
}
static void leave_alone(guard *g, int o, float hz, uint64_t now, double seconds) {
  guard_shy *mine = shy_of(g, o, hz);
  if (!mine) {
    mine = &g->shy[o][0];
    for (int i = 1; i < GUARD_SHY; i++)
      if (g->shy[o][i].until < mine->until) mine = &g->shy[o][i];
    *mine = (guard_shy){.hz = hz};
  }
  if (now > mine->last + SECONDS(60)) mine->times = 0;
  mine->last = now;
  mine->until = now + SECONDS(seconds * (double)(1 << (mine->times < 8 ? mine->times++ : 8)));
}

static void begin(gb_engine *e, int o, int bus, int slot, const howl_track *t, float growth, int urgent, int strip, uint64_t now) {
  guard *g = &e->guard;
  guard_test *test = &g->test[o];
  gb_notch *n = &g->live[o][slot];
  const int again = n->state != GB_NOTCH_FREE && near(n->hz, t->hz[HOWL_SPAN - 1], SIXTH);
  if (!again) *n = (gb_notch){.q = fminf(fmaxf(t->hz[HOWL_SPAN - 1] / WIDTH_HZ, Q_LEAST), Q_NEW), .since = now, .hz = t->hz[HOWL_SPAN - 1]};
  *test = (guard_test){.slot = slot, .bus = bus, .urgent = urgent, .strip = strip, .hz = t->hz[HOWL_SPAN - 1], 
                        .growth = growth, .was_db = n->gain_db, .was_q = n->q};
  test->cut_db = urgent ? URGENT_DB : fminf(FIRST_DB + 0.01f * growth, 6);
  if (again && !near(n->hz, test->hz, TWELFTH)) n->hz = sqrtf(n->hz * test->hz), n->q = fminf(n->q, Q_MERGED);
  n->gain_db = fmaxf(n->gain_db - test->cut_db, -DEEPEST_DB);
  n->state = GB_NOTCH_TESTING;
  n->strip = (uint32_t)strip;
  n->growth = growth;
  n->level = t->db[HOWL_SPAN - 1] + gain_db(e, bus);
  apply(e, o, slot, QUICK);
  e->rack->guard.tests[o]++;
}
static void confirm(gb_engine *e, int o, int cause, uint64_t now) {
  guard *g = &e->guard;
  guard_test *test = &g->test[o];
  gb_notch *n = &g->live[o][test->slot];
  n->state = GB_NOTCH_LIVE;
  n->cause = (uint32_t)cause;
  if (test->was_db > -LEAST_DB) n->gain_db = fminf(n->gain_db, -LEAST_DB);
  g->needed[o][test->slot] = now;
  if (cause != GB_NOTCH_RANG) g->ringing[o] = now + SECONDS(3);
  e->rack->guard.confirmed[o]++;
  apply(e, o, test->slot, QUICK);
  test->slot = -1;
}
static void drop(gb_engine *e, int o) {      // as if it had not been
  guard *g = &e->guard;
  guard_test *test = &g->test[o];
  gb_notch *n = &g->live[o][test->slot];
  n->gain_db = test->was_db;
  n->q = test->was_q;
  if (test->was_db > -0.5f) let_go(e, o, test->slot);
  else n->state = GB_NOTCH_LIVE, apply(e, o, test->slot, GENTLE);
  test->slot = -1;
}
static void refuse(gb_engine *e, int o, uint64_t now) {
  guard *g = &e->guard;
  guard_test *test = &g->test[o];
  leave_alone(g, o, test->hz, now, 0.25);
  e->rack->guard.refused[o]++;
  drop(e, o);
}
// Level of each bus's trial at its pitch, dB re a full-scale sine, over the newest 43 ms.
static void probe(const guard *g, int row, lanes *db) {
  lanes turn_c = lanes_all(1), turn_s = lanes_all(0), c = lanes_all(1), s = lanes_all(0), re = lanes_all(0), im = lanes_all(0);
  for (int k = 0; k < LANES; k++) {
    const guard_test *test = &g->test[output_of(row * LANES + k)];
    const float turn = 4 * (float)M_PI * test->hz / GB_RATE;
    if (test->slot >= 0) lanes_put(&turn_c, k, cosf(turn)), lanes_put(&turn_s, k, sinf(turn));
  }
  const lanes *x = newest(g, row, GUARD_PROBE);
  for (int i = 0; i < GUARD_PROBE; i++) {
    const lanes w = x[i] * g->probe[i], was = c;
    re += w * c;
    im += w * s;
    c = c * turn_c - s * turn_s;
    s = s * turn_c + was * turn_s;
  }
  *db = lanes_log2(re * re + im * im + 1e-20f) * (DB_PER_LOG2 / 2);
}

static void again(gb_engine *e, int o) {      // a low or a broad one answers slowly: with a deeper cut
  guard_test *t = &e->guard.test[o];
  t->tick = 0;
  t->cut_db = MORE_DB;
  e->guard.live[o][t->slot].gain_db = t->was_db - MORE_DB;
  apply(e, o, t->slot, QUICK);
}

// How long the cut has worked, in ticks, at tick `at` of a trial.
static float worked(float at) { return fminf(fmaxf(at, 0), GUARD_ON) + fminf(fmaxf(at - GUARD_ON - GUARD_OFF, 0), GUARD_ON); }

// level = start + growth t - answer worked(t - late), by least squares: dB a tick, and what is left over, rms dB.
typedef struct { float growth, answer, off; } guard_fit;
static guard_fit fit(const float *level, int ticks, float late) {
  float n = 0, t1 = 0, t2 = 0, w1 = 0, w2 = 0, tw = 0, y1 = 0, ty = 0, wy = 0, square = 0;
  for (int i = 0; i < ticks; i++) {
    const float t = (float)i, w = worked(t - late), y = level[i] - level[0];
    n++, t1 += t, t2 += t * t, w1 += w, w2 += w * w, tw += t * w, y1 += y, ty += t * y, wy += w * y;
  }
  const float tt = t2 - t1 * t1 / n, ww = w2 - w1 * w1 / n, cross = tw - t1 * w1 / n, yt = ty - t1 * y1 / n, yw = wy - w1 * y1 / n;
  const float whole = tt * ww - cross * cross;
  const guard_fit f = {.growth = (yt * ww - yw * cross) / whole, .answer = -(yw * tt - yt * cross) / whole};
  for (int i = 0; i < ticks; i++) {
    const float y = level[i] - level[0] - y1 / n, off = y - f.growth * ((float)i - t1 / n) + f.answer * (worked((float)i - late) - w1 / n);
    square += off * off;
  }
  return (guard_fit){f.growth, f.answer, sqrtf(square / n)};
}
static guard_fit best_fit(const float *level, int ticks) {      // half of the probe, and a loop of up to 27 ms, or 16 where there is less to go by
  guard_fit best = {.off = 1e9f};
  for (int late = 0; late <= (ticks < GUARD_TICKS ? 3 : 5); late++) {
    const guard_fit f = fit(level, ticks, GUARD_PROBE / (GUARD_TICK / 2) / 2 + (float)late);
    if (f.off < best.off) best = f;
  }
  return best;
}

// What a trial of so many ticks says: yes, 1; that a deeper cut may, 0; no, -1.
static int weigh(gb_engine *e, int o, int ticks) {
  guard_test *t = &e->guard.test[o];
  const guard_fit f = best_fit(t->level, ticks);
  const int early = ticks < GUARD_TICKS;
  const float grew = t->growth * GUARD_TICK / GB_RATE;      // dB a tick
  const float turn_s = GUARD_TICK / (float)GB_RATE * t->cut_db / fmaxf(f.answer, 1e-6f), answer = f.answer * GUARD_ON;      // once around the loop; dB that the cut took in one go
  const int perhaps = !early && answer > 2 * f.off && f.growth > -0.3f ? 0 : -1;
  if (f.off > OFF_DB + (early ? EARLY_PART : t->urgent ? URGENT_PART : t->growth > SURE_DB_S ? OFF_PART : SLOW_PART) * answer || f.growth < (early ? 0.5f * grew : -0.3f)) return perhaps;
  if (early && t->level[3] - t->level[0] < 0.5f * grew * 3) return -1;      // it had stopped by itself
  if (answer < ANSWER_DB || turn_s < LOOP_LEAST_S || turn_s > (t->urgent ? HELD_MOST_S : LOOP_MOST_S)) return perhaps;
  t->enough_db = t->cut_db * (f.growth + DECAY_DB) / f.answer;
  return 1;
}
static void end(gb_engine *e, int o, int yes, uint64_t now) {
  guard_test *t = &e->guard.test[o];
  if (!yes && t->cut_db < MORE_DB && t->was_db - MORE_DB > -DEEPEST_DB) again(e, o);
  else if (yes < 1) refuse(e, o, now);
  else {
    e->guard.live[o][t->slot].gain_db = fmaxf(t->was_db - fmaxf(t->enough_db, STEP_DB), -DEEPEST_DB);
    confirm(e, o, t->urgent ? GB_NOTCH_HOWLED : GB_NOTCH_GREW, now);
  }
}
static void go_on(gb_engine *e, int o, float db, uint64_t now) {
  guard_test *t = &e->guard.test[o];
  gb_notch *n = &e->guard.live[o][t->slot];
  t->level[t->tick++] = db;
  const float cut = fmaxf(t->was_db - t->cut_db, -DEEPEST_DB);
  if (t->tick == GUARD_ON || t->tick == GUARD_ON + GUARD_OFF) n->gain_db = t->tick == GUARD_ON ? t->was_db : cut, apply(e, o, t->slot, QUICK);
  if (t->tick == GUARD_EARLY && t->growth > HASTE_DB_S && weigh(e, o, GUARD_EARLY) == 1) end(e, o, 1, now);
  else if (!t->urgent && limited(e, t->bus)) drop(e, o);      // another one howls, and the limiter holds all down: this says nothing
  else if (t->tick == GUARD_TICKS) end(e, o, weigh(e, o, GUARD_TICKS), now);
}
static void try_on(gb_engine *e, uint64_t now) {
  guard *g = &e->guard;
  for (int row = 0; row < BUS_ROWS; row++) {
    int any = 0;
    lanes db;
    for (int k = 0; k < LANES; k++) any |= g->test[output_of(row * LANES + k)].slot >= 0;
    if (!any) continue;
    probe(g, row, &db);
    for (int k = 0; k < LANES; k++) {
      const int bus = row * LANES + k, o = output_of(bus);
      if (g->test[o].slot >= 0 && g->test[o].bus == bus) go_on(e, o, lanes_get(db, k), now);
    }
  }
}

// ---- suspicions

static int urgent(const gb_engine *e, int bus, const howl_ear *ear, const howl_track *t, float growth) {
  const float level = t->db[HOWL_SPAN - 1] + gain_db(e, bus), alone = powf(10, t->db[HOWL_SPAN - 1] / 10);
  const int held = limited(e, bus);
  if (t->away || (level < URGENT_LEVEL_DB && !held) || t->pure < CLIPPED_PURE_DB || alone < (held ? HELD_PART : 0.5f) * ear->total) return 0;
  return growth > 0 || (t->hops > 24 && howl_wander(t, HOWL_SPAN) < HOWL_PITCH_BINS);
}

static void suspect(gb_engine *e, int bus, const howl_ear *ear, const howl_track *t, uint64_t now) {
  guard *g = &e->guard;
  const int o = output_of(bus);
  const float hz = t->hz[HOWL_SPAN - 1], growth = howl_suspected(t);
  const int hurry = urgent(e, bus, ear, t, growth);
  if ((growth <= 0 && !hurry) || g->test[o].slot >= 0) return;
  if (t->db[HOWL_SPAN - 1] < 10 * log10f(ear->total + 1e-20f) - BELOW_DB) return;      // it will come, if it is one
  const guard_shy *shy = shy_of(g, o, hz);
  if (shy && now < shy->until) return;
  float by_lines;
  const int strip = strip_of(e, bus, hz, &by_lines);
  if (by_lines > 0.5f) {
    leave_alone(g, o, hz, now, 0.5);
    return;
  }
  int slot = slot_near(g, o, hz, SIXTH);
  if (slot >= 0 && now < g->needed[o][slot] + SECONDS(ANSWER_S)) return;      // what was cut just now still stands in the window
  if (slot < 0) slot = slot_for(g, o, now);
  if (slot < 0 || (g->live[o][slot].state != GB_NOTCH_FREE && g->live[o][slot].gain_db <= -DEEPEST_DB && near(g->live[o][slot].hz, hz, SIXTH))) {
    if (hurry && now > g->dipped[o] - SECONDS(0.5)) hold_down(e, o, now);      // all that there is has been used
    return;
  }
  begin(e, o, bus, slot, t, growth, hurry, strip, now);
  if (hurry) hold_down(e, o, now);
  if (now < g->ringing[o] && growth > SURE_DB_S) confirm(e, o, GB_NOTCH_RANG, now);
}

static void listen(gb_engine *e, uint64_t now) {
  guard *g = &e->guard;
  for (int row = 0; row < BUS_ROWS; row++) {
    const lanes *x = newest(g, row, HOWL_FRAMES);
    for (int i = 0; i < HOWL_FRAMES; i++) g->frames[i] = x[i] * g->window[i];
    fft_power(&e->ears.fft, HOWL_FRAMES, g->frames, g->work, g->power);
    howl_find(g->power, g->ear + row * LANES);
    for (int k = 0; k < LANES; k++) {
      const int bus = row * LANES + k;
      howl_ear *ear = &g->ear[bus];
      howl_follow(ear);
      if (!g->on[output_of(bus)]) continue;
      for (int n = 0; n < HOWL_TRACKS; n++)
        if (ear->track[n].hops) suspect(e, bus, ear, &ear->track[n], now);
    }
  }
}

// ---- the life of a notch, and what the desk says

static void look_after(gb_engine *e, int o, uint64_t now) {
  guard *g = &e->guard;
  for (int s = 0; s < LIVE; s++) {
    gb_notch *n = &g->live[o][s];
    if (n->state == GB_NOTCH_FREE || n->state == GB_NOTCH_TESTING || now < g->needed[o][s] + SECONDS(60)) continue;
    n->state = GB_NOTCH_LIFTING;
    g->needed[o][s] += SECONDS(10);
    n->gain_db += STEP_DB;
    if (n->gain_db > -1) let_go(e, o, s);
    else apply(e, o, s, GENTLE);
  }
  if (e->bus.dip[o] < 1 && now >= g->dipped[o]) let_up(e, o);
}

static void drop_all(gb_engine *e, int o, int only, uint64_t now, double quiet) {
  guard *g = &e->guard;
  for (int s = 0; s < LIVE; s++) {
    if (g->live[o][s].state == GB_NOTCH_FREE || (only >= 0 && s != only)) continue;
    if (g->test[o].slot == s) g->test[o].slot = -1;
    if (quiet > 0) leave_alone(g, o, g->live[o][s].hz, now, quiet);
    let_go(e, o, s);
  }
}

// What it holds of live notches is taken over where there is none: the engine was started again, or a scene recalled.
static void take(gb_engine *e, int o, uint64_t now) {
  guard *g = &e->guard;
  for (int s = 0; s < LIVE; s++) {
    const notch told = e->bus.told[o][s], was = g->told[o][s];
    g->told[o][s] = told;
    if (told.gain_db > -0.5f || (told.gain_db == was.gain_db && told.hz == was.hz && told.q == was.q)) continue;
    const guard_shy *shy = shy_of(g, o, told.hz);
    if (g->live[o][s].state != GB_NOTCH_FREE || slot_near(g, o, told.hz, TWELFTH) >= 0 || (shy && now < shy->until)) continue;
    g->live[o][s] = (gb_notch){.state = GB_NOTCH_LIVE, .cause = GB_NOTCH_TOLD, .hz = told.hz, .gain_db = fmaxf(told.gain_db, -DEEPEST_DB), .q = told.q, .since = now};
    g->needed[o][s] = now;
    apply(e, o, s, GENTLE);
  }
}
static void obey(gb_engine *e, uint64_t now) {
  guard *g = &e->guard;
  for (int o = 0; o < GB_GUARDED; o++) {
    const int kill = e->bus.kill[o];
    if (g->on[o] && !e->bus.guarded[o]) drop_all(e, o, -1, now, 0);
    g->on[o] = e->bus.guarded[o];
    if (kill != g->killed[o] && kill > FIXED) drop_all(e, o, kill > FIXED + LIVE ? -1 : kill - FIXED - 1, now, 300);
    g->killed[o] = kill;
    if (g->on[o]) take(e, o, now);
    look_after(e, o, now);
  }
}

void engine_guard(gb_engine *e, uint64_t now) {
  guard *g = &e->guard;
  if (!e->bus.any_guarded && !g->awake) return;
  if (e->bus.any_guarded) guard_hear(g, e->heard_by_guard);
  if (now % GUARD_TICK != GUARD_TICK / 2) return;
  obey(e, now);
  g->awake = e->bus.any_guarded;
  for (int o = 0; o < GB_GUARDED; o++) g->awake |= e->bus.dip[o] < 1;
  try_on(e, now);
  if (now % HOWL_HOP == GUARD_TICK / 2) listen(e, now);
}
