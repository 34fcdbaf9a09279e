// bleed.c - how much of each input is its own, for the brain: powers in bands are sums of sources through an interference matrix, P_i = sum_j leak_ij V_j,
// solved for V by multiplicative updates of the Kullback-Leibler divergence (Lee and Seung 2001, as KAMIR has it: Pratzlich, Bittner, Liutkus, Mueller,
// ICASSP 2015), then one Wiener step. Not in the audio path: gains go through the rack, as those of the denoiser do.
#include "bands.h"

enum { ROUNDS = 4 };
static const float LEAST = 1e-12f;
static const float FALL = 0.915f;      // of powers, a hop: 60 ms
static const float CLOSE = 0.7f;       // of gains, a hop: 3 dB; they open at once

// One band. leak: [i][j], what of j is heard by i; turned: the same as [j][i].
static void own_of_band(int n, const float *power, const float *leak, const float *turned, float *share) {
  float own[GB_CHANNELS], heard[GB_CHANNELS], total[GB_CHANNELS] = {0}, all[GB_CHANNELS];
  for (int i = 0; i < n; i++) {
    own[i] = heard[i] = power[i] + LEAST;
    for (int j = 0; j < n; j++) total[j] += leak[i * n + j];
  }
  for (int round = 0; round <= ROUNDS; round++) {
    for (int i = 0; i < n; i++) all[i] = 0;
    for (int j = 0; j < n; j++)
      for (int i = 0; i < n; i++) all[i] += turned[j * n + i] * own[j];
    if (round == ROUNDS) break;
    float more[GB_CHANNELS] = {0};
    for (int i = 0; i < n; i++) {
      const float ratio = heard[i] / all[i];
      for (int j = 0; j < n; j++) more[j] += leak[i * n + j] * ratio;
    }
    for (int j = 0; j < n; j++) own[j] = fmaxf(own[j] * more[j] / total[j], 1e-20f);
  }
  for (int i = 0; i < n; i++) share[i] = own[i] / all[i];
}

void gb_own_share(int n, const float *power, const float *leak, float *share) {
  float turned[GB_CHANNELS * GB_CHANNELS];
  for (int b = 0; b < GB_BANDS; b++) {
    const float *of = leak + b * n * n;
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++) turned[j * n + i] = of[i * n + j];
    own_of_band(n, power + b * n, of, turned, share + b * n);
  }
}

void gb_bleed_begin(gb_bleed *s) {
  double centre[GB_FINE_BANDS];
  fine_hz(centre);
  for (int b = 0; b < GB_FINE_BANDS; b++) s->place[b] = (float)band_at(centre[b]);
  for (int b = 0; b < GB_BANDS; b++)
    for (int i = 0; i < GB_CHANNELS; i++) s->power[b][i] = 0, s->gain[b][i] = 1;
}

static void spread(const gb_bleed *s, int n, float (*gains)[GB_CHANNELS]) {
  for (int b = 0; b < GB_FINE_BANDS; b++) {
    const int low = s->place[b] < GB_BANDS - 1 ? (int)s->place[b] : GB_BANDS - 2;
    const float *at = s->gain[low], *next = s->gain[low + 1], share = s->place[b] - (float)low;
    for (int i = 0; i < n; i++) gains[b][i] = at[i] + share * (next[i] - at[i]);
  }
}

void gb_bleed_gains(gb_bleed *s, int n, const gb_features *heard, const float *leak, float *gains) {
  float power[GB_BANDS * GB_CHANNELS] = {0}, share[GB_BANDS * GB_CHANNELS];
  for (int b = 0; b < GB_BANDS; b++)
    for (int i = 0; i < n; i++)
      s->power[b][i] = power[b * n + i] = fmaxf(exp2f(heard->energy[b][i] * 0.33219281f), s->power[b][i] * FALL);      // from dB
  gb_own_share(n, power, leak, share);
  for (int b = 0; b < GB_BANDS; b++)
    for (int i = 0; i < n; i++) s->gain[b][i] = fmaxf(share[b * n + i], s->gain[b][i] * CLOSE);
  spread(s, n, (float(*)[GB_CHANNELS])gains);
}
