// feed.c - the other side of a simulated card: who makes it, feeds it, lets its time pass and breaks it.
#include <math.h>
#include <string.h>

#include "gigsim.h"

enum { LATE = 4096 };      // frames behind its clock that the card may still read

uint64_t sim_load(const uint64_t *counter) { return __atomic_load_n(counter, __ATOMIC_ACQUIRE); }
void sim_grant(gigsim *c, uint64_t until) { __atomic_store_n(&c->granted, until, __ATOMIC_RELEASE); }

int sim_feed(gigsim *c, const float *in, int frames) {
  const uint64_t now = sim_load(&c->now), begin = c->fed > now ? c->fed : now;
  const int64_t room = (int64_t)c->in_frames - LATE - (int64_t)(begin - now);
  int32_t *ring = (int32_t *)(c + 1);
  const int count = room < frames ? (int)room : frames;
  for (int i = 0; i < count; i++) {
    int32_t *frame = ring + (begin + (uint64_t)i) % c->in_frames * c->in_channels;
    for (unsigned n = 0; n < c->inputs; n++) {
      const float x = in[(size_t)i * c->inputs + n] * 2147483648.0f;
      frame[n] = x >= 2147483520.0f ? 2147483520 : x > -2147483648.0f ? (int32_t)lrintf(x) : INT32_MIN;
    }
  }
  if (count <= 0) return 0;
  __atomic_store_n(&c->fed, begin + (uint64_t)count, __ATOMIC_RELEASE);
  return count;
}

void sim_break(gigsim *c, uint64_t at, uint32_t kind, uint32_t size) {
  c->faults[c->given % SIM_FAULTS] = (sim_fault){at, kind, size};
  __atomic_store_n(&c->given, c->given + 1, __ATOMIC_RELEASE);
}
