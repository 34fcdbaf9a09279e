// analysis.c - window, spectrum, bands, noise, and the filter that follows from them.
#include "analysis.h"

void analysis_init(analysis *a) {
  memset(a, 0, sizeof *a);
  fft_design(&a->fft);
  mask_design(&a->maps);
  double energy = 0;
  for (int i = 0; i < WINDOW; i++) {      // square root of a lopsided Hann window: long rise, 1.3 ms fall
    const int rise = WINDOW - WINDOW_FALL;
    const double w = i < rise ? sin(M_PI / 2 * (i + 0.5) / rise) : cos(M_PI / 2 * (i - rise + 0.5) / WINDOW_FALL);
    a->window[i] = (float)w;
    energy += w * w;
  }
  double sum[GB_BANDS] = {0};
  for (int k = 1; k < FFT_HALF; k++) {
    const double at = band_at((double)k * GB_RATE / FFT_FRAMES);
    a->band[k] = at >= GB_BANDS - 1 ? GB_BANDS - 2 : (int)at;
    a->weight[k][1] = (float)(at - a->band[k]);
    a->weight[k][0] = 1 - a->weight[k][1];
    for (int side = 0; side < 2; side++) sum[a->band[k] + side] += (double)a->weight[k][side];
  }
  for (int k = 1; k < FFT_HALF; k++)      // mean over the band: a full-scale sine reads 0 dB in a band of one bin, less in a wider one
    for (int side = 0; side < 2; side++) a->weight[k][side] /= (float)(fmax(sum[a->band[k] + side], 0.3) * energy * energy / 4 * 1.5);
}

static void hear_bands(analysis *a, const strip_group *g, lanes *energy) {
  const lanes *x = g->present + GB_QUANTUM - WINDOW;
  for (int i = 0; i < WINDOW; i++) a->frames[i] = x[i] * a->window[i];
  memset(a->frames + WINDOW, 0, (FFT_FRAMES - WINDOW) * sizeof(lanes));
  fft_power(&a->fft, a->frames, a->work, a->power);
  for (int b = 0; b < GB_BANDS; b++) energy[b] = lanes_all(0);
  for (int k = 1; k < FFT_HALF; k++) {
    energy[a->band[k]] += a->power[k] * a->weight[k][0];
    energy[a->band[k] + 1] += a->power[k] * a->weight[k][1];
  }
}

static void delay_taps(lanes *taps, int lookahead) {
  memset(taps, 0, MASK_TAPS * sizeof *taps);
  taps[lookahead] = lanes_all(1);
}

void analysis_reset(strip_group *g, int lookahead) {
  g->filtering = g->fir.fade = 0;
  g->fir.count = lookahead ? MASK_TAPS : MASK_SHORT;
  delay_taps(g->fir.now, lookahead);
}

static void aim_filter(analysis *a, strip_group *g, lanes least, const lanes *gain, int lookahead) {
  const int wanted = lanes_any(least != 1);
  if (!wanted && !g->filtering) return;
  if (!wanted && !g->fir.fade && !lanes_any(g->fir.now[lookahead] != 1)) {
    g->filtering = 0;
    return;
  }
  g->filtering = 1;
  g->fir.fade = FIR_FADE;
  if (!wanted) {
    delay_taps(g->fir.next, lookahead);
    return;
  }
  lanes log_gain[GB_BANDS];
  for (int b = 0; b < GB_BANDS; b++) log_gain[b] = lanes_log2(gain[b]);
  if (lookahead) mask_linear(&a->maps, log_gain, g->fir.next);
  else mask_minimum(&a->maps, log_gain, g->fir.next);
  for (int k = 0; k < LANES; k++) {       // lanes without denoise are passed exactly
    if (lanes_get(least, k) != 1) continue;
    lanes_fill(g->fir.next, MASK_TAPS, k, 0);
    lanes_put(&g->fir.next[lookahead], k, 1);
  }
}

void analysis_hop(analysis *a, strip_group *g, int group, lanes least, int lookahead, gb_features *out, float *denoise_gain) {
  lanes energy[GB_BANDS], gain[GB_BANDS], all = lanes_all(1e-12f), kept = lanes_all(1e-12f);
  hear_bands(a, g, energy);
  denoise_hear(&a->classic[group], energy, least, gain);
  for (int b = 0; b < GB_BANDS; b++) {
    const lanes loud = energy[b] * (float)(erb_hz(erb_number(band_hz(b)) + 0.5) - erb_hz(erb_number(band_hz(b)) - 0.5));
    all += loud;
    kept += loud * gain[b] * gain[b];
    lanes_store(&out->energy[b][group * LANES], lanes_log2(energy[b] + 1e-12f) * (DB_PER_LOG2 / 2));
    lanes_store(&out->floor[b][group * LANES], lanes_log2(a->classic[group].band[b].noise + 1e-12f) * (DB_PER_LOG2 / 2));
    lanes_store(&out->gains[b][group * LANES], gain[b]);
  }
  lanes_store(denoise_gain + group * LANES, lanes_exp2(0.5f * lanes_log2(kept / all)));
  aim_filter(a, g, least, gain, lookahead);
}
