// commands.c - what the desk says: which value changes which block, and the designs that follow.
#include "engine.h"

enum { DRAIN = 1024 };      // commands a quantum
// The depth may jump, what is heard may not (0.1 dB a quantum): all of auto takes 1.5 s, part of it less, and what switches half a second.
// A mute holds for no morph.
enum { MORPH_QUANTA = 2250, MORPH_LEAST = 750, HURRIED_QUANTA = 15 };

static void design_box(gb_engine *e, unsigned blocks) {
  const float *v = e->values;
  const float quantum_ms = 1000.0f * GB_QUANTUM / GB_RATE;
  if (blocks & BOX_DUCK) {
    e->duck = (duck_box){.threshold = powf(10, v[GB_BOX_DUCK_THRESHOLD] / 20), .attack = 1 - expf(-quantum_ms / v[GB_BOX_DUCK_ATTACK]),
                         .hold = v[GB_BOX_DUCK_HOLD] * 1e-3f * GB_RATE, .release = 1 - expf(-quantum_ms / v[GB_BOX_DUCK_RELEASE]),
                         .band = e->duck.band};
    duck_design(&e->duck, v[GB_BOX_DUCK_FREQUENCY], v[GB_BOX_DUCK_Q], e->box_glide);
  }
  if (blocks & BOX_SHARE) e->share_least = powf(10, -v[GB_BOX_SHARE_DEPTH] / 20);
  if (blocks & BOX_LOOKAHEAD) e->lookahead_wanted = v[GB_BOX_LOOKAHEAD] > 0.5f ? MASK_DELAY : 0;
}

void engine_set_lookahead(gb_engine *e) {
  e->lookahead = e->lookahead_wanted;
  e->rack->latency_main = (uint32_t)(e->lookahead + LOOK);
  e->rack->latency_monitor = 0;
  for (int g = 0; g < e->groups; g++) analysis_reset(&e->strips[g], e->lookahead);
  for (int n = 0; n < e->channels; n++) engine_design_routes(e, n, 1);
}

void engine_morph(gb_engine *e) {
  const float left = e->values[GB_BOX_DEPTH] - e->depth, step = 100.0f / MORPH_QUANTA;
  e->depth = fabsf(left) <= step ? e->values[GB_BOX_DEPTH] : e->depth + copysignf(step, left);
}
// What a value takes at least that goes with the depth, while that is on its way.
static int morph_quanta(const gb_engine *e) {
  const float left = fabsf(e->values[GB_BOX_DEPTH] - e->depth);
  return left > 0 ? (int)fmaxf(MORPH_LEAST, ceilf(left * (MORPH_QUANTA / 100.0f))) : 0;
}
static int hurry(int quanta, unsigned hurried) { return hurried && quanta > HURRIED_QUANTA ? HURRIED_QUANTA : quanta; }
static void lengthen(int *quanta, int wanted) {
  if (wanted < SWITCH_QUANTA) wanted = SWITCH_QUANTA;      // nothing jumps
  if (wanted > *quanta) *quanta = wanted;
}

static void mark_strip(gb_engine *e, int n, unsigned block, int quanta, int hurries) {
  if (n >= e->channels) return;
  e->strip_dirty[n] |= block;
  e->hurried[n] |= (unsigned)hurries;
  lengthen(block == STRIP_OUT ? &e->out_glide[n] : &e->strip_glide[n], quanta);
}
static void mark_bus(gb_engine *e, int bus, unsigned block, int quanta, int hurries) {
  e->bus_dirty[bus] |= block;
  e->bus_hurried[bus] |= (unsigned)hurries;
  lengthen(&e->bus_glide, quanta);
}
// What many strips go by: those that it concerns are sent anew.
static void mark_routes(gb_engine *e, int group, int quanta, int hurries) {      // group: of its strips alone; -1: of all
  for (int n = 0; n < e->channels; n++)
    if (group < 0 || e->values[GB_STRIP_GROUP_ON + n * GB_GROUPS + group] > 0.5f) mark_strip(e, n, STRIP_OUT, quanta, hurries);
}
static void mark_fx(gb_engine *e, int f, unsigned block, int quanta, int hurries) {
  e->fx_dirty[f] |= block;
  e->fx_hurried[f] |= (unsigned)hurries;
  lengthen(&e->fx_glide, quanta);
}
static void mark_group(gb_engine *e, int g, unsigned block, int quanta, int hurries) {
  (void)block;
  mark_routes(e, g, quanta, hurries);
}
static void mark_main(gb_engine *e, int n, unsigned block, int quanta, int hurries) { mark_bus(e, n, block, quanta, hurries); }
static void mark_monitor(gb_engine *e, int n, unsigned block, int quanta, int hurries) {
  if (block & (BUS_SENDS | BUS_LINK)) mark_routes(e, -1, quanta, hurries);
  for (int m = n + 1; m < GB_MONITORS && block & BUS_LINK; m++) mark_bus(e, 1 + m, BUS_ALL, quanta, hurries);      // who is whose right is counted from here on
  for (int f = 0; f < GB_FXS && block & BUS_LINK; f++) mark_fx(e, f, FX_RETURN, quanta, hurries);
  if (block & BUS_LINK) mark_bus(e, 1 + n, BUS_LOUDNESS, quanta, hurries);
  if (block & BUS_ALL) mark_bus(e, 1 + n, block, quanta, hurries);
  if (block & BUS_ALL && bus_is_left(e->values, n)) mark_bus(e, 2 + n, block, quanta, hurries);      // its right goes by it
}
static void mark_out(gb_engine *e, int n, unsigned block, int quanta, int hurries) {
  (void)hurries;
  e->out_dirty[n] |= block;
  lengthen(&e->patch_glide, quanta);
}
static void mark_box(gb_engine *e, int n, unsigned block, int quanta, int hurries) {
  (void)n;
  if (block & BOX_SENDS) mark_routes(e, -1, quanta, hurries);
  for (int f = 0; f < GB_FXS && block & BOX_TEMPO; f++) mark_fx(e, f, FX_EFFECT, quanta, hurries);
  e->box_dirty |= block & BOX_ALL;
  lengthen(&e->box_glide, quanta);
}

// What one command changes: marks the block that must be designed again, as THE table says (params.h).
void engine_mark(gb_engine *e, int index) {
  const gb_row *row = &gb_rows[e->row_of[index]];
  const int smooth = (int)ceilf(row->smooth_ms * GB_RATE / 1000 / GB_QUANTUM), morph = morph_quanta(e);
  const int n = (index - row->first) / row->each, quanta = row->hurries || smooth > morph ? smooth : morph;
  switch (row->first) {
#define ROW(param, owner, block) case param: mark_##owner(e, n, block, quanta, row->hurries); break;
    GB_ACTS(ROW)
#undef ROW
  }
}

static void design_outs(gb_engine *e) {
  for (int n = 0; n < GB_OUTS; n++) {
    if (e->out_dirty[n]) patch_design(&e->outs, n, (int)e->values[GB_OUT_BUS + n], e->patch_glide);
    e->out_dirty[n] = 0;
  }
  e->patch_glide = 0;
}

void engine_design(gb_engine *e, int at_once) {
  if (at_once) {
    for (int n = 0; n < e->channels; n++) e->strip_glide[n] = e->out_glide[n] = 1;
    e->bus_glide = e->box_glide = e->fx_glide = 1;
    memset(e->fx_hurried, 0, sizeof e->fx_hurried);
    memset(e->hurried, 0, sizeof e->hurried);
    memset(e->bus_hurried, 0, sizeof e->bus_hurried);
  }
  for (int n = 0; n < e->channels; n++) {
    const unsigned dirty = e->strip_dirty[n];
    if (!dirty) continue;
    if (dirty & STRIP_PATCH) patch_design(&e->sources, n, (int)e->values[GB_STRIP_INPUT_SOURCE + n], e->strip_glide[n]);
    if (dirty & ~(unsigned)(STRIP_OUT | STRIP_PATCH)) strip_design(&e->strips[n / LANES], n % LANES, dirty, e->strip_glide[n], e->values, n);
    if (dirty & STRIP_OUT) engine_design_routes(e, n, hurry(e->out_glide[n], e->hurried[n]));
    e->strip_dirty[n] = e->hurried[n] = 0;
    e->strip_glide[n] = e->out_glide[n] = 0;
  }
  for (int b = 0; b <= GB_MONITORS; b++) {
    if (e->bus_hurried[b]) bus_hurry(&e->bus, b - 1);
    if (e->bus_dirty[b]) bus_design(&e->bus, b - 1, e->bus_dirty[b], hurry(e->bus_glide, e->bus_hurried[b]), e->values);
    e->bus_dirty[b] = e->bus_hurried[b] = 0;
  }
  for (int f = 0; f < GB_FXS; f++) {
    if (e->fx_dirty[f]) engine_design_effect(e, f, e->fx_dirty[f], hurry(e->fx_glide, e->fx_hurried[f]), (int)e->fx_hurried[f]);
    e->fx_dirty[f] = e->fx_hurried[f] = 0;
  }
  design_outs(e);
  if (e->box_dirty) design_box(e, e->box_dirty);
  e->box_dirty = e->bus_glide = e->box_glide = e->fx_glide = e->soloed = 0;
  for (int n = 0; n < e->channels; n++) e->soloed |= e->values[GB_STRIP_SOLO + n] > 0.5f;
  if (at_once) bus_settle(&e->bus), patch_jump(&e->sources), patch_jump(&e->outs);
}

void engine_drain(gb_engine *e) {
  gb_rack *r = e->rack;
  uint64_t head = r->queue_head;
  const uint64_t tail = __atomic_load_n(&r->queue_tail, __ATOMIC_ACQUIRE);
  if (head == tail) return;
  if (tail - head > GB_QUEUE) head = tail;      // a broken desk: nothing of it can be trusted
  for (int i = 0; i < DRAIN && head != tail; i++, head++) {
    const gb_command c = r->queue[head % GB_QUEUE];
    if (c.index >= GB_VALUES || !isfinite(c.value)) continue;
    const gb_row *row = &gb_rows[e->row_of[c.index]];
    const float value = fminf(fmaxf(c.value, row->low), row->high);
    if (value == e->values[c.index]) continue;      // told again: not one bit may change
    e->values[c.index] = value;
    engine_mark(e, (int)c.index);
  }
  __atomic_store_n(&r->queue_head, head, __ATOMIC_RELEASE);
  engine_design(e, 0);
}
