// analysis.c - windows, spectra, bands, noise; and from gains to a filter.
#include "analysis.h"

// Square root of a lopsided Hann window: a long rise, a short fall. place: of each bin among the bands.
static void look_design(look *l, int frames, int fall, int size, int bands, const double *place) {
  double energy = 0, sum[GB_FINE_BANDS] = {0};
  *l = (look){.frames = frames, .size = size, .bands = bands};
  for (int i = 0; i < frames; i++) {
    const int rise = frames - fall;
    const double w = i < rise ? sin(M_PI / 2 * (i + 0.5) / rise) : cos(M_PI / 2 * (i - rise + 0.5) / fall);
    l->window[i] = (float)w;
    energy += w * w;
  }
  for (int k = 1; k < size / 2; k++) {
    l->band[k] = place[k] >= bands - 1 ? bands - 2 : (int)place[k];
    l->weight[k][1] = (float)(place[k] - l->band[k]);
    l->weight[k][0] = 1 - l->weight[k][1];
    for (int side = 0; side < 2; side++) sum[l->band[k] + side] += (double)l->weight[k][side];
  }
  for (int k = 1; k < size / 2; k++)      // mean over the band: a full-scale sine reads 0 dB in a band of one bin, less in a wider one
    for (int side = 0; side < 2; side++) l->weight[k][side] /= (float)(fmax(sum[l->band[k] + side], 0.3) * energy * energy / 4 * 1.5);
}
static void design_even(look *l, int frames, int size, int bands, double low) {      // in ERB number
  double place[FFT_HALF];
  for (int k = 0; k < size / 2; k++) place[k] = band_among(bands, low, (double)k * GB_RATE / size);
  look_design(l, frames, WHOLE_FALL, size, bands, place);
}
static void design_whole(look *l) { design_even(l, WINDOW, 1024, GB_BANDS, BAND_LOW); }
static void design_brief(look *l) { design_even(l, BRIEF_WINDOW, BRIEF_WINDOW, GB_BRIEF_BANDS, GB_BRIEF_LOW); }
static void design_fine(look *l) {
  double centre[GB_FINE_BANDS], place[FFT_HALF];
  fine_hz(centre);
  for (int k = 0; k < FFT_HALF; k++) place[k] = fine_at(centre, k * FINE_STEP);
  look_design(l, FINE_WINDOW, FINE_FALL, FFT_FRAMES, GB_FINE_BANDS, place);
}

void gb_look(int which, float *window, float *weights) {
  look l;
  (which == 2 ? design_fine : which == 1 ? design_brief : design_whole)(&l);
  memcpy(window, l.window, sizeof(float) * (size_t)l.frames);
  memset(weights, 0, sizeof(float) * (size_t)(l.size / 2 * l.bands));
  for (int k = 1; k < l.size / 2; k++)
    for (int side = 0; side < 2; side++) weights[k * l.bands + l.band[k] + side] = l.weight[k][side];
}

void gb_fine_hz(double *centres) { fine_hz(centres); }

void analysis_init(analysis *a) {
  memset(a, 0, sizeof *a);
  fft_design(&a->fft);
  mask_design(&a->maps);
  design_whole(&a->whole);
  design_brief(&a->brief);
  design_fine(&a->fine);
}

static void hear_bands(analysis *a, const look *l, const strip_group *g, lanes *energy) {
  const lanes *x = g->present + GB_QUANTUM - l->frames;
  for (int i = 0; i < l->frames; i++) a->room.frames[i] = x[i] * l->window[i];
  memset(a->room.frames + l->frames, 0, (size_t)(l->size - l->frames) * sizeof(lanes));
  fft_power(&a->fft, l->size, a->room.frames, a->room.work, a->room.level);
  for (int b = 0; b < l->bands; b++) energy[b] = lanes_all(0);
  for (int k = 1; k < l->size / 2; k++) {
    energy[l->band[k]] += a->room.level[k] * l->weight[k][0];
    energy[l->band[k] + 1] += a->room.level[k] * l->weight[k][1];
  }
}

static void store_db(float *to, lanes power) { lanes_store(to, lanes_log2(power + 1e-12f) * (DB_PER_LOG2 / 2)); }

// A value of each band at the centre of a fine one: a straight line in ERB number.
static lanes spread(const mask_maps *maps, const lanes *bands, int fine) {
  const int b = maps->spread[fine] < GB_BANDS - 1 ? (int)maps->spread[fine] : GB_BANDS - 2;
  return bands[b] + (maps->spread[fine] - (float)b) * (bands[b + 1] - bands[b]);
}
static void spread_gains(const mask_maps *maps, const lanes *wanted, int at, float (*gain)[GB_CHANNELS]) {
  lanes log_gain[GB_BANDS];
  for (int b = 0; b < GB_BANDS; b++) log_gain[b] = lanes_log2(wanted[b]);
  for (int b = 0; b < GB_FINE_BANDS; b++) lanes_store(&gain[b][at], lanes_exp2(spread(maps, log_gain, b)));
}

void analysis_hear(analysis *a, const strip_group *g, int group, lanes least, gb_features *out, float (*gain)[GB_CHANNELS]) {
  lanes *energy = a->energy[group], brief[GB_BRIEF_BANDS], wanted[GB_BANDS];
  const int at = group * LANES;
  hear_bands(a, &a->brief, g, brief);
  hear_bands(a, &a->whole, g, energy);
  denoise_hear(&a->classic[group], energy, least, wanted);
  for (int b = 0; b < GB_BANDS; b++) {
    const denoise_band *heard = &a->classic[group].band[b];
    store_db(&out->energy[b][at], energy[b]);
    store_db(&out->smooth[b][at], heard->smooth);
    store_db(&out->minimum[b][at], heard->minimum);
    store_db(&out->floor[b][at], heard->noise);
  }
  for (int b = 0; b < GB_BRIEF_BANDS; b++) store_db(&out->brief[b][at], brief[b]);
  spread_gains(&a->maps, wanted, at, gain);
}

void analysis_hear_fine(analysis *a, const strip_group *g, int group, gb_features *out) {
  lanes energy[GB_FINE_BANDS];
  hear_bands(a, &a->fine, g, energy);
  for (int b = 0; b < GB_FINE_BANDS; b++) store_db(&out->fine[b][group * LANES], energy[b]);
}

static void delay_taps(mask_taps *taps, int lookahead) {
  memset(taps, 0, sizeof *taps);
  taps->fast[lookahead] = lanes_all(1);
}

void analysis_reset(strip_group *g, int lookahead) {
  g->filtering = 0;
  fir_reset(&g->fir, &g->slow, lookahead);
  delay_taps(&g->fir.now, lookahead);
}

static void design_filter(analysis *a, strip_group *g, lanes least, const lanes *gain, int lookahead) {
  lanes log_gain[GB_FINE_BANDS];
  for (int b = 0; b < GB_FINE_BANDS; b++) log_gain[b] = lanes_log2(gain[b]);
  mask_taps_of(&a->maps, &a->fft, &a->room, log_gain, lookahead, &g->fir.next);
  for (int k = 0; k < LANES; k++) {       // lanes without denoise are passed exactly
    if (lanes_get(least, k) != 1) continue;
    lanes_fill(g->fir.next.fast, MASK_FAST, k, 0);
    lanes_fill(g->fir.next.slow, MASK_SLOW, k, 0);
    lanes_put(&g->fir.next.fast[lookahead], k, 1);
  }
}

static void aim_filter(analysis *a, strip_group *g, lanes least, const lanes *gain, int lookahead) {
  const int wanted = lanes_any(least != 1);
  if (!wanted && !g->filtering) return;
  if (!wanted && !lanes_any(g->fir.now.fast[lookahead] != 1)) {
    g->filtering = 0;
    return;
  }
  g->fir.due = 1;
  if (wanted) design_filter(a, g, least, gain, lookahead);
  else delay_taps(&g->fir.next, lookahead);
}

void analysis_turn(strip_group *g) {
  if (!g->fir.due) return;
  if (!g->filtering) fir_remember(&g->fir, &g->slow, g->present);
  g->filtering = 1;
  fir_begin(&g->fir);
}

lanes analysis_aim(analysis *a, strip_group *g, int group, lanes least, int lookahead, const float (*gain)[GB_CHANNELS]) {
  lanes limited[GB_FINE_BANDS], all = lanes_all(1e-12f), kept = lanes_all(1e-12f);
  for (int b = 0; b < GB_FINE_BANDS; b++) {
    const lanes loud = spread(&a->maps, a->energy[group], b) * a->maps.width[b];
    limited[b] = lanes_max(lanes_load(&gain[b][group * LANES]), least);
    all += loud;
    kept += loud * limited[b] * limited[b];
  }
  aim_filter(a, g, least, limited, lookahead);
  return lanes_exp2(0.5f * lanes_log2(kept / all));
}
