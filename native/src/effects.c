// effects.c - the box's two effects between the sums and the buses: what THE table says of them, and where they come back.
#include "engine.h"

// Of a quarter, as THE table has them; 0: free
static const float divisions[] = {0, 0.25f, 1 / 3.0f, 0.5f, 0.75f, 2 / 3.0f, 1, 1.5f, 2, 4};
static const float LONGEST_S = (float)(TAPE - 2 * GB_QUANTUM) / GB_RATE, SHORTEST_S = (float)GB_QUANTUM / GB_RATE;      // a tape is read before it is written

static float time_of(const float *v, int f) {
  const float beats = divisions[(int)v[GB_FX_DIVISION + f]];
  if ((int)v[GB_FX_TYPE + f] != EFFECT_DELAY) return v[GB_FX_TIME + f] / 1000;
  float time = beats > 0 ? beats * 60 / v[GB_BOX_TEMPO] : v[GB_FX_TIME + f] / 1000;
  while (time > LONGEST_S) time /= 2;
  return fmaxf(time, SHORTEST_S);
}

// A wide effect gives each side to its own; a narrow one both to both. A monitor alone gets the sum, as loud.
static effect_return return_of(const float *v, int f) {
  const float aside = 0.005f * v[GB_FX_WIDTH + f], own = 0.5f + aside, other = 0.5f - aside, level = fader_gain(v[GB_FX_LEVEL + f]);
  effect_return r = {{lanes_all(0)}, {lanes_all(0)}};
  lanes_put(r.left, BUS_LEFT, level * own), lanes_put(r.right, BUS_LEFT, level * other);
  lanes_put(r.left, BUS_RIGHT, level * other), lanes_put(r.right, BUS_RIGHT, level * own);
  for (int m = 0; m < GB_MONITORS; m++) {
    const int left = bus_left(v, m), of_two = bus_is_left(v, m) || left != m;
    const float send = fader_gain(v[GB_FX_SEND_LEVEL + f * GB_SENDS + left]);
    lanes_put(r.left, BUS_MONITOR + m, send * (!of_two ? (float)M_SQRT1_2 : left == m ? own : other));
    lanes_put(r.right, BUS_MONITOR + m, send * (!of_two ? (float)M_SQRT1_2 : left == m ? other : own));
  }
  return r;
}

static void look_for_effects(gb_engine *e) {
  e->effects = 0;
  for (int f = 0; f < GB_FXS; f++) e->effects |= e->fx[f].kind != EFFECT_OFF || e->fx[f].awake;
}

void engine_design_effect(gb_engine *e, int f, unsigned blocks, int quanta, int hurried) {
  const float *v = e->values;
  if (blocks & FX_EFFECT) {
    effect_design(&e->fx[f], (enum effect_kind)v[GB_FX_TYPE + f], (effect_params){time_of(v, f), v[GB_FX_DECAY + f], v[GB_FX_TONE + f], v[GB_FX_PINGPONG + f] > 0.5f}, quanta);
    effect_design_cut(&e->fx[f], v[GB_FX_LOW_CUT + f], quanta);
  }
  look_for_effects(e);
  if (!(blocks & FX_RETURN)) return;
  const effect_return to = return_of(v, f);
  effect_design_return(&e->fx[f], &to, v[GB_FX_MUTE + f] > 0.5f, quanta, hurried);
}

// Whether effects must be given what strips send: some do. Only where there are any.
int engine_sends_to_effects(gb_engine *e) {
  int sent = 0;
  mix_feeders(&e->late, e->channels);
  for (int row = BUS_ROWS; row < MIX_ROWS; row++) sent |= e->late.count[row];
  return sent | e->late.moving;
}

void engine_effects(gb_engine *e, int sent) {
  for (int f = 0; f < GB_FXS; f++) {
    const float *bus = (const float *)e->sum[(BUS_FX + f) / LANES] + (BUS_FX + f) % LANES;
    float x[GB_QUANTUM];
    for (int i = 0; sent && i < GB_QUANTUM; i++) x[i] = bus[i * LANES];
    effect_process(&e->fx[f], e->fx_memory[f], sent ? x : NULL, e->sum);
  }
  look_for_effects(e);
}
