// clock.h - the time of a simulated card: the machine's or granted; on its way it meets the faults that were asked for.
#pragma once
#include <errno.h>
#include <time.h>

#include "gigsim.h"

static uint64_t get(const uint64_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
static void set(uint64_t *p, uint64_t value) { __atomic_store_n(p, value, __ATOMIC_RELEASE); }

static int64_t clock_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}
static double frames_per_ns(const gigsim *c) { return c->rates[0] * 1e-9 * (1 + c->ppm * 1e-6); }

static void break_it(gigsim *c, sim_fault f, uint64_t *to) {
  for (int w = 0; w < 2; w++) {
    sim_way *way = &c->ways[w];
    const int meant = f.size >> w & 1;
    if (f.kind == SIM_XRUN && meant) way->error = EPIPE;
    if (f.kind == SIM_SUSPEND) way->error = ESTRPIPE;
    if (f.kind == SIM_SHORT) way->odd = f.size;
    if ((f.kind == SIM_HALT && meant) || (f.kind == SIM_DEAF && w == 0)) way->halted = 1, way->still = c->now;
  }
  if (f.kind == SIM_DEAF) c->ways[0].deaf = f.size;
  if (f.kind == SIM_UNPLUG) c->plug = f.at + f.size, set(&c->plugs, c->plugs + 1);
  if (f.kind != SIM_STALL) return;
  *to += f.size;
  c->epoch -= (int64_t)(f.size / frames_per_ns(c));
}

// The card's time goes on, through all faults on the way.
static void go_on(gigsim *c, uint64_t to) {
  for (uint64_t done = c->done; done < get(&c->given) && c->faults[done % SIM_FAULTS].at <= to; set(&c->done, ++done)) {
    if (c->faults[done % SIM_FAULTS].at > c->now) set(&c->now, c->faults[done % SIM_FAULTS].at);
    break_it(c, c->faults[done % SIM_FAULTS], &to);
  }
  const uint64_t fed = get(&c->fed), from = c->now > fed ? c->now : fed;
  if (fed && !c->looped && to > from) set(&c->hungry, c->hungry + to - from);
  if (to > c->now) set(&c->now, to);
}

static void look_at_the_clock(gigsim *c) {
  if (c->clock == SIM_TIMER && c->epoch) go_on(c, (uint64_t)((double)(clock_ns() - c->epoch) * frames_per_ns(c)));
}
