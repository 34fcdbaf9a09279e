// tools.h - what a technician wants: a test sound for one output at a time, and analysers of a sixth of an octave.
#pragma once
#include "bus.h"
#include "half.h"
#include "howl.h"

enum { RTA_STEPS = 3, RTA_ROWS = (GB_RTAS + LANES - 1) / LANES };
// Two spectra of 2048 frames: at the full rate above 1.2 kHz, at an eighth of it below; a band is a sum of bins, those at its edges in part.
typedef struct {
  half_coefs half;
  half_state past[RTA_ROWS][RTA_STEPS];
  lanes full[RTA_ROWS][2 * HOWL_FRAMES], eighth[RTA_ROWS][2 * HOWL_FRAMES];      // written twice, so that the newest lie in one piece
  float window[HOWL_FRAMES], low[GB_RTA_BANDS], high[GB_RTA_BANDS];             // edges, in bins
  int slow[GB_RTA_BANDS];
  uint64_t heard;
} analyser;
void analyser_design(analyser *a);

enum generator_kind { PLAY_NOTHING, PLAY_PINK, PLAY_WHITE, PLAY_SINE, PLAY_SWEEP, PLAY_NOTE, PLAY_WHICH };
typedef struct {
  int kind, bus;                  // what plays, and where, from 1; changed while it is silent
  float gain;                     // on its way to what is wanted
  double turn;                    // of the oscillator, 0..1
  uint64_t frame;                 // since it began
  uint32_t seed;
  float pink[3];
} generator;
