// evening.c - a long evening in fast motion: evening SECONDS [JUMP]. After a second every counter of frames jumps ahead by JUMP frames, a multiple of 2048:
// what is heard may not change. The outputs of less than a minute go to standard output as float32. Ends with 3 where something counts without a bound.
#include <stdio.h>
#include <stdlib.h>

#include "engine.h"

enum { CHANNELS = 3, MINUTE = 60 * GB_RATE };

static gb_rack *prepared(void) {
  gb_rack *rack = aligned_alloc(64, sizeof *rack);
  gb_rack_format(rack, CHANNELS);
  for (int n = 0; n < CHANNELS; n++) {
    rack->values[GB_STRIP_DELAY + n] = 7.3f * (float)n;
    rack->values[GB_STRIP_DENOISE_AMOUNT + n] = 12;
    rack->values[GB_STRIP_GATE_ON + n] = rack->values[GB_STRIP_COMP_ON + n] = rack->values[GB_STRIP_HPF_ON + n] = 1;
  }
  rack->values[GB_BOX_DENOISE] = 1;      // the classical one: it needs no other program
  return rack;
}

static void jump(gb_engine *e, uint64_t frames) {
  e->rack->frames += frames;
  e->published += frames;
  e->rack->hops += frames / GB_HOP;
  e->rack->meter_blocks += frames / GB_METER_FRAMES;
}

int main(int count, char **words) {
  const uint64_t frames = strtoull(words[1], NULL, 10) * GB_RATE, ahead = count > 2 ? strtoull(words[2], NULL, 10) : 0;
  gb_rack *rack = prepared();
  gb_engine *engine = gb_engine_new(rack, CHANNELS);
  float in[GB_QUANTUM * CHANNELS], out[GB_QUANTUM * GB_OUTPUTS];
  uint32_t seed = 1;
  for (uint64_t frame = 0; frame < frames; frame += GB_QUANTUM) {
    if (frame == GB_RATE) jump(engine, ahead);
    const float size = frame % 24000 < 6000 ? 0.3f : 0.003f;
    for (int i = 0; i < GB_QUANTUM * CHANNELS; i++) in[i] = size * (float)(int32_t)(seed = seed * 1664525u + 1013904223u) * 0x1p-31f;
    gb_process(engine, in, out, NULL, GB_QUANTUM);
    if (frames < MINUTE) fwrite(out, sizeof out, 1, stdout);
  }
  int bad = !isfinite(out[0]) || rack->frames != frames + ahead;
  for (int g = 0; g < engine->groups; g++) bad |= engine->ears.classic[g].hops > MINIMUM_HOPS;
  gb_engine_free(engine);
  free(rack);
  return bad ? 3 : 0;
}
