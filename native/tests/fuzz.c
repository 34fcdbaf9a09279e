// fuzz.c - whatever another program leaves in the rack, and whatever a card delivers: what leaves the box is finite and within full scale, and no memory
// is touched that is not the engine's. For libFuzzer: `make fuzz`. An input is a box's width, then steps; each is a kind and its bytes.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gigbox.h"

enum { COMMAND, COMMANDS, SOUND, GAINS, COUNTERS, BURST, KINDS };
enum { MOST_QUANTA = 400, BURST_QUANTA = 16 };
typedef struct { const uint8_t *at; size_t left; } bytes;
static gb_rack *rack;

static void take(bytes *b, void *to, size_t size) {      // behind the end nothing but nought
  const size_t n = size < b->left ? size : b->left;
  memset(to, 0, size);
  memcpy(to, b->at, n);
  b->at += n;
  b->left -= n;
}
static uint8_t take_byte(bytes *b) { uint8_t v; take(b, &v, 1); return v; }

static void play(gb_engine *e, const float *in, int channels, int quanta) {
  static float out[GB_QUANTUM * GB_OUTPUTS], stems[GB_QUANTUM * GB_CHANNELS * 2], fed[GB_QUANTUM * GB_CHANNELS];
  memcpy(fed, in, sizeof(float) * GB_QUANTUM * (size_t)channels);
  for (int q = 0; q < quanta; q++) {
    gb_process(e, fed, out, stems, GB_QUANTUM);
    for (int i = 0; i < GB_QUANTUM * GB_OUTPUTS; i++)
      if (!(fabsf(out[i]) <= 1.0f)) fprintf(stderr, "%g left the box at output %d\n", out[i], i % GB_OUTPUTS), abort();
  }
}

// As a broken desk would: any index, any bits of a number, read and written as memory.
static void command(bytes *b) {
  const uint64_t tail = rack->queue_tail;
  take(b, &rack->queue[tail % GB_QUEUE], sizeof(gb_command));
  if (take_byte(b) & 3) rack->queue[tail % GB_QUEUE].index %= 4096;      // most of them mean something
  rack->queue_tail = tail + 1;
}

static void gains(bytes *b) {
  static float sheet[GB_FINE_BANDS * GB_CHANNELS];
  float few[8];
  take(b, few, sizeof few);
  for (int i = 0; i < GB_FINE_BANDS * GB_CHANNELS; i++) sheet[i] = few[i * 2654435761u >> 29 & 7];
  gb_give_gains(rack, rack->hops + take_byte(b) - 2u, sheet);
}

static int step(bytes *b, gb_engine *e, int channels) {
  static float in[GB_QUANTUM * GB_CHANNELS];
  float few[4];
  switch (take_byte(b) % KINDS) {
    case COMMAND: command(b); return 0;
    case COMMANDS: for (int n = take_byte(b); n > 0; n--) command(b); return 0;
    case GAINS: gains(b); return 0;
    case COUNTERS: take(b, take_byte(b) & 1 ? &rack->queue_tail : take_byte(b) & 1 ? &rack->gain_sets : &rack->wanted_until, 8); return 0;
    case SOUND: take(b, in, sizeof(float) * GB_QUANTUM * (size_t)channels); play(e, in, channels, 1); return 1;
    default:
      take(b, few, sizeof few);
      for (int i = 0; i < GB_QUANTUM * channels; i++) in[i] = few[(i * 7 + i / channels) & 3];
      play(e, in, channels, BURST_QUANTA);
      return BURST_QUANTA;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const int widths[] = {1, 2, 8, 9, 16, 32};
  bytes b = {data, size};
  if (!rack && !(rack = aligned_alloc(GB_PAGE, sizeof *rack))) abort();
  const int channels = widths[take_byte(&b) % 6];
  gb_rack_format(rack, channels);
  memset(rack->desk_pages, 0, GB_DESK_BYTES);
  memset(rack->brain_pages, 0, GB_BRAIN_BYTES);
  gb_engine *e = gb_engine_new(rack, channels);
  if (!e) abort();
  for (int quanta = 0; b.left && quanta < MOST_QUANTA;) quanta += step(&b, e, channels);
  gb_engine_free(e);
  return 0;
}
