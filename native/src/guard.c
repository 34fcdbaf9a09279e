// guard.c - the ears of the feedback guard: what is suspected, whose it is, and whether it is tried.
#include "engine.h"
#include "guard.h"
#include "notches.h"
#include "trial.h"

static const float BELOW_DB = 9;                             // under all that sounds: no matter yet
static const float URGENT_LEVEL_DB = -6, CLIPPED_PURE_DB = 8, HELD_PART = 0.2f;
static const double MANY_S = 3;
static const float RISEN_DB = 6, SURE_RISE_DB = 8;           // since it was tried in vain: then it is tried again; in a room that rings
enum { MANY = 4 };                                           // notches in MANY_S
static const double ANSWER_S = 0.15;                         // until a cut is seen in the spectra

void guard_init(guard *g) {
  memset(g, 0, sizeof *g);
  half_design(&g->half);
  for (int i = 0; i < HOWL_FRAMES; i++) g->window[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / HOWL_FRAMES)) * 4 / HOWL_FRAMES;
  for (int i = 0; i < GUARD_PROBE; i++) g->probe[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / GUARD_PROBE)) * 4 / GUARD_PROBE;
  for (int o = 0; o < GB_GUARDED; o++)
    for (int i = 0; i < GUARD_TRIALS; i++) g->test[o][i].slot = -1;
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

static int urgent(const gb_engine *e, int bus, const howl_ear *ear, const howl_track *t, float growth) {
  const float level = t->db[HOWL_SPAN - 1] + bus_fader_db(e, bus), alone = powf(10, t->db[HOWL_SPAN - 1] / 10);
  const int held = bus_limited(e, bus);
  if (t->away || (level < URGENT_LEVEL_DB && !held) || t->pure < CLIPPED_PURE_DB || alone < (held ? HELD_PART : 0.5f) * ear->total) return 0;
  return growth > 0 || (t->hops > 24 && howl_wander(t, HOWL_USUAL) < HOWL_PITCH_BINS);
}

// Peak after peak rings: the gain is too high by more than notches can take.
static int many(const guard *g, int o, uint64_t now) {
  int fresh = 0;
  for (int s = 0; s < LIVE; s++) fresh += g->live[o][s].state == GB_NOTCH_LIVE && now < g->live[o][s].since + SECONDS(MANY_S);
  return fresh >= MANY;
}

static void suspect(gb_engine *e, int bus, const howl_ear *ear, const howl_track *t, uint64_t now) {
  guard *g = &e->guard;
  const int o = output_of(bus);
  const float hz = t->hz[HOWL_SPAN - 1], growth = howl_suspected(t);
  const int hurry = urgent(e, bus, ear, t, growth);
  guard_test *const free = trial_free(g, o, hz);
  if ((growth <= 0 && !hurry) || !free) return;
  if (!hurry && howl_in_series(g->power, hz, bus % LANES)) return;
  if (t->db[HOWL_SPAN - 1] < 10 * log10f(ear->total + 1e-20f) - BELOW_DB) return;      // it will come, if it is one
  const guard_shy *shy = notch_shy(g, o, hz);
  if (shy && now < shy->until && t->db[HOWL_SPAN - 1] < shy->db + RISEN_DB) return;
  float by_lines;
  const int strip = strip_of(e, bus, hz, &by_lines);
  if (by_lines > 0.5f) {
    notch_leave_alone(g, o, hz, 0, now, 0.5);
    return;
  }
  int slot = notch_slot_near(g, o, hz, SIXTH);
  if (slot >= 0 && now < g->needed[o][slot] + SECONDS(ANSWER_S)) return;      // what was cut just now still stands in the window
  if (slot < 0) slot = notch_slot_for(g, o, now);
  if (slot < 0 || (g->live[o][slot].state != GB_NOTCH_FREE && g->live[o][slot].gain_db <= -DEEPEST_DB && pitch_near(g->live[o][slot].hz, hz, SIXTH))) {
    if (hurry) output_hold_down(e, o, now);      // all that there is has been used
    return;
  }
  trial_begin(e, o, (guard_test){.slot = slot, .bus = bus, .urgent = hurry, .strip = strip, .hz = hz, .growth = growth}, t, free, now);
  if (hurry || many(g, o, now)) output_hold_down(e, o, now);
  if (now < g->ringing[o] && (growth > SURE_DB_S || howl_rise(t) > SURE_RISE_DB)) trial_confirm(e, o, free, GB_NOTCH_RANG, now);
}

static void listen(gb_engine *e, uint64_t now) {
  guard *g = &e->guard;
  for (int row = 0; row < BUS_ROWS; row++) {
    const lanes *x = guard_newest(g, row, HOWL_FRAMES);
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
      if (now < g->ringing[output_of(bus)] && bus_limited(e, bus)) output_hold_down(e, output_of(bus), now);      // several at once, none of them alone
    }
  }
}

void engine_guard(gb_engine *e, uint64_t now) {
  guard *g = &e->guard;
  if (e->bus.any_guarded) guard_hear(g, e->heard_by_guard);
  if (now % GUARD_TICK != GUARD_TICK / 2) return;
  notches_obey(e, now);
  g->awake = e->bus.any_guarded;
  for (int o = 0; o < GB_GUARDED; o++) g->awake |= e->bus.dip[o] < 1;
  trials_go_on(e, now);
  if (now % HOWL_HOP == GUARD_TICK / 2) listen(e, now);
}
