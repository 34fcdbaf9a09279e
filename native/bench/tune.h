// tune.h - values of the table for what is measured: the standard job, and everything on at once.
#pragma once
#include <math.h>

#include "effect.h"
#include "params.h"

static void all(float *values, int row, float value) {          // the same for every strip
  for (int n = 0; n < GB_STRIPS; n++) values[row + n] = value;
}
static void tune_eq(float *values, int type, int gain, int count, int shelves) {
  for (int i = 0; i < count; i++) {
    values[type + i] = shelves && i % 4 == 0 ? SVF_LOW_SHELF : shelves && i % 4 == 3 ? SVF_HIGH_SHELF : SVF_BELL;
    values[gain + i] = i % 2 ? -3 : 3;
  }
}
static void tune_job(float *v) {                                // what the standard job switches on
  all(v, GB_STRIP_HPF_ON, 1);
  all(v, GB_STRIP_GATE_ON, 1);
  all(v, GB_STRIP_GATE_RANGE, 80);
  all(v, GB_STRIP_COMP_ON, 1);
  all(v, GB_STRIP_LEVEL, -9);
  tune_eq(v, GB_STRIP_EQ_TYPE, GB_STRIP_EQ_GAIN, GB_STRIPS * GB_EQS, 0);
  tune_eq(v, GB_MAIN_EQ_TYPE, GB_MAIN_EQ_GAIN, GB_EQS, 0);
  for (int n = 0; n < GB_STRIPS; n++)
    for (int send = 0; send < 2; send++) v[GB_STRIP_SEND_LEVEL + n * GB_SENDS + send] = -12 - 6 * (float)send;
  v[GB_BOX_LOOKAHEAD] = v[GB_BOX_DENOISE] = 0;
}
static void tune_notches(float *hz, float *gain, int outputs) {      // all sixteen of each, the guard's own among them
  for (int i = 0; i < outputs * GB_NOTCHS; i++) hz[i] = 200 * powf(1.25f, (float)(i % GB_NOTCHS)), gain[i] = -6;
}
static void tune_all(float *v) {
  tune_job(v);
  all(v, GB_STRIP_HPF_SLOPE, 1);
  all(v, GB_STRIP_HUM_ON, 1);
  all(v, GB_STRIP_DENOISE_AMOUNT, 12);
  all(v, GB_STRIP_GATE_RATIO, 2);
  all(v, GB_STRIP_DEESS_ON, 1);
  all(v, GB_STRIP_COMP_AUTO_MAKEUP, 1);
  all(v, GB_STRIP_SHARE_ON, 1);
  all(v, GB_STRIP_DUCK_LEVEL, 6);
  all(v, GB_STRIP_DUCK_BELL, 6);
  v[GB_STRIP_DUCK_KEY] = 1;
  tune_eq(v, GB_STRIP_EQ_TYPE, GB_STRIP_EQ_GAIN, GB_STRIPS * GB_EQS, 1);
  tune_eq(v, GB_MAIN_EQ_TYPE, GB_MAIN_EQ_GAIN, GB_EQS, 1);
  tune_eq(v, GB_MONITOR_EQ_TYPE, GB_MONITOR_EQ_GAIN, GB_MONITORS * GB_EQS, 1);
  for (int i = 0; i < GB_MONITORS; i++) v[GB_MONITOR_LIMITER_CEILING + i] = -24, v[GB_MONITOR_LOUDNESS_ON + i] = 1, v[GB_MONITOR_LOUDNESS_MOST + i] = -50;
  for (int i = 0; i < GB_STRIPS * GB_SENDS; i++) v[GB_STRIP_SEND_LEVEL + i] = -12;
  for (int i = 0; i < GB_STRIPS * GB_FXSENDS; i++) v[GB_STRIP_FXSEND_LEVEL + i] = -12;
  for (int i = 0; i < GB_GEQS; i++) v[GB_MAIN_GEQ_GAIN + i] = i % 2 ? 3 : -3;
  for (int i = 0; i < GB_MONITORS * GB_GEQS; i++) v[GB_MONITOR_GEQ_GAIN + i] = i % 2 ? 3 : -3;
  tune_notches(v + GB_MAIN_NOTCH_FREQUENCY, v + GB_MAIN_NOTCH_GAIN, 1);
  tune_notches(v + GB_MONITOR_NOTCH_FREQUENCY, v + GB_MONITOR_NOTCH_GAIN, GB_MONITORS);
  v[GB_MAIN_GUARD_ON] = 1;
  for (int i = 0; i < GB_MONITORS; i++) v[GB_MONITOR_GUARD_ON + i] = 1;
  v[GB_BOX_RTA_TAP] = 1, v[GB_BOX_RTA_TAP + 1] = GB_STRIPS + 1;
  for (int i = 0; i < GB_FXS * GB_SENDS; i++) v[GB_FX_SEND_LEVEL + i] = -12;
  v[GB_FX_TYPE] = EFFECT_REVERB;
  v[GB_FX_TYPE + 1] = EFFECT_DELAY;
  v[GB_BOX_LOOKAHEAD] = 1;
  v[GB_BOX_DENOISE] = 2;      // fine bands for a model, and the classical denoiser that stands in for it
}
