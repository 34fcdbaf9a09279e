// routes.c - where every strip goes and how loud: fader, groups, mutes, talkback, sends by their tap, linked monitors, effects, solo.
#include "engine.h"

typedef struct { float late[MIX_ROWS * LANES], early[MIX_ROWS * LANES], first[MIX_ROWS * LANES]; } weights;      // one strip's, by matrix
typedef struct { float open, level, pan; int n; const float *v; } way;      // what is the same for all that strip n goes to

static int on(float value) { return value > 0.5f; }

static float left_of(float pan) { return cosf((pan + 1) * (float)M_PI / 4); }
static float right_of(float pan) { return pan <= -1 ? 0 : sinf((pan + 1) * (float)M_PI / 4); }      // constant power
// What a monitor gets of something at `pan`: all of it, or its side where it is one of two.
static float side_of(const float *v, int m, float pan) {
  return bus_is_left(v, m) ? left_of(pan) : bus_left(v, m) != m ? right_of(pan) : 1;
}

// Groups are faders and mutes behind a strip's own; none of them touches those.
static float group_level(const float *v, int n) {
  float level = 1;
  for (int g = 0; g < GB_GROUPS; g++)
    if (on(v[GB_STRIP_GROUP_ON + n * GB_GROUPS + g])) level *= fader_gain(v[GB_GROUP_LEVEL + g]);
  return level;
}
static int is_muted(const float *v, int n) {
  int others = on(v[GB_BOX_MUTE_ALL]);
  for (int g = 0; g < GB_GROUPS; g++) others |= on(v[GB_STRIP_GROUP_ON + n * GB_GROUPS + g]) && on(v[GB_GROUP_MUTE + g]);
  return on(v[GB_STRIP_MUTE + n]) || (others && !on(v[GB_STRIP_MUTE_SAFE + n]));
}

// `soon`: the matrix that monitors are fed from without waiting. Ambience goes to ears alone, never to a wedge, which would howl.
static void to_monitor(const way *w, int m, float *soon, float *first) {
  const float *v = w->v;
  const int at = w->n * GB_SENDS + bus_left(v, m), tap = (int)v[GB_STRIP_SEND_TAP + at];
  const float pan = fminf(fmaxf(w->pan + v[GB_STRIP_SEND_PAN + at], -1), 1);
  const float gain = w->open * fader_gain(v[GB_STRIP_SEND_LEVEL + at]) * (tap == TAP_POST ? w->level : 1) * side_of(v, m, pan);
  (tap == TAP_INPUT ? first : soon)[BUS_MONITOR + m] = gain;
  if ((int)v[GB_STRIP_ROLE + w->n] == GB_ROLE_AMBIENCE && (bus_is_left(v, m) || bus_left(v, m) != m))
    soon[BUS_MONITOR + m] += w->open * fader_gain(v[GB_MONITOR_AMBIENCE + bus_left(v, m)]) * side_of(v, m, w->pan);
}
static void to_effects(const way *w, float *late) {
  for (int f = 0; f < GB_FXSENDS; f++) late[BUS_FX + f] = w->open * w->level * fader_gain(w->v[GB_STRIP_FXSEND_LEVEL + w->n * GB_FXSENDS + f]);
}
static void to_solo(const way *w, float *late) {
  const float solo = on(w->v[GB_STRIP_SOLO + w->n]) ? 1 : w->v[GB_STRIP_SOLO_SAFE + w->n] * w->open;
  late[BUS_SOLO] = solo * w->level * left_of(w->pan);
  late[BUS_SOLO + 1] = solo * w->level * right_of(w->pan);
}
// Held to talk: to the monitors that are to hear it, whatever its mute and fader say, and nowhere else.
static void to_talk(const way *w, float *soon) {
  for (int m = 0; m < GB_MONITORS; m++)
    if (on(w->v[GB_MONITOR_TALK + bus_left(w->v, m)])) soon[BUS_MONITOR + m] = fader_gain(w->v[GB_BOX_TALK_LEVEL]) * side_of(w->v, m, 0);
}

static void aim(mix_matrix *m, int n, const float *goal, int quanta, unsigned hurried) {
  mix_glide *g = &m->strip[n];
  memcpy(&g->goal, goal, sizeof g->goal);
  for (int k = 0; k < LANES; k++) {      // lanes are buses here
    if (hurried) GLIDE_HURRY(g, k);
    GLIDE_AIM(g, k, quanta);
  }
  m->changed = 1;
}

// With look-ahead, monitors are fed early: they never wait for it. Nor do musicians want to hear themselves make way for a voice.
void engine_design_routes(gb_engine *e, int n, int quanta) {
  const float *v = e->values;
  const way w = {.open = is_muted(v, n) ? 0 : 1, .level = fader_gain(v[GB_STRIP_LEVEL + n]) * group_level(v, n), .pan = v[GB_STRIP_PAN + n], .n = n, .v = v};
  weights to = {0};
  float *soon = e->lookahead | e->apart ? to.early : to.late;
  to_solo(&w, to.late);
  if (on(v[GB_STRIP_TALK + n])) to_talk(&w, soon);
  else {
    to.late[BUS_LEFT] = w.open * w.level * left_of(w.pan);
    to.late[BUS_RIGHT] = w.open * w.level * right_of(w.pan);
    for (int m = 0; m < GB_MONITORS; m++) to_monitor(&w, m, soon, to.first);
    to_effects(&w, to.late);
  }
  aim(&e->late, n, to.late, quanta, e->hurried[n]);
  aim(&e->early, n, to.early, quanta, e->hurried[n]);
  aim(&e->first, n, to.first, quanta, e->hurried[n]);
}

void engine_part_monitors(gb_engine *e) {
  e->apart = e->giving_way;
  for (int n = 0; n < e->channels && !e->lookahead; n++) engine_design_routes(e, n, SWITCH_QUANTA);
}
