// analysis.h - what the brain and the denoiser hear: every GB_HOP frames the energy in 32 bands of the last 20 ms of each strip.
#pragma once
#include "denoise.h"
#include "fft.h"
#include "strip.h"

enum { WINDOW = 960, WINDOW_FALL = 64 };
typedef struct {
  fft_table fft;
  mask_maps maps;
  float window[WINDOW];
  float weight[FFT_HALF][2];        // share of a bin in band `band[k]` and in the next
  int band[FFT_HALF];
  denoise_state classic[GROUPS];
  lanes frames[FFT_FRAMES], work[FFT_FRAMES], power[FFT_HALF];
} analysis;

void analysis_init(analysis *a);
// One hop of one group: fills its columns of `out` and aims its filter. least: lowest denoise gain per lane, 1 = off.
void analysis_hop(analysis *a, strip_group *g, int group, lanes least, int lookahead, gb_features *out, float *denoise_gain);
void analysis_reset(strip_group *g, int lookahead);      // the filter becomes a plain delay again
