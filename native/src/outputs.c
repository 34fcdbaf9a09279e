// outputs.c - from strips to what leaves the box: sums, stems, the fade around starts and switches, the listen bus.
#include "engine.h"

static const float *bus_of(const gb_engine *e, int bus) {
  const int n = bus - BUS_TAKEN;
  return n < 0 ? (const float *)e->sum[bus / LANES] + bus % LANES : (const float *)e->strips[n / LANES].taken + n % LANES;
}

static void write_stems(const gb_engine *e, float *stems) {
  for (int n = 0; n < e->channels; n++) {
    const mix_glide *w = &e->late.strip[n];
    float left = mix_get(&w->now, BUS_LEFT), right = mix_get(&w->now, BUS_RIGHT);
    const float left_step = w->left ? mix_get(&w->step, BUS_LEFT) : 0, right_step = w->left ? mix_get(&w->step, BUS_RIGHT) : 0;
    const float *x = (const float *)e->x[n / LANES] + n % LANES;
    for (int i = 0; i < GB_QUANTUM; i++) {
      stems[(i * e->channels + n) * 2] = x[i * LANES] * (left += left_step);
      stems[(i * e->channels + n) * 2 + 1] = x[i * LANES] * (right += right_step);
    }
  }
}

static int solo_is_heard(const gb_engine *e) { return e->soloed | e->wedging | (e->heard == BUS_SOLO) | (e->heard_before == BUS_SOLO); }
// The engineer's wedge: while anything is soloed the monitor carries that, and not its mix.
static void feed_wedge(gb_engine *e, int m) {
  const float *v = e->values, goal = e->soloed && v[GB_MONITOR_SOLO + bus_left(v, m)] > 0.5f ? 1 : 0;
  if (e->wedge[m] == 0 && goal == 0) return;
  const float step = (goal > e->wedge[m] ? 1.0f : -1.0f) / (SWITCH_QUANTA * GB_QUANTUM);
  const float left = bus_is_left(v, m) ? 1 : bus_left(v, m) == m ? (float)M_SQRT1_2 : 0, right = bus_is_left(v, m) ? 0 : left > 0 ? left : 1;
  const float *l = bus_of(e, BUS_SOLO), *r = bus_of(e, BUS_SOLO + 1);
  float *x = (float *)e->sum[(BUS_MONITOR + m) / LANES] + (BUS_MONITOR + m) % LANES, part = e->wedge[m];
  for (int i = 0; i < GB_QUANTUM; i++) {
    part = fminf(fmaxf(part + step, 0), 1);
    x[i * LANES] += part * (left * l[i * LANES] + right * r[i * LANES] - x[i * LANES]);
  }
  e->wedge[m] = part;
  e->wedging |= part > 0;
}

void engine_feed_wedges(gb_engine *e) {
  if (!(e->soloed | e->wedging)) return;
  e->wedging = 0;
  for (int m = 0; m < GB_MONITORS; m++) feed_wedge(e, m);
}

void engine_mix(gb_engine *e, int sent, float *stems) {
  if (stems) write_stems(e, stems);
  mix_process(&e->late, e->channels, 1, solo_is_heard(e) | sent ? MIX_ROWS : BUS_ROWS, e->x, e->sum);
  if (e->early.feeders) mix_process(&e->early, e->channels, 0, BUS_ROWS, e->soon, e->sum);
  if (e->first.feeders) mix_process(&e->first, e->channels, 0, BUS_ROWS, e->raw, e->sum);
}

// In and out of silence in a straight line: 50 ms at the start, 5 ms around a change of look-ahead.
void engine_fade(gb_engine *e) {
  if (e->lookahead != e->lookahead_wanted && e->fade_step >= 0) e->fade_step = -1.0f / (SWITCH_QUANTA * GB_QUANTUM);
  float fade = e->fade;
  for (int i = 0; i < GB_QUANTUM; i++) {
    fade = fminf(fmaxf(fade + e->fade_step, 0), 1);
    for (int row = 0; row < MIX_ROWS; row++) e->sum[row][i] *= fade;
  }
  e->fade = fade;
  if (fade > 0 || e->fade_step > 0) return;
  engine_set_lookahead(e);
  e->fade_step = 1.0f / (SWITCH_QUANTA * GB_QUANTUM);
}

// Behind the limiters, so that neither what they hold nor the ring of a filter is cut off at the end.
void engine_leave(gb_engine *e) {
  for (int i = 0; i < GB_QUANTUM; i++) {
    e->open = fmaxf(e->open - 1.0f / (FADE_QUANTA * GB_QUANTUM), 0);
    for (int row = 0; row < MIX_ROWS; row++) e->sum[row][i] *= e->open;
  }
}

int engine_wish_to_hear(const gb_engine *e) {
  const int choice = (int)e->values[GB_BOX_LISTEN], taken = (int)e->values[GB_BOX_TAKEN];
  if (taken && taken <= e->channels) return BUS_TAKEN + taken - 1;
  return e->soloed ? BUS_SOLO : choice ? BUS_MONITOR + choice - 1 : BUS_LEFT;
}

// Before the strips run: those whose losses somebody hears, or will.
void engine_probe(gb_engine *e) {
  const int heard[] = {engine_wish_to_hear(e), e->heard, e->heard_before}, probing = (heard[0] >= BUS_TAKEN) | (heard[1] >= BUS_TAKEN) | (heard[2] >= BUS_TAKEN);
  if (!(probing | e->probing)) return;
  e->probing = probing;
  for (int g = 0; g < e->groups; g++) e->strips[g].probed = 0;
  for (int i = 0; i < 3; i++)
    if (heard[i] >= BUS_TAKEN) e->strips[(heard[i] - BUS_TAKEN) / LANES].probed = 1;
}

static int right_of(int bus) { return bus == BUS_LEFT || bus == BUS_SOLO ? bus + 1 : bus; }

// The listen bus: what it carries is cross-faded to what it is to carry. Beginnings wait for the end of a fade under way.
static void write_listen(gb_engine *e, float (*tap)[GB_TAP_OUT]) {
  const int wish = engine_wish_to_hear(e);
  if (!e->heard_fade && wish != e->heard) {
    e->heard = wish;
    e->heard_fade = SWITCH_QUANTA;
  }
  const float *l = bus_of(e, e->heard), *r = bus_of(e, right_of(e->heard));
  if (!e->heard_fade) {
#pragma GCC unroll 8
    for (int i = 0; i < GB_QUANTUM; i++) {
      tap[i][GB_OUTPUTS] = l[i * LANES];
      tap[i][GB_OUTPUTS + 1] = r[i * LANES];
    }
    return;
  }
  const float *was_l = bus_of(e, e->heard_before), *was_r = bus_of(e, right_of(e->heard_before));
  const float step = 1.0f / (SWITCH_QUANTA * GB_QUANTUM);
  float part = 1 - (float)e->heard_fade / SWITCH_QUANTA;
  for (int i = 0; i < GB_QUANTUM; i++, part += step) {
    tap[i][GB_OUTPUTS] = was_l[i * LANES] + part * (l[i * LANES] - was_l[i * LANES]);
    tap[i][GB_OUTPUTS + 1] = was_r[i * LANES] + part * (r[i * LANES] - was_r[i * LANES]);
  }
  if (!--e->heard_fade) e->heard_before = e->heard;
}

// To the card as the patch has it; a card of the box's own buses is written as they are.
void engine_write(gb_engine *e, float *out, float (*tap)[GB_TAP_OUT]) {
  const int straight = e->outputs == GB_OUTPUTS && patch_straight(&e->outs, GB_OUTPUTS, GB_OUTPUTS);
#pragma GCC unroll 4
  for (int i = 0; i < GB_QUANTUM; i++)
    for (int row = 0; row < BUS_ROWS; row++) {
      const lanes v = e->sum[row][i];
      if (straight) lanes_store(out + i * GB_OUTPUTS + row * LANES, v);
      lanes_store(tap[i] + row * LANES, v);
    }
  if (!straight) patch_process(&e->outs, tap[0], GB_TAP_OUT, GB_OUTPUTS, out, e->outputs);
  write_listen(e, tap);
}
