// scenario.c - a night in three seconds: every block on, every parameter on the move, made-up sound. The outputs go to standard
// output as float32, so that builds can be compared: scenario CHANNELS SECONDS [moving|resting [SEED [CEILING_DB]]]. With a ceiling all limiters stay there.
// resting: what moves comes to rest in between, so that blocks fall asleep and wake.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gigbox.h"
#include "params.h"

static uint32_t seed = 1;
static int held;      // limiters stay where they are
static float chance(void) { return (float)((seed = seed * 1664525u + 1013904223u) >> 8) / 16777216.0f; }      // 0..1

static void set_all(gb_rack *rack, int first, int count, float value) {
  for (int i = 0; i < count; i++) rack->values[first + i] = value;
}

static void hold_ceilings(gb_rack *rack, float db) {
  held = 1;
  rack->values[GB_MAIN_LIMITER_CEILING] = db;
  set_all(rack, GB_MONITOR_LIMITER_CEILING, GB_MONITORS, db);
}

static void prepare(gb_rack *rack, int channels) {
  const int on[] = {GB_STRIP_HPF_ON, GB_STRIP_HUM_ON, GB_STRIP_GATE_ON, GB_STRIP_EQ_ON, GB_STRIP_DEESS_ON, GB_STRIP_COMP_ON, GB_STRIP_SHARE_ON};
  gb_rack_format(rack, channels);
  for (unsigned i = 0; i < sizeof on / sizeof *on; i++) set_all(rack, on[i], GB_STRIPS, 1);
  set_all(rack, GB_STRIP_DENOISE_AMOUNT, GB_STRIPS, 12);
  set_all(rack, GB_STRIP_DUCK_LEVEL, GB_STRIPS, 6);
  set_all(rack, GB_STRIP_DUCK_BELL, GB_STRIPS, 6);
  set_all(rack, GB_STRIP_SEND_LEVEL, GB_STRIPS * GB_SENDS, -6);
  set_all(rack, GB_STRIP_EQ_GAIN, GB_STRIPS * GB_EQS, 6);
  set_all(rack, GB_MAIN_EQ_GAIN, GB_EQS, 3);
  set_all(rack, GB_MONITOR_EQ_GAIN, GB_MONITORS * GB_EQS, -3);
  set_all(rack, GB_MAIN_NOTCH_GAIN, GB_NOTCHS, -6);
  set_all(rack, GB_MONITOR_NOTCH_GAIN, GB_MONITORS * GB_NOTCHS, -6);
  for (int i = 0; i < GB_MONITORS * GB_GEQS; i++) rack->values[GB_MONITOR_GEQ_GAIN + i] = i % 2 ? 6 : -6;
  rack->values[GB_STRIP_DUCK_KEY] = rack->values[GB_MAIN_GUARD_ON] = rack->values[GB_MONITOR_GUARD_ON] = 1;
  set_all(rack, GB_STRIP_FXSEND_LEVEL, GB_STRIPS * GB_FXSENDS, -10);
  set_all(rack, GB_FX_SEND_LEVEL, GB_FXS * GB_SENDS, -10);
  rack->values[GB_FX_TYPE] = 1, rack->values[GB_FX_TYPE + 1] = 2, rack->values[GB_FX_PINGPONG + 1] = 1;
  rack->values[GB_FX_TIME + 1] = 90, rack->values[GB_FX_DIVISION + 1] = 0;
  rack->values[GB_MONITOR_LINK] = 1, rack->values[GB_MONITOR_LOUDNESS_ON] = rack->values[GB_MONITOR_LOUDNESS_ON + 3] = 1;
  rack->values[GB_STRIP_SEND_TAP + 1] = 2, rack->values[GB_STRIP_GROUP_ON] = 1, rack->values[GB_GROUP_LEVEL] = -3;
}

// Any parameter of the mix to anywhere in its range; every second time to its default, or nothing would ever rest.
static void turn_knobs(gb_rack *rack, int count, int resting) {
  for (int i = 0; i < count; i++) {
    const gb_row *row = &gb_rows[(unsigned)(chance() * GB_ROWS)];
    const int at = row->first + (int)(chance() * (float)row->count);
    const float drawn = row->low + chance() * (row->high - row->low), value = resting && chance() < 0.5f ? row->defaults[(at - row->first) % row->cycle] : drawn;
    const int ceiling = row->first == GB_MAIN_LIMITER_CEILING || row->first == GB_MONITOR_LIMITER_CEILING;
    if (row->first != GB_BOX_DENOISE && row->first != GB_BOX_LOOKAHEAD && !(held && ceiling)) gb_push(rack, (uint32_t)at, value);
  }
}

// Bursts of noise over a tone, each channel its own; in whole numbers, so that every machine plays the very same.
static void play(float *in, int channels, unsigned frame) {
  static uint32_t phase[GB_CHANNELS];
  for (int i = 0; i < GB_QUANTUM; i++)
    for (int n = 0; n < channels; n++) {
      const unsigned beat = (frame + (unsigned)(i + 3001 * n)) % 24000u;
      const int tone = abs((int)(phase[n] += 9000000u + 4000000u * (uint32_t)n) / 256) - (1 << 22), noise = (int)(chance() * 16777216.0f) - (1 << 23);
      in[i * channels + n] = (float)(tone / 2 + (beat < 6000 ? noise / 3 : noise / 300)) / 8388608.0f;
    }
}

int main(int argc, char **argv) {
  const int channels = argc > 1 ? atoi(argv[1]) : 8, quanta = (int)((argc > 2 ? atof(argv[2]) : 3) * GB_RATE / GB_QUANTUM), moving = argc > 3, resting = moving && !strcmp(argv[3], "resting");
  gb_rack *rack = aligned_alloc(64, (sizeof *rack + 63) / 64 * 64);
  if (argc > 4) seed = (uint32_t)atoi(argv[4]);
  prepare(rack, channels);
  if (argc > 5) hold_ceilings(rack, (float)atof(argv[5]));
  gb_engine *engine = gb_engine_new(rack, channels);
  float *in = malloc(sizeof(float) * GB_QUANTUM * (size_t)channels), out[GB_QUANTUM * GB_OUTPUTS];
  float *stems = malloc(sizeof(float) * GB_QUANTUM * (size_t)channels * 2);
  for (int q = 0; q < quanta; q++) {
    play(in, channels, (unsigned)(q * GB_QUANTUM));
    if (moving && !resting) turn_knobs(rack, 8, 0);      // of each quantum
    if (resting && q % 150 == 0) turn_knobs(rack, 400, 1);
    if (q == quanta / 2) gb_push(rack, GB_BOX_LOOKAHEAD, 0);
    if (q == quanta * 3 / 4) gb_push(rack, GB_BOX_DENOISE, 0);
    gb_process(engine, in, out, stems, GB_QUANTUM);
    fwrite(out, sizeof out, 1, stdout);
  }
  gb_engine_free(engine);
  free(stems);
  free(in);
  free(rack);
  return 0;
}
