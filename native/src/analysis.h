// analysis.h - what the brain and the denoiser hear: every GB_HOP frames the energy in bands of the last 20 and 5 ms of each strip,
// and in fine bands of the last 40;
// and the filter that gains over those bands become.
#pragma once
#include "denoise.h"
#include "fft.h"
#include "strip.h"

enum { WINDOW = 960, BRIEF_WINDOW = 256, FINE_WINDOW = 1920, WHOLE_FALL = 64, FINE_FALL = 128 };
typedef struct {
  int frames, size, bands;
  float window[FINE_WINDOW];
  float weight[FFT_HALF][2];        // share of a bin in band `band[k]` and in the next
  int band[FFT_HALF];
} look;
typedef struct {
  fft_table fft;
  mask_maps maps;
  look whole, brief, fine;
  denoise_state classic[GROUPS];
  lanes energy[GROUPS][GB_BANDS];   // of the last hop
  mask_room room;
} analysis;

void analysis_init(analysis *a);
// One hop of one group: fills its columns of `out`, and of `gain`, fine bands, with what the classical denoiser wants. least: lowest gain per lane, 1 = off.
void analysis_hear(analysis *a, const strip_group *g, int group, lanes least, gb_features *out, float (*gain)[GB_CHANNELS]);
void analysis_hear_fine(analysis *a, const strip_group *g, int group, gb_features *out);      // the fine bands, for the model alone
// Designs the group's filter after its columns of `gain`, none below `least`.
// Returns the gain of its strips as a whole. Not while a cross-fade runs.
lanes analysis_aim(analysis *a, strip_group *g, int group, lanes least, int lookahead, const float (*gain)[GB_CHANNELS]);
void analysis_turn(strip_group *g);                       // to the filter that was designed, if there is a new one
void analysis_reset(strip_group *g, int lookahead);      // the filter becomes a plain delay again
