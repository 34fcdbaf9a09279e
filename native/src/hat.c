// hat.c - the simulated HAT: a real-time thread that takes a period of input from a ring, at the pace of a sound card.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "gigbox.h"

struct gb_hat {
  gb_engine *engine;
  gb_rack *rack;
  int channels, period, ring_frames, running, started;
  uint64_t head, tail;              // frames played, frames written
  float *ring, *in, *out;
  pthread_t thread;
};

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void take_period(gb_hat *h) {
  const uint64_t tail = __atomic_load_n(&h->tail, __ATOMIC_ACQUIRE);
  if (tail - h->head < (uint64_t)h->period) {
    h->rack->underruns += h->head > 0;
    memset(h->in, 0, sizeof(float) * (size_t)(h->period * h->channels));
    return;
  }
  memcpy(h->in, h->ring + h->head % (uint64_t)h->ring_frames * (uint64_t)h->channels, sizeof(float) * (size_t)(h->period * h->channels));
  __atomic_store_n(&h->head, h->head + (uint64_t)h->period, __ATOMIC_RELEASE);
}

static void *play(void *arg) {
  gb_hat *h = arg;
  const int64_t period_ns = (int64_t)h->period * 1000000000LL / GB_RATE;
  int64_t due = now_ns();
  while (!gb_engine_faded_out(h->engine)) {
    if (!__atomic_load_n(&h->running, __ATOMIC_ACQUIRE)) gb_engine_fade_out(h->engine);
    const int64_t begin = now_ns();
    take_period(h);
    gb_process(h->engine, h->in, h->out, NULL, h->period);
    const float load = (float)(now_ns() - begin) / (float)period_ns;
    h->rack->load += 0.002f * (load - h->rack->load);
    h->rack->load_peak = load > h->rack->load_peak ? load : h->rack->load_peak * 0.9999f;
    due += period_ns;
    if (now_ns() > due + 2 * period_ns) {      // a card with two periods would have run dry
      h->rack->xruns++;
      due = now_ns();
    }
    const struct timespec until = {due / 1000000000LL, due % 1000000000LL};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
  }
  return NULL;
}

gb_hat *gb_hat_new(gb_engine *e, gb_rack *rack, int channels, int period, int ring_frames) {
  gb_hat *h = calloc(1, sizeof *h);
  if (!h) return NULL;
  *h = (gb_hat){.engine = e, .rack = rack, .channels = channels, .period = period, .ring_frames = ring_frames / period * period};
  h->ring = calloc((size_t)(h->ring_frames * channels), sizeof(float));
  h->in = calloc((size_t)(period * channels), sizeof(float));
  h->out = calloc((size_t)(period * GB_OUTPUTS), sizeof(float));
  rack->period = (uint32_t)period;
  rack->xruns = rack->underruns = 0;
  rack->load = rack->load_peak = 0;
  if (h->ring && h->in && h->out) return h;
  gb_hat_free(h);
  return NULL;
}

int gb_hat_start(gb_hat *h, int priority) {
  pthread_attr_t attr;
  const struct sched_param param = {.sched_priority = priority};
  mlockall(MCL_CURRENT | MCL_FUTURE);          // refused without the right: then pages may wait, and the page says so
  h->running = 1;
  pthread_attr_init(&attr);
  pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
  pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
  pthread_attr_setschedparam(&attr, &param);
  int error = pthread_create(&h->thread, &attr, play, h);
  h->rack->realtime = error == 0;
  if (error == EPERM || error == EINVAL) error = pthread_create(&h->thread, NULL, play, h);
  pthread_attr_destroy(&attr);
  h->started = error == 0;
  return error;
}

int gb_hat_write(gb_hat *h, const float *in, int frames) {
  const uint64_t head = __atomic_load_n(&h->head, __ATOMIC_ACQUIRE);
  int done = 0;
  while (done < frames && h->tail - head < (uint64_t)h->ring_frames) {
    const uint64_t at = h->tail % (uint64_t)h->ring_frames;
    uint64_t n = (uint64_t)(frames - done), room = (uint64_t)h->ring_frames - (h->tail - head);
    if (n > room) n = room;
    if (n > (uint64_t)h->ring_frames - at) n = (uint64_t)h->ring_frames - at;
    memcpy(h->ring + at * (uint64_t)h->channels, in + (size_t)(done * h->channels), sizeof(float) * n * (size_t)h->channels);
    __atomic_store_n(&h->tail, h->tail + n, __ATOMIC_RELEASE);
    done += (int)n;
  }
  return done;
}

void gb_hat_free(gb_hat *h) {
  __atomic_store_n(&h->running, 0, __ATOMIC_RELEASE);
  if (h->started) pthread_join(h->thread, NULL);
  free(h->ring);
  free(h->in);
  free(h->out);
  free(h);
}
