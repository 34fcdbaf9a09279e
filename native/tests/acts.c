// acts.c - what a row of THE table says that it acts on is what its value changes: each block is designed with the value as it is and with
// another one, and where they differ the block hangs on it. One line for each row whose marks say otherwise: its first index, what it
// marks and what it changes, as sums of the blocks below.
#include <stdio.h>
#include <stdlib.h>

#include "engine.h"

enum { CHANNELS = 3, N = 1 };      // which strip and monitor is looked at, where a row has more than one
enum { STRIP_AT = 0, MAIN_AT = 16, MONITOR_AT = 24, BOX_AT = 32, OUT_AT = 40, END = 48 };      // bits
static const uint64_t BLOCKS = (uint64_t)STRIP_ALL << STRIP_AT | (uint64_t)BUS_ALL << MAIN_AT | (uint64_t)BUS_ALL << MONITOR_AT | (uint64_t)BOX_ALL << BOX_AT |
                               (uint64_t)OUT_ALL << OUT_AT;

typedef struct {                   // all that a design may write
  strip_coefs strip;
  mix_glide late, early;
  bus_bank bus;
  duck_band duck;
  patch_wires sources, outs;
  float threshold, attack, hold, release, share_least;
  int lookahead;
} designs;

static void set_all(float *values, int first, float value) {
  for (int row = 0; row < GB_ROWS; row++)
    for (int i = 0; i < gb_rows[row].count && gb_rows[row].first == first; i++) values[first + i] = value;
}

// Every block does something, so that every value of it matters.
static gb_engine *busy_engine(gb_rack *rack) {
  const int on[] = {GB_STRIP_HPF_ON, GB_STRIP_HUM_ON, GB_STRIP_GATE_ON, GB_STRIP_EQ_ON, GB_STRIP_DEESS_ON, GB_STRIP_COMP_ON, GB_STRIP_SHARE_ON, GB_MAIN_MONO_ON};
  const int decibels[] = {GB_STRIP_EQ_GAIN, GB_MAIN_EQ_GAIN, GB_MONITOR_EQ_GAIN, GB_STRIP_SEND_LEVEL, GB_STRIP_FXSEND_LEVEL, GB_STRIP_LEVEL, GB_STRIP_SHARE_WEIGHT};
  gb_rack_format(rack, CHANNELS);
  for (unsigned i = 0; i < sizeof on / sizeof *on; i++) set_all(rack->values, on[i], 1);
  for (unsigned i = 0; i < sizeof decibels / sizeof *decibels; i++) set_all(rack->values, decibels[i], -3);
  set_all(rack->values, GB_STRIP_SOLO, 1);
  return gb_engine_new(rack, CHANNELS);
}

static float another(const gb_row *row, float value) {
  const float step = row->high - row->low <= 1 ? row->high - row->low : fmaxf(1, (row->high - row->low) / 16);
  return value + step <= row->high ? value + step : value - step;
}

static void design(gb_engine *e, uint64_t block, designs *d) {
  static gb_engine work;
  gb_engine *w = &work;
  memcpy(w, e, sizeof *w);
  memset(d, 0, sizeof *d);
  w->strip_dirty[N] = (unsigned)(block >> STRIP_AT) & STRIP_ALL;
  w->bus_dirty[0] = (unsigned)(block >> MAIN_AT) & BUS_ALL;
  w->bus_dirty[1 + N] = (unsigned)(block >> MONITOR_AT) & BUS_ALL;
  w->box_dirty = (unsigned)(block >> BOX_AT) & BOX_ALL;
  w->out_dirty[N] = (unsigned)(block >> OUT_AT) & OUT_ALL;
  w->strip_glide[N] = w->out_glide[N] = w->bus_glide = w->box_glide = w->patch_glide = SWITCH_QUANTA;
  engine_design(w, 0);
  memcpy(&d->strip, &w->strips[0].c, sizeof d->strip);
  memcpy(&d->late, &w->late.strip[N], sizeof d->late);
  memcpy(&d->early, &w->early.strip[N], sizeof d->early);
  memcpy(&d->bus, &w->bus, sizeof d->bus);
  d->duck = w->duck.band.goal;
  d->sources = w->sources, d->outs = w->outs;
  d->threshold = w->duck.threshold, d->attack = w->duck.attack, d->hold = w->duck.hold, d->release = w->duck.release;
  d->share_least = w->share_least, d->lookahead = w->lookahead_wanted;
}

static uint64_t changed(gb_engine *e, const gb_row *row, int index) {
  const float was = e->values[index];
  uint64_t found = 0;
  for (int bit = 0; bit < END; bit++) {
    const uint64_t block = 1ull << bit & BLOCKS;
    if (!block) continue;
    designs before, after;
    design(e, block, &before);
    e->values[index] = another(row, was);
    design(e, block, &after);
    e->values[index] = was;
    if (memcmp(&before, &after, sizeof before)) found |= block;
  }
  return found;
}

static uint64_t marked(gb_engine *e, int index) {
  memset(e->strip_dirty, 0, sizeof e->strip_dirty);
  memset(e->bus_dirty, 0, sizeof e->bus_dirty);
  memset(e->out_dirty, 0, sizeof e->out_dirty);
  e->box_dirty = 0;
  engine_mark(e, index);
  return (uint64_t)e->strip_dirty[N] << STRIP_AT | (uint64_t)e->bus_dirty[0] << MAIN_AT | (uint64_t)e->bus_dirty[1 + N] << MONITOR_AT | (uint64_t)e->box_dirty << BOX_AT |
         (uint64_t)e->out_dirty[N] << OUT_AT;
}

int main(void) {
  gb_rack *rack = aligned_alloc(64, (sizeof *rack + 63) / 64 * 64);
  gb_engine *e = busy_engine(rack);
  for (int r = 0; r < GB_ROWS; r++) {
    const gb_row *row = &gb_rows[r];
    const int index = row->first + (row->count > row->each ? (N + 1) * row->each : row->each) - 1;      // the last value of that strip or bus
    const uint64_t marks = marked(e, index), changes = changed(e, row, index);
    if (marks != changes) printf("%d %llx %llx\n", row->first, (unsigned long long)marks, (unsigned long long)changes);
  }
  printf("%d rows\n", GB_ROWS);
  gb_engine_free(e);
  free(rack);
  return 0;
}
