// tools.c - test sounds and analysers: nothing here runs unless somebody asked for it.
#include "engine.h"

static const float FENCE_DB = -20;            // the loudest without box/generator/loud
static const double SWEEP_S = 3, SWEEP_REST_S = 0.5, NOTE_S = 1, WHICH_S = 2, PIP_S = 0.22;
static const double SPLIT_HZ = 1200;

static float noise(generator *g) { return (float)(int32_t)(g->seed = g->seed * 1664525u + 1013904223u) * 0x1p-31f; }
static float sine(generator *g, double hz) {
  g->turn += hz / GB_RATE;
  g->turn -= floor(g->turn);
  return (float)sin(2 * M_PI * g->turn);
}
static float pink(generator *g) {      // three one-poles an octave and a half apart (Paul Kellet's economy filter), as loud as a sine
  const float w = noise(g);
  g->pink[0] = 0.99765f * g->pink[0] + w * 0.0990460f;
  g->pink[1] = 0.96300f * g->pink[1] + w * 0.2965164f;
  g->pink[2] = 0.57000f * g->pink[2] + w * 1.0526913f;
  return 0.41f * (g->pink[0] + g->pink[1] + g->pink[2] + w * 0.1848f);
}
static float swell(double t, double length) { return t < 0 || t >= length ? 0 : (float)(0.5 - 0.5 * cos(2 * M_PI * t / length)); }

// Peak 1, or as loud as a sine of peak 1.
static float sound(generator *g, double hz) {
  const double t = (double)g->frame++ / GB_RATE, whole = SWEEP_S + SWEEP_REST_S;
  switch (g->kind) {
    case PLAY_PINK: return pink(g);
    case PLAY_WHITE: return noise(g) * 1.2247f;
    case PLAY_SINE: return sine(g, hz);
    case PLAY_SWEEP: {
      const double at = fmod(t, whole) / SWEEP_S;
      return at >= 1 ? 0 : sine(g, 20 * pow(1000, at)) * (float)fmin(1, fmin(at, 1 - at) * 60);
    }
    case PLAY_NOTE: return sine(g, hz) * (float)(fmin(fmod(t, NOTE_S) * 100, 1) * exp(-5 * fmod(t, NOTE_S)) * fmin((NOTE_S - fmod(t, NOTE_S)) * 50, 1));
    case PLAY_WHICH: {      // as many pips as the output's number
      const double at = fmod(t, WHICH_S), pip = fmod(at, PIP_S);
      return at / PIP_S < g->bus ? sine(g, 660) * swell(pip, 0.8 * PIP_S) : 0;
    }
    default: return 0;
  }
}

static int wanted_bus(const gb_engine *e, int kind) {
  if (kind != PLAY_WHICH) return (int)e->values[GB_BOX_GENERATOR_OUTPUT];
  return e->generator.kind == kind ? 1 + (int)((double)e->generator.frame / GB_RATE / WHICH_S) % GB_OUTPUTS : 1;
}

__attribute__((noinline)) static void play(gb_engine *e, int wish) {
  generator *g = &e->generator;
  const int bus = wanted_bus(e, wish), kind = bus ? wish : PLAY_NOTHING;
  const float most = e->values[GB_BOX_GENERATOR_LOUD] > 0.5f ? 0 : FENCE_DB, level = powf(10, fminf(e->values[GB_BOX_GENERATOR_LEVEL], most) / 20);
  const float goal = kind == g->kind && bus == g->bus ? level : 0, step = fmaxf(goal, g->gain) / 960 + 1e-9f;      // 20 ms
  for (int i = 0; i < GB_QUANTUM; i++) {
    g->gain = g->gain < goal ? fminf(g->gain + step, goal) : fmaxf(g->gain - step, goal);
    e->bus.played[i] = g->gain * sound(g, (double)e->values[GB_BOX_GENERATOR_FREQUENCY]);
  }
  e->bus.played_from = e->rack->generator_output = (unsigned)(g->kind ? g->bus : 0);
  if (g->gain > 1e-6f || (kind == g->kind && bus == g->bus)) return;
  const uint64_t frame = kind == PLAY_WHICH && g->kind == PLAY_WHICH ? g->frame : 0;
  *g = (generator){.kind = kind, .bus = bus, .frame = frame, .seed = 1};
  if (!kind) e->bus.played_from = 0, e->rack->generator_output = 0;
}
void engine_play(gb_engine *e) {
  const int wish = (int)e->values[GB_BOX_GENERATOR_KIND];
  if (wish || e->generator.kind) play(e, wish);
}

void analyser_design(analyser *a) {
  memset(a, 0, sizeof *a);
  half_design(&a->half);
  for (int i = 0; i < HOWL_FRAMES; i++) a->window[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / HOWL_FRAMES)) * 4 / HOWL_FRAMES;
  for (int b = 0; b < GB_RTA_BANDS; b++) {
    const double hz = 20 * pow(2, b / 6.0);
    a->slow[b] = hz < SPLIT_HZ;
    const double bin = (double)GB_RATE / HOWL_FRAMES / (a->slow[b] ? 1 << RTA_STEPS : 1);
    a->low[b] = (float)(hz / pow(2, 1 / 12.0) / bin + 0.5);      // bin k lies from k to k + 1
    a->high[b] = (float)(hz * pow(2, 1 / 12.0) / bin + 0.5);
  }
}

static const float *tap_of(const gb_engine *e, int tap) {      // a column of lanes; NULL: nothing
  if (tap < 1) return NULL;
  if (tap > GB_STRIPS) return (const float *)e->sum[(tap - GB_STRIPS - 1) / LANES] + (tap - GB_STRIPS - 1) % LANES;
  return tap > e->channels ? NULL : (const float *)e->strips[(tap - 1) / LANES].present + (tap - 1) % LANES;
}
static void take(gb_engine *e) {
  analyser *a = &e->analyser;
  for (int row = 0; row < RTA_ROWS; row++) {
    lanes x[GB_QUANTUM] = {lanes_all(0)}, *at = a->full[row] + a->heard % HOWL_FRAMES;
    for (int n = row * LANES; n < GB_RTAS && n < (row + 1) * LANES; n++) {
      const float *from = tap_of(e, (int)e->values[GB_BOX_RTA_TAP + n]);
      for (int i = 0; i < GB_QUANTUM; i++) lanes_put(x + i, n % LANES, from ? from[i * LANES] : 0);
    }
    memcpy(at, x, sizeof x);
    memcpy(at + HOWL_FRAMES, x, sizeof x);
    for (int k = 0; k < RTA_STEPS; k++) half_process(&a->half, &a->past[row][k], x, GB_QUANTUM >> k, x);
    at = a->eighth[row] + a->heard / 8 % HOWL_FRAMES;
    memcpy(at, x, sizeof x / 8);
    memcpy(at + HOWL_FRAMES, x, sizeof x / 8);
  }
  a->heard += GB_QUANTUM;
}

static lanes band_power(const lanes *power, float low, float high) {
  lanes sum = lanes_all(0);
  for (int k = (int)low; k <= (int)high && k <= HOWL_FRAMES / 2; k++) sum += power[k] * (fminf(high, (float)k + 1) - fmaxf(low, (float)k));
  return sum * (2.0f / 3);
}
static void spectra(gb_engine *e, int row, int slow) {
  analyser *a = &e->analyser;
  const lanes *x = slow ? a->eighth[row] + a->heard / 8 % HOWL_FRAMES : a->full[row] + a->heard % HOWL_FRAMES;
  guard *room = &e->guard;
  for (int i = 0; i < HOWL_FRAMES; i++) room->frames[i] = x[i] * a->window[i];
  fft_power(&e->ears.fft, HOWL_FRAMES, room->frames, room->work, room->power);
  for (int b = 0; b < GB_RTA_BANDS; b++) {
    if (a->slow[b] != slow) continue;
    const lanes db = lanes_log2(band_power(room->power, a->low[b], a->high[b]) + 1e-12f) * (DB_PER_LOG2 / 2);
    for (int n = row * LANES; n < GB_RTAS && n < (row + 1) * LANES; n++) e->rack->rta[n][b] = lanes_get(db, n % LANES);
  }
}

// The newest 43 ms 23 times a second, the slow half of them a quantum later.
__attribute__((noinline)) static void analyse(gb_engine *e, uint64_t end) {      // apart: it needs a stack that who passes by does not
  take(e);
  const uint64_t at = end % HOWL_FRAMES;
  if (at != 3 * GB_QUANTUM && at != 4 * GB_QUANTUM) return;
  for (int row = 0; row < RTA_ROWS; row++) spectra(e, row, at == 4 * GB_QUANTUM);
  if (at == 4 * GB_QUANTUM) __atomic_store_n(&e->rack->rta_sets, e->rack->rta_sets + 1, __ATOMIC_RELEASE);
}
void engine_analyse(gb_engine *e, uint64_t end) {
  int any = 0;
  for (int n = 0; n < GB_RTAS; n++) any |= e->values[GB_BOX_RTA_TAP + n] >= 1;
  if (any) analyse(e, end);
}
