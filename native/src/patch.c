// patch.c - between the sockets of a card and the engine: which input feeds which strip, which bus leaves by which output. One to one.
#include <string.h>

#include "engine.h"

void gb_play(gb_engine *e, const float *in, int inputs, float *out, int outputs, int frames) {
  float strips[GB_QUANTUM * GB_CHANNELS], buses[GB_QUANTUM * GB_OUTPUTS];
  const int taken = inputs < e->channels ? inputs : e->channels, given = outputs < GB_OUTPUTS ? outputs : GB_OUTPUTS;
  memset(strips, 0, sizeof strips);
  for (int done = 0; done + GB_QUANTUM <= frames; done += GB_QUANTUM, in += GB_QUANTUM * inputs, out += GB_QUANTUM * outputs) {
    for (int i = 0; i < GB_QUANTUM; i++) memcpy(strips + i * e->channels, in + i * inputs, sizeof(float) * (size_t)taken);
    gb_process(e, strips, buses, NULL, GB_QUANTUM);
    memset(out, 0, sizeof(float) * (size_t)(GB_QUANTUM * outputs));
    for (int i = 0; i < GB_QUANTUM; i++) memcpy(out + i * outputs, buses + i * GB_OUTPUTS, sizeof(float) * (size_t)given);
  }
}
