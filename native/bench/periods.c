// periods.c - how long a period takes with everything on: periods CHANNELS PERIODS prints each one's nanoseconds, a line each.
// A period is 64 frames. Outputs, monitors and effects are all there, however few the channels. Runs before all others, where this user may: as the audio
// thread does.
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else      // then nobody can count, either
#define CALLGRIND_START_INSTRUMENTATION
#define RUNNING_ON_VALGRIND 0
#endif

#include "gigbox.h"
#include "tune.h"

enum { PERIOD = 64, SOUND = 16384, BEGUN = SOUND / 4 };      // frames of noise; and until it is past its fade-in, and what it watches while it begins
enum { PAUSE_NS = 100000 };      // as between two interrupts of a card: others come in, and the kernel does not stop whoever never waits

// Alone in its function, so that a counter of instructions can be switched on for it.
__attribute__((noinline, noclone)) void measured(gb_engine *engine, const float *in, float *out) { gb_process(engine, in, out, NULL, PERIOD); }

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void *memory(size_t size) {
  void *found = aligned_alloc(64, (size + 63) / 64 * 64);
  if (!found) fputs("no memory\n", stderr), exit(1);
  return memset(found, 0, size);
}

static void make_noise(float *noise, int count) {
  uint32_t seed = 1;
  for (int i = 0; i < count; i++) noise[i] = 0.25f * (float)(int32_t)(seed = seed * 1664525u + 1013904223u) * 0x1p-31f;
}

int main(int count, char **words) {
  const int channels = count == 3 ? atoi(words[1]) : 0, periods = count == 3 ? atoi(words[2]) : 0;
  if (channels < 1 || channels > GB_CHANNELS || periods < 1) return fprintf(stderr, "periods CHANNELS PERIODS: 1 to %d channels\n", GB_CHANNELS), 2;
  gb_rack *rack = memory(sizeof *rack);
  gb_rack_format(rack, channels);
  tune_all(rack->values);
  float *noise = memory((size_t)(SOUND * channels) * sizeof *noise), *out = memory(PERIOD * GB_OUTPUTS * sizeof *out);
  long long *took = memory((size_t)periods * sizeof *took);
  make_noise(noise, SOUND * channels);
  gb_engine *engine = gb_engine_new(rack, channels);
  if (!engine) return fputs("no memory for an engine\n", stderr), 1;
  for (int at = 0; at < BEGUN; at += PERIOD) gb_process(engine, noise + at % SOUND * channels, out, NULL, PERIOD);
  if (!RUNNING_ON_VALGRIND) sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 80});
  CALLGRIND_START_INSTRUMENTATION;
  for (int n = 0; n < periods; n++) {
    const long long begin = now();
    measured(engine, noise + n * PERIOD % SOUND * channels, out);
    took[n] = now() - begin;
    if (!RUNNING_ON_VALGRIND) nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
  }
  for (int n = 0; n < periods; n++) printf("%lld period\n", took[n]);
  gb_engine_free(engine);
  return 0;
}
