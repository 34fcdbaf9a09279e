// blocks.c - what each block costs: blocks NAME FRAMES [REPEATS] prints nanoseconds per frame of 16 channels; blocks --list the names.
// NAME may be `all`. Everything is at rest (nothing glides) and switched on. What runs once a hop is spread over its 256 frames.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "analysis.h"
#include "bus.h"
#include "engine.h"
#include "guard.h"
#include "effect.h"
#include "params.h"
#include "tune.h"

enum { CHANNELS = 16, TEAMS = CHANNELS / LANES, SOUND = 4096, SETTLE = 1024 };     // frames of noise, and until all glides are over
typedef struct {
  float noise[SOUND][CHANNELS];                                // never changed; the same every time
  lanes x[TEAMS][SOUND], sum[MIX_ROWS][SOUND];                 // what blocks change in place: filled from it before each measurement
  float out[SOUND][GB_OUTPUTS], tap[SOUND][GB_CHANNELS];
  float left[SOUND], right[SOUND], gain[GB_QUANTUM];
  strip_group strip[TEAMS];
  bus_bank bus;
  mix_matrix mix;
  effect fx;
  effect_memory memory[EFFECT_UNITS];
  duck_box duck;
  duck_drive ducking;
  analysis ears;
  mask_taps taps;
  lanes energy[GB_BANDS], gains[GB_FINE_BANDS], quantum[GROUPS][GB_QUANTUM], buses[MIX_ROWS][GB_QUANTUM], heard[BUS_ROWS][GB_QUANTUM];
  gb_rack *rack;
  gb_engine *engine;
  void (*tuned)(float *values), (*played)(float *values);      // what all is prepared for, what the engine was started with
} bench;
typedef struct { const char *name; void (*run)(bench *b, int at); int every; void (*tune)(float *values); } block;

static void tune_delay(float *v) { v[GB_FX_TYPE] = EFFECT_DELAY; }
static void tune_limiters(float *v) {
  for (int i = 0; i < GB_MONITORS; i++) v[GB_MONITOR_LIMITER_CEILING + i] = -24;
}
static void tune_linked(float *v) {      // three pairs
  tune_limiters(v);
  for (int i = 0; i < GB_MONITORS; i += 2) v[GB_MONITOR_LINK + i] = 1;
}

#define TEAM(b, g, at) strip_group *s = &(b)->strip[g]; lanes *x = &(b)->x[g][at]
#define EACH_TEAM for (int g = 0; g < TEAMS; g++)
static void run_input(bench *b, int at) {
  EACH_TEAM {
    TEAM(b, g, at);
    const input_meter m = input_process(&s->c.input, &b->noise[at][g * LANES], CHANNELS, LANES, &b->tap[at][g * LANES], &s->ring.ring[at % ALIGN_RING], x);
    s->reading.in_square += m.square + m.peak;
  }
}
static void run_hpf(bench *b, int at) {
  EACH_TEAM { TEAM(b, g, at); svf_run(&s->c.hpf.now.section[0], &s->s.hpf[0], x, GB_QUANTUM, SVF_IS_PASS); }
}
static void run_hum(bench *b, int at) {
  EACH_TEAM { TEAM(b, g, at); for (int i = 0; i < 2; i++) svf4_process(&s->c.hum[i], &s->s.hum[i], x, GB_QUANTUM); }
}
static void run_fir(bench *b, int at) {
  EACH_TEAM { strip_group *s = &b->strip[g]; fir_process(&s->fir, &s->slow, s->present, &b->x[g][at]); }
}
static void run_gate(bench *b, int at) { EACH_TEAM { TEAM(b, g, at); gate_process(&s->c.shape.gate, &s->s.shape.gate, x, GB_QUANTUM, &s->reading.gate); } }
static void run_eq(bench *b, int at) { EACH_TEAM { TEAM(b, g, at); svf4_process(&s->c.shape.eq, &s->s.shape.eq, x, GB_QUANTUM); } }
static void run_deess(bench *b, int at) { EACH_TEAM { TEAM(b, g, at); deess_process(&s->c.shape.deess, &s->s.shape.deess, x, GB_QUANTUM, &s->reading.deess); } }
static void run_comp(bench *b, int at) { EACH_TEAM { TEAM(b, g, at); comp_process(&s->c.shape.comp, &s->s.shape.comp, x, GB_QUANTUM, &s->reading.comp); } }
static void run_share(bench *b, int at) {
  float sum[GB_QUANTUM] = {0};
  EACH_TEAM { TEAM(b, g, at); share_listen(&s->c.share.now, &s->s.share, x, GB_QUANTUM, sum); }
  EACH_TEAM { TEAM(b, g, at); share_apply(&s->c.share.now, &s->s.share, x, GB_QUANTUM, 1 + sum[0] * sum[0], 0.1f, &s->reading.share); }
}
static void run_duck(bench *b, int at) {
  duck_listen(&b->duck, &b->ducking, 1);
  EACH_TEAM { TEAM(b, g, at); duck_process(&b->duck, &b->ducking, s->c.duck.now, &s->s.duck, x, GB_QUANTUM, &s->reading.duck); }
}
static void run_strip_meter(bench *b, int at) {
  EACH_TEAM { TEAM(b, g, at); s->reading.k_square += kmeter_process(&s->s.k, x, GB_QUANTUM).square; }
}
static void run_mix(bench *b, int at) {
  (void)at;
  mix_process(&b->mix, CHANNELS, 1, BUS_ROWS, b->quantum, b->buses);
}
static void run_soon(bench *b, int at) {
  (void)at;
  EACH_TEAM strip_soon(&b->strip[g], b->quantum[g]);
}
static void run_effect(bench *b, int at) { effect_process(&b->fx, b->memory, b->left + at, b->buses); }
static void run_bus_eq(bench *b, int at) {
  for (int row = 0; row < BUS_ROWS; row++) svf4_process(&b->bus.eq[row], &b->bus.eq_state[row], &b->sum[row][at], GB_QUANTUM);
}
static void run_geq(bench *b, int at) {
  for (int row = 0; row < BUS_ROWS; row++)
    for (int i = 0; i < GEQ_BANKS; i++) svf4_process(&b->bus.geq[i][row], &b->bus.geq_state[i][row], &b->sum[row][at], GB_QUANTUM);
}
static void run_notches(bench *b, int at) {
  for (int row = 0; row < BUS_ROWS; row++)
    for (int i = 0; i < NOTCH_BANKS; i++) svf4_process(&b->bus.notch[i][row], &b->bus.notch_state[i][row], &b->sum[row][at], GB_QUANTUM);
}
static void run_main_limiter(bench *b, int at) { main_limiter_process(&b->bus.main, 0.1f, b->bus.release, b->left + at, b->right + at, b->gain); }
static void run_loudness(bench *b, int at) { (void)at, loudness_process(&b->bus.loudness, b->bus.other, &b->bus.loudness_state, b->buses); }
static void run_monitor_limiter(bench *b, int at) {
  for (int row = 0; row < BUS_ROWS; row++) memcpy(b->buses[row], &b->sum[row][at], sizeof b->buses[row]);
  bus_limit_monitors(&b->bus, b->buses);
}
static void run_bus_meter(bench *b, int at) {
  for (int row = 0; row < BUS_ROWS; row++) b->bus.reading[row].square += kmeter_process(&b->bus.k[row], &b->sum[row][at], GB_QUANTUM).square;
}
static void run_hop(bench *b, int at) {      // features and the classical denoiser; the filter's design is counted by `mask`
  (void)at;
  EACH_TEAM analysis_hear(&b->ears, &b->strip[g], g, lanes_all(1), b->rack->features, b->rack->gains[0].gain);
}
static void run_classic(bench *b, int at) {
  (void)at;
  EACH_TEAM denoise_hear(&b->ears.classic[g], b->energy, lanes_all(0.25f), b->gains);
}
static void run_fine(bench *b, int at) {
  (void)at;
  EACH_TEAM analysis_hear_fine(&b->ears, &b->strip[g], g, b->rack->features);
}
static void run_mask(bench *b, int at) {
  (void)at;
  EACH_TEAM mask_taps_of(&b->ears.maps, &b->ears.fft, &b->ears.room, b->gains, MASK_DELAY, &b->taps);
}
static void run_engine(bench *b, int at) { gb_process(b->engine, b->noise[at], b->out[at], NULL, GB_QUANTUM); }

static void run_guard(bench *b, int at) {      // with all trials on every output
  gb_engine *e = b->engine;
  for (int o = 0; o < GB_GUARDED; o++)
    for (int n = 0; n < GUARD_TRIALS; n++) e->guard.test[o][n] = (guard_test){.slot = n, .bus = o + 1, .hz = 1000.0f * (float)(n + 1)};
  memcpy(e->heard_by_guard, b->buses, sizeof e->heard_by_guard);
  engine_guard(e, (uint64_t)at);
}
static void run_analysers(bench *b, int at) { engine_analyse(b->engine, (uint64_t)at); }

static const block blocks[] = {
  {"input", run_input, GB_QUANTUM, NULL}, {"hpf", run_hpf, GB_QUANTUM, NULL}, {"hum", run_hum, GB_QUANTUM, NULL}, {"fir", run_fir, GB_QUANTUM, NULL},
  {"gate", run_gate, GB_QUANTUM, NULL}, {"eq", run_eq, GB_QUANTUM, tune_job}, {"eq shelves", run_eq, GB_QUANTUM, NULL}, {"deess", run_deess, GB_QUANTUM, NULL},
  {"comp", run_comp, GB_QUANTUM, NULL}, {"share", run_share, GB_QUANTUM, NULL}, {"duck", run_duck, GB_QUANTUM, NULL}, {"strip meters", run_strip_meter, GB_QUANTUM, NULL},
  {"monitor strips", run_soon, GB_QUANTUM, NULL}, {"mix", run_mix, GB_QUANTUM, NULL}, {"reverb", run_effect, GB_QUANTUM, NULL},
  {"delay", run_effect, GB_QUANTUM, tune_delay}, {"bus eq", run_bus_eq, GB_QUANTUM, tune_job}, {"geq", run_geq, GB_QUANTUM, NULL},
  {"notches", run_notches, GB_QUANTUM, NULL}, {"guard", run_guard, GB_QUANTUM, NULL}, {"analysers", run_analysers, GB_QUANTUM, NULL},
  {"main limiter", run_main_limiter, GB_QUANTUM, NULL}, {"loudness guard", run_loudness, GB_QUANTUM, NULL},
  {"monitor limiter", run_monitor_limiter, GB_QUANTUM, tune_limiters}, {"linked limiters", run_monitor_limiter, GB_QUANTUM, tune_linked}, {"bus meters", run_bus_meter, GB_QUANTUM, NULL},
  {"analysis hop", run_hop, GB_HOP, NULL}, {"denoise classic", run_classic, GB_HOP, NULL}, {"fine hop", run_fine, GB_HOP, NULL},
  {"mask", run_mask, GB_HOP, NULL}, {"engine all", run_engine, GB_QUANTUM, tune_all}, {"engine job", run_engine, GB_QUANTUM, tune_job},
};
enum { BLOCKS = sizeof blocks / sizeof *blocks };

static void fill(bench *b) {
  for (int i = 0; i < SOUND; i++) {
    for (int n = 0; n < CHANNELS; n++) lanes_put(&b->x[n / LANES][i], n % LANES, b->noise[i][n]);
    for (int row = 0; row < MIX_ROWS; row++) b->sum[row][i] = b->x[0][i];
    b->left[i] = b->noise[i][0];
    b->right[i] = b->noise[i][1];
  }
}

// Everything as in an engine that has run for a while: values designed, glides over, memories full of noise.
static void prepare(bench *b, void (*tune)(float *)) {
  float *v = b->rack->values;
  gb_rack_format(b->rack, CHANNELS);
  tune(v);
  EACH_TEAM {
    strip_init(&b->strip[g], LANES);
    for (int k = 0; k < LANES; k++) strip_design(&b->strip[g], k, STRIP_ALL, 1, v, g * LANES + k);
    analysis_reset(&b->strip[g], MASK_DELAY);
    b->strip[g].filtering = 1;
    for (int at = 0; at < SETTLE; at += GB_QUANTUM)
      strip_process(&b->strip[g], &b->noise[at][g * LANES], CHANNELS, &b->tap[at][g * LANES], (uint64_t)at, MASK_DELAY, b->quantum[g], NULL);
    b->strip[g].c.share.now = b->strip[g].c.share.goal;
    b->strip[g].c.duck.now = b->strip[g].c.duck.goal;
  }
  bus_init(&b->bus);
  for (int m = -1; m < GB_MONITORS; m++) bus_design(&b->bus, m, BUS_ALL, 1, v);
  bus_settle(&b->bus);
  for (int o = 0; o < GB_GUARDED; o++)
    for (int n = 0; n < LIVE; n++) bus_notch(&b->bus, o, FIXED + n, (notch){3000 + 500 * (float)n, -6, 14.5f}, 1);
  for (int i = 0; i < SETTLE; i += GB_QUANTUM) bus_process(&b->bus, b->buses, b->heard);
  effect_init(&b->fx);
  effect_design(&b->fx, (enum effect_kind)v[GB_FX_TYPE], (effect_params){0.25f, 2, 5000, 1}, 1);
  effect_design_cut(&b->fx, 120, 1);
  effect_design_return(&b->fx, &(effect_return){{lanes_all(0.1f)}, {lanes_all(0.1f)}}, 0, 1, 0);
  for (int i = 0; i < SETTLE; i += GB_QUANTUM) effect_process(&b->fx, b->memory, b->noise[i], b->buses);
  b->duck = (duck_box){.threshold = 0.01f, .attack = 0.1f, .hold = 100, .release = 0.1f};
  duck_design(&b->duck, 2200, 0.7f, 1);
  b->duck.band.now = b->duck.band.goal;
  b->duck.band.left = 0;
  for (int n = 0; n < CHANNELS; n++)
    for (int bus = 0; bus < MIX_ROWS * LANES; bus++) lanes_put(b->mix.strip[n].now.row, bus, bus < GB_OUTPUTS ? 0.1f : 0);
  mix_sort(&b->mix, CHANNELS);
  for (int i = 0; i < GB_BANDS; i++) b->energy[i] = lanes_all(1e-3f * (float)(1 + i));
  for (int i = 0; i < GB_FINE_BANDS; i++) b->gains[i] = lanes_all(-0.025f * (float)i);
}
// A counter of instructions takes longer for this, and for the start of an engine, than for all blocks: what is there already is taken.
static void prepare_again(bench *b, bench *kept, void (*tune)(float *)) {
  if (kept->tuned != tune) {
    prepare(b, tune);
    b->tuned = tune;
    *kept = *b;
  }
  gb_engine *engine = b->engine;
  void (*played)(float *) = b->played;
  *b = *kept;
  b->engine = engine, b->played = played;
}
static void start_engine(bench *b, void (*tune)(float *)) {
  if (b->played == tune) return;
  gb_engine_free(b->engine);
  b->engine = gb_engine_new(b->rack, CHANNELS);
  b->played = tune;
  if (!b->engine) fputs("no memory for an engine\n", stderr), exit(1);
  for (int i = 0; i < 2; i++) gb_process(b->engine, b->noise[0], b->out[0], NULL, SOUND);      // past its fade-in, and what it watches while it begins
}

// Alone in its function, so that a counter of instructions can be switched on for it.
__attribute__((noinline, noclone)) void measured(const block *what, bench *b, int frames) {
  for (int at = 0; at < frames; at += what->every) what->run(b, at % SOUND);
}
static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void measure(const block *what, bench *b, bench *kept, int frames, int repeats) {
  void (*tune)(float *) = what->tune ? what->tune : tune_all;
  prepare_again(b, kept, tune);
  if (what->run == run_engine || what->run == run_guard || what->run == run_analysers) start_engine(b, tune);
  double least = 1e9;
  for (int i = 0; i < repeats; i++) {
    fill(b);
    const double begin = seconds();
    measured(what, b, frames);
    least = fmin(least, seconds() - begin);
  }
  if (what->run == run_guard) memset(b->engine->guard.test, 0, sizeof b->engine->guard.test);
  printf("%.3f %s\n", least * 1e9 / frames, what->name);
  fflush(stdout);
}

int main(int count, char **words) {
  if (count == 2 && !strcmp(words[1], "--list")) {
    for (int i = 0; i < BLOCKS; i++) puts(blocks[i].name);
    return 0;
  }
  if (count < 3) return fputs("blocks NAME|all FRAMES [REPEATS], or blocks --list\n", stderr), 2;
  const int frames = atoi(words[2]), repeats = count > 3 ? atoi(words[3]) : 20;
  if (frames < GB_HOP || frames % GB_HOP || repeats < 1) return fprintf(stderr, "%s frames: expected a multiple of %d\n", words[2], GB_HOP), 2;
  bench *b = aligned_alloc(64, (sizeof *b + 63) / 64 * 64), *kept = aligned_alloc(64, (sizeof *b + 63) / 64 * 64);
  if (!b || !kept) return fputs("no memory\n", stderr), 1;
  memset(b, 0, sizeof *b);
  memset(kept, 0, sizeof *kept);
  b->rack = aligned_alloc(64, (sizeof *b->rack + 63) / 64 * 64);
  if (!b->rack) return fputs("no memory\n", stderr), 1;
  uint32_t seed = 1;
  for (int i = 0; i < SOUND * CHANNELS; i++) b->noise[i / CHANNELS][i % CHANNELS] = (float)(int32_t)(seed = seed * 1664525u + 1013904223u) * 0x1p-32f;
  denormals_off();
  analysis_init(&b->ears);
  int found = 0;
  for (int i = 0; i < BLOCKS; i++) {
    if (strcmp(words[1], "all") && strcmp(words[1], blocks[i].name)) continue;
    measure(&blocks[i], b, kept, frames, repeats);
    found = 1;
  }
  return found ? 0 : (fprintf(stderr, "%s: no such block; blocks --list\n", words[1]), 2);
}
