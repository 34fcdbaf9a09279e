// stand_in.h - recorded sound in place of the card's inputs: one feeds it ahead, the audio thread takes a period of it, and neither waits for the other.
#pragma once
#include <stdlib.h>
#include <string.h>

#include "gigbox.h"

enum { STAND_IN_FRAMES = 4 * GB_RATE, STAND_IN_PERIOD = 256 };      // ahead; the most that is taken at once: so many are written twice, to lie in one piece
typedef struct { uint64_t fed, taken, hungry; int channels; float frames[]; } stand_in;

static inline stand_in *stand_in_new(int channels) {
  stand_in *s = calloc(1, sizeof *s + sizeof(float) * (STAND_IN_FRAMES + STAND_IN_PERIOD) * (size_t)channels);
  if (s) s->channels = channels;
  return s;
}

// How many of the frames there was room for. The period in hand is never written over.
static inline int stand_in_feed(stand_in *s, const float *in, int frames) {
  const uint64_t room = STAND_IN_FRAMES - STAND_IN_PERIOD - (s->fed - __atomic_load_n(&s->taken, __ATOMIC_ACQUIRE));
  const int count = room < (uint64_t)frames ? (int)room : frames;
  const size_t channels = (size_t)s->channels, frame = channels * sizeof(float);
  for (int i = 0; i < count; i++) {
    const size_t at = (s->fed + (uint64_t)i) % STAND_IN_FRAMES;
    memcpy(s->frames + at * channels, in + (size_t)i * channels, frame);
    if (at < STAND_IN_PERIOD) memcpy(s->frames + (at + STAND_IN_FRAMES) * channels, in + (size_t)i * channels, frame);
  }
  __atomic_store_n(&s->fed, s->fed + (uint64_t)count, __ATOMIC_RELEASE);
  return count;
}

// A period, good until the next one is taken; NULL while there is none.
static inline const float *stand_in_take(stand_in *s, int frames) {
  const uint64_t first = s->taken;
  if (frames > STAND_IN_PERIOD || __atomic_load_n(&s->fed, __ATOMIC_ACQUIRE) - first < (uint64_t)frames) return s->hungry++, NULL;
  __atomic_store_n(&s->taken, first + (uint64_t)frames, __ATOMIC_RELEASE);
  return s->frames + first % STAND_IN_FRAMES * (size_t)s->channels;
}
