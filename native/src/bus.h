// bus.h - what happens after the sum: equaliser, fader, limiters and meters of main and the six monitors. Buses are lanes.
#pragma once
#include "geq.h"
#include "kmeter.h"
#include "limiter.h"
#include "loudness_guard.h"
#include "mix.h"
#include "mono.h"
#include "svf.h"

enum bus_block {
  BUS_EQ = 1, BUS_GAIN = 2, BUS_LIMIT = 4, BUS_MONO = 8, BUS_NOTCH = 16, BUS_GEQ = 32, BUS_GUARD = 64, BUS_LOUDNESS = 128, BUS_ALL = 255,
  BUS_SENDS = 1 << 16, BUS_LINK = 1 << 17      // what strips go by
};
enum { FIXED = 8, LIVE = GB_LIVE, NOTCH_BANKS = (FIXED + LIVE) / 4 };      // notches of an output: hands', then the guard's (guard.c)
typedef struct { float hz, gain_db, q; } notch;
typedef struct { lanes gain; } bus_gain;
typedef struct { float both, left, right; } bus_phase;            // mean products of main's sides, 400 ms
typedef struct { lanes peak, square, gain; } bus_reading;     // since it was last read; gain: the least of the limiter
typedef struct {
  svf4_glide eq[BUS_ROWS];
  GLIDE(bus_gain) gain[BUS_ROWS];
  svf4_state eq_state[BUS_ROWS];
  geq_maps geq_maps;
  svf4_glide geq[GEQ_BANKS][BUS_ROWS], notch[NOTCH_BANKS][BUS_ROWS];
  svf4_state geq_state[GEQ_BANKS][BUS_ROWS], notch_state[NOTCH_BANKS][BUS_ROWS];
  geq_solver solver;
  float geq_want[GB_GUARDED][GEQ_BANDS];
  int geq_glide[GB_GUARDED], solving, solved;                   // solved: which output is, or was last
  unsigned geq_due;                                             // a bit for each output whose sliders have moved
  int geq_busy, notch_busy;                                     // some of them glide, or do something
  int guarded[GB_GUARDED], kill[GB_GUARDED], any_guarded;      // what the desk wants of the guard, by output: main, then monitors
  notch told[GB_GUARDED][LIVE];                                // what it holds of the guard's own notches
  float dip[GB_GUARDED];                                       // gain that the guard takes in an emergency
  int other[GB_OUTPUTS], pairs;                                // the other side of an in-ear mix, or the bus itself; some are one
  loudness_coefs loudness;
  loudness_state loudness_state;
  monitor_limiter_glide monitor[BUS_ROWS];
  lanes monitor_env[BUS_ROWS];
  float ceiling, ceiling_step, ceiling_goal, release;     // main: the ceiling moves once a quantum
  int ceiling_left;
  bus_phase phase;
  int played_from;                                              // where the test sound of this quantum comes in, from 1; 0: nowhere
  float played[GB_QUANTUM];
  mono_bass mono;
  main_limiter main;
  kmeter_state k[BUS_ROWS];
  bus_reading reading[BUS_ROWS];
} bus_bank;

int bus_left(const float *values, int monitor);         // the monitor that this one goes by: itself, or the left one where it is the right of two
int bus_is_left(const float *values, int monitor);      // of two

void bus_init(bus_bank *b);
bus_reading bus_read(bus_bank *b, int row);      // and begin anew
void bus_design(bus_bank *b, int monitor, unsigned blocks, int quanta, const float *values);   // monitor: -1 for main, else 0..5
void bus_settle(bus_bank *b);      // what else takes a few quanta, at once
void bus_hurry(bus_bank *b, int monitor);      // its fader's next goal is waited for by none that is slower
// A notch of an output: `slot` counts from 0 through fixed and live ones.
void bus_notch(bus_bank *b, int output, int slot, notch wanted, int quanta);
// sum[BUS_ROWS][GB_QUANTUM], in place; heard: as much, what comes to the fader, for the guard; written only while one is on. Returns 0 where a bus was not finite and everything was silenced and reset.
int bus_process(bus_bank *b, lanes (*sum)[GB_QUANTUM], lanes (*heard)[GB_QUANTUM]);
// ceilings.c: parts of it
void bus_guard_ears(bus_bank *b, lanes (*sum)[GB_QUANTUM]);
void bus_limit_monitors(bus_bank *b, lanes (*sum)[GB_QUANTUM]);
void bus_limit_main(bus_bank *b, lanes (*sum)[GB_QUANTUM]);
static inline int output_of(int bus) { return bus <= BUS_RIGHT ? 0 : bus - BUS_RIGHT; }      // main is one output
static inline void main_take(lanes (*sum)[GB_QUANTUM], float *left, float *right) {
#pragma GCC unroll 8
  for (int i = 0; i < GB_QUANTUM; i++) {
    left[i] = lanes_get(sum[0][i], 0);
    right[i] = lanes_get(sum[BUS_RIGHT / LANES][i], BUS_RIGHT % LANES);
  }
}
static inline void main_put(lanes (*sum)[GB_QUANTUM], const float *left, const float *right) {
#pragma GCC unroll 8
  for (int i = 0; i < GB_QUANTUM; i++) {
    lanes_put(&sum[0][i], 0, left[i]);
    lanes_put(&sum[BUS_RIGHT / LANES][i], BUS_RIGHT % LANES, right[i]);
  }
}
