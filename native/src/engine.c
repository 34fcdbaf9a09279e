// engine.c - the whole signal path, one quantum of 32 frames after the other: commands, strips, sums, buses, meters.
#include "engine.h"
#include "guard.h"

#include <stdlib.h>

gb_engine *gb_engine_new(gb_rack *rack, int channels) {
  gb_engine *e = aligned_alloc(64, (sizeof(gb_engine) + 63) / 64 * 64);
  if (!e) return NULL;
  memset(e, 0, sizeof *e);
  e->rack = rack;
  e->channels = channels;
  e->groups = (channels + LANES - 1) / LANES;
  gb_engine_card(e, channels, GB_OUTPUTS);
  e->values = rack->values;
  for (int row = 0; row < GB_ROWS; row++)
    for (int i = 0; i < gb_rows[row].count; i++) e->row_of[gb_rows[row].first + i] = (unsigned char)row;
  for (int i = 0; i < GB_VALUES; i++) {         // a rack that survived a crash is read, not trusted
    const gb_row *row = &gb_rows[e->row_of[i]];
    if (!isfinite(e->values[i])) e->values[i] = row->defaults[(i - row->first) % row->cycle];
    e->values[i] = fminf(fmaxf(e->values[i], row->low), row->high);
  }
  e->depth = e->values[GB_BOX_DEPTH];
  analysis_init(&e->ears);
  bus_init(&e->bus);
  guard_init(&e->guard);
  analyser_design(&e->analyser);
  for (int f = 0; f < GB_FXS; f++) effect_init(&e->fx[f]);
  for (int g = 0; g < e->groups; g++) strip_init(&e->strips[g], channels - g * LANES < LANES ? channels - g * LANES : LANES);
  for (int i = 0; i < GB_VALUES; i++) engine_mark(e, i);
  engine_design(e, 1);
  for (int g = 0; g < e->groups; g++)           // start where the values are: no glide from nothing
    for (int k = 0; k < e->strips[g].count; k++) e->strips[g].c.align.delay[k] = e->strips[g].c.align.goal[k], e->strips[g].c.align.fade[k] = 0;
  engine_set_lookahead(e);
  e->heard = e->heard_before = engine_wish_to_hear(e);
  engine_clear_meters(rack);
  e->fade_step = 1.0f / (FADE_QUANTA * GB_QUANTUM);
  e->open = 1;
  engine_start_cleaning(e);
  __atomic_store_n(&rack->frames, 0, __ATOMIC_RELEASE);
  __atomic_store_n(&rack->queue_head, __atomic_load_n(&rack->queue_tail, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
  return e;
}

void gb_engine_card(gb_engine *e, int inputs, int outputs) {
  e->inputs = inputs;
  e->outputs = outputs;
}
void gb_engine_free(gb_engine *e) {
  if (e) free(e->recorded);
  free(e);
}
int gb_engine_stand_in(gb_engine *e) { return e->recorded || (e->recorded = stand_in_new(e->channels)); }
int gb_engine_feed(gb_engine *e, const float *in, int frames) { return stand_in_feed(e->recorded, in, frames); }
uint64_t gb_engine_hungry(const gb_engine *e) { return e->recorded->hungry; }
void gb_engine_fade_out(gb_engine *e) { e->leaving = 1; }
int gb_engine_faded_out(const gb_engine *e) { return e->open <= 0; }

// The strips' frames, as the patch has them: in place where every strip has its own input. What was recorded is a strip's already.
static const float *feed(gb_engine *e, const float *in, int *stride) {
  if (e->recorded) return *stride = e->channels, in;
  const int straight = patch_straight(&e->sources, e->channels, e->inputs);
  *stride = straight ? e->inputs : e->channels;
  if (straight) return in;
  patch_process(&e->sources, in, e->inputs, e->inputs, e->fed, e->channels);
  return e->fed;
}

static void quantum(gb_engine *e, const float *in, float *out, float *stems) {
  gb_rack *r = e->rack;
  const uint64_t frame = r->frames;
  engine_drain(e);
  engine_morph(e);
  if (e->apart != e->giving_way) engine_part_monitors(e);
  engine_take_gains(e);
  engine_aim(e);
  engine_probe(e);
  int stride;
  in = feed(e, in, &stride);
  float *tap_in = r->tap_in[frame % GB_TAP_FRAMES];
  const unsigned early = mix_feeders(&e->early, e->channels), first = mix_feeders(&e->first, e->channels);
  for (int g = 0; g < e->groups; g++) {
    e->strips[g].feeds = e->lookahead ? mix_lanes(early, g) : 0;
    const unsigned bad = strip_process(&e->strips[g], in + g * LANES, stride, tap_in + g * LANES, frame, e->lookahead, e->x[g], e->strips[g].feeds ? e->soon[g] : NULL);
    for (int k = 0; e->strips[g].popped >> k; k++) r->strips.pops[g * LANES + k] += e->strips[g].popped >> k & 1;
    for (int k = 0; bad >> k; k++) r->strips.faults[g * LANES + k] += bad >> k & 1;
    if (mix_lanes(first, g)) memcpy(e->raw[g], e->strips[g].present, sizeof e->raw[g]);
  }
  engine_give_way(e, early);
  const int sent = e->effects && engine_sends_to_effects(e);
  engine_mix(e, sent, stems);
  if (e->effects) engine_effects(e, sent);
  engine_feed_wedges(e);
  if (e->fade < 1 || e->fade_step <= 0 || e->lookahead != e->lookahead_wanted) engine_fade(e);
  engine_play(e);
  r->buses.faults += !bus_process(&e->bus, e->sum, e->heard_by_guard);
  if (e->bus.any_guarded | e->guard.awake) engine_guard(e, frame + GB_QUANTUM);
  engine_analyse(e, frame + GB_QUANTUM);
  if (e->leaving) engine_leave(e);
  engine_write(e, out, r->tap_out + frame % GB_TAP_FRAMES);
  const uint64_t end = frame + GB_QUANTUM;
  if (end % GB_HOP == 0) engine_listen(e, end);
  engine_publish(e, end);
  __atomic_store_n(&r->frames, end, __ATOMIC_RELEASE);
}

void gb_process(gb_engine *e, const float *in, float *out, float *stems, int frames) {
  const uint64_t was = denormals_off();
  for (int i = 0; i + GB_QUANTUM <= frames; i += GB_QUANTUM)
    quantum(e, in + (size_t)i * (size_t)e->inputs, out + (size_t)i * (size_t)e->outputs, stems ? stems + (size_t)i * (size_t)e->channels * 2 : NULL);
  denormals_back(was);
}

void gb_play(gb_engine *e, const float *in, int inputs, float *out, int outputs, int frames) {
  static const float silence[STAND_IN_PERIOD * GB_CHANNELS];
  if (e->recorded) {
    inputs = e->channels;
    in = stand_in_take(e->recorded, frames);
    if (!in) in = silence;
  }
  gb_engine_card(e, inputs, outputs);
  gb_process(e, in, out, NULL, frames);
}
