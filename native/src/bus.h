// bus.h - what happens after the sum: equaliser, fader, limiters and meters of main and the six monitors. Buses are lanes.
#pragma once
#include "kmeter.h"
#include "limiter.h"
#include "loudness_guard.h"
#include "mix.h"
#include "mono.h"
#include "svf.h"

enum bus_block { BUS_EQ = 1, BUS_GAIN = 2, BUS_LIMIT = 4, BUS_MONO = 8, BUS_LOUDNESS = 128, BUS_ALL = 143, BUS_SENDS = 1 << 16, BUS_LINK = 1 << 17 };      // the last two: what strips go by
typedef struct { lanes gain; } bus_gain;
typedef struct { lanes peak, square, gain; } bus_reading;     // since it was last read; gain: the least of the limiter
typedef struct {
  svf4_glide eq[BUS_ROWS];
  GLIDE(bus_gain) gain[BUS_ROWS];
  svf4_state eq_state[BUS_ROWS];
  loudness_coefs loudness;
  loudness_state loudness_state;
  monitor_limiter_glide monitor[BUS_ROWS];
  lanes monitor_env[BUS_ROWS];
  float ceiling, ceiling_step, ceiling_goal, release;     // main: the ceiling moves once a quantum
  int ceiling_left;
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
void bus_hurry(bus_bank *b, int monitor);      // its fader's next goal is waited for by none that is slower
// sum[BUS_ROWS][GB_QUANTUM], in place. Returns 0 where a bus was not finite and everything was silenced and reset.
int bus_process(bus_bank *b, lanes (*sum)[GB_QUANTUM]);
