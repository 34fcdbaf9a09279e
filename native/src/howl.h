// howl.h - tones in the spectra of the buses that behave as feedback does: alone in their neighbourhood and without harmonics (PNPR, PHPR), at the same
// place and of one pitch from hop to hop (IPMP), growing evenly (IMSD). Features: van Waterschoot and Moonen, "Comparative evaluation of howling
// detection criteria in notch-filter-based howling suppression" (JAES 58(11), 2010). A suspicion, no more: guard.c tries each with a cut.
#pragma once
#include <stdlib.h>

#include "fft.h"
#include "gigbox.h"

enum { HOWL_FRAMES = 2048, HOWL_HOP = 512, HOWL_SPAN = 16, HOWL_USUAL = 8, HOWL_SHORT = 5, HOWL_PEAKS = 12, HOWL_TRACKS = 12, HOWL_LOW = 9, HOWL_HIGH = 890 };      // bins: 105 Hz to 10.4 kHz
#define HOWL_BIN_HZ (GB_RATE / 2.0f / HOWL_FRAMES)      // at half the rate, 11.7 Hz
#define HOWL_HOPS_S (GB_RATE / (float)HOWL_HOP)          // 94 a second
static const float HOWL_LEAST_DB = -66, HOWL_ALONE_DB = 12;      // PTPR, PNPR
static const float HOWL_SERIES_DB = 15, HOWL_GAP_DB = 6, HOWL_SERIES_HZ = 80;
static const float HOWL_PURE_DB = 16, HOWL_PITCH_BINS = 0.08f, HOWL_SLOPE_DB = 0.2f, HOWL_UNEVEN_DB = 0.2f, HOWL_UNEVEN_PART = 0.2f, HOWL_FAST_DB = 1.5f, HOWL_STEADY = 0.65f;      // dB a hop
// A long straight rise, where modes lie so close that they beat: dB, what may be left over of a straight line in parts of it, bins, dB
static const float HOWL_RISE_DB = 5, HOWL_BENT_PART = 0.1f, HOWL_RISE_PITCH_BINS = 0.35f, HOWL_RISE_PURE_DB = 10;

typedef struct { float hz, db, pure; } howl_peak;      // pure: dB above the loudest of its harmonics
typedef struct { float hz[HOWL_SPAN], db[HOWL_SPAN], pure; int hops, away; } howl_track;      // newest last; hops: how long it has been there; 0 free
typedef struct { howl_peak peak[HOWL_PEAKS]; howl_track track[HOWL_TRACKS]; int peaks; float total; } howl_ear;      // total: power of all, re a sine

static inline float howl_harmonic(const lanes *power, int bin, int lane) {
  const int twice[] = {1, 3, 4, 6, 8};      // halves of the bin: 1/2, 3/2, 2, 3, 4
  float most = 1e-20f;
  for (int i = 0; i < 5; i++) {
    const int at = bin * twice[i] / 2, reach = twice[i] < 6 ? 2 : 3;
    for (int k = at - reach; k <= at + reach; k++)
      if (k > 2 && k < HOWL_FRAMES / 2) most = fmaxf(most, lanes_get(power[k], lane));
  }
  return most;
}
// Whether it is one of many overtones: its next neighbour and another near it are there, almost as loud, and nothing between them. A howl has none.
static inline int howl_in_series(const lanes *power, float hz, int lane) {
  const float bin = hz / HOWL_BIN_HZ, own = lanes_get(power[(int)(bin + 0.5f)], lane);
  for (int k = 2; k <= 10 && hz / (float)k > HOWL_SERIES_HZ; k++) {
    int near = 0, all = 0;
    for (int n = -2; n <= 2; n++) {
      const float at = bin * (float)(k + n) / (float)k, gap = at - copysignf(0.5f, (float)n) * bin / (float)k;
      if (!n || k + n < 1 || at > HOWL_FRAMES / 2 - 3) continue;
      float there = 0;
      for (int i = (int)(at + 0.5f) - 1; i <= (int)(at + 0.5f) + 1; i++) there = fmaxf(there, lanes_get(power[i], lane));
      const int is = there > own * powf(10, -HOWL_SERIES_DB / 10) && there > lanes_get(power[(int)(gap + 0.5f)], lane) * powf(10, HOWL_GAP_DB / 10);
      near += is && abs(n) == 1;
      all += is;
    }
    if (near && all > 1) return 1;
  }
  return 0;
}
static inline void howl_offer(howl_ear *ear, howl_peak p) {      // the loudest are kept, loudest first
  if (ear->peaks == HOWL_PEAKS && ear->peak[HOWL_PEAKS - 1].db >= p.db) return;
  int at = ear->peaks < HOWL_PEAKS ? ear->peaks++ : HOWL_PEAKS - 1;
  for (; at > 0 && ear->peak[at - 1].db < p.db; at--) ear->peak[at] = ear->peak[at - 1];
  ear->peak[at] = p;
}

// power: bins of LANES buses, a full-scale sine reads 1; ears of those buses
static inline void howl_find(const lanes *power, howl_ear *ears) {
  const float least = powf(10, HOWL_LEAST_DB / 10), alone = powf(10, HOWL_ALONE_DB / 10);
  lanes total = lanes_all(0);
  for (int k = 0; k < LANES; k++) ears[k].peaks = 0;
  for (int k = HOWL_LOW; k < HOWL_HIGH; k++) {
    const lanes p = power[k];
    const lanes beside = lanes_max(lanes_max(power[k - 5], power[k - 4]), lanes_max(power[k + 4], power[k + 5]));
    const ilanes peak = (p > power[k - 1]) & (p >= power[k + 1]) & (p > least) & (p > beside * alone);
    total += p;
    if (!lanes_any(peak)) continue;
    const lanes low = lanes_log2(power[k - 1] + 1e-20f), mid = lanes_log2(p + 1e-20f), high = lanes_log2(power[k + 1] + 1e-20f);
    const lanes place = 0.5f * (low - high) / (low - 2.0f * mid + high - 1e-9f), top = mid - 0.25f * (low - high) * place;
    int is[LANES];
    memcpy(is, &peak, sizeof is);
    for (int n = 0; n < LANES; n++)
      if (is[n]) howl_offer(&ears[n], (howl_peak){((float)k + lanes_get(place, n)) * HOWL_BIN_HZ, lanes_get(top, n) * (DB_PER_LOG2 / 2),
                                                  lanes_get(lanes_log2(p / howl_harmonic(power, k, n)), n) * (DB_PER_LOG2 / 2)});
  }
  for (int n = 0; n < LANES; n++) ears[n].total = lanes_get(total, n) * (2.0f / 3);      // a Hann window spreads a tone over 1.5 bins
}

static inline int howl_same(float a, float b) { return fabsf(a - b) < 1.5f * HOWL_BIN_HZ; }
static inline void howl_note(howl_track *t, howl_peak p) {
  if (!t->hops)
    for (int i = 0; i < HOWL_SPAN; i++) t->hz[i] = p.hz, t->db[i] = p.db;
  memmove(t->hz, t->hz + 1, sizeof t->hz - sizeof *t->hz);
  memmove(t->db, t->db + 1, sizeof t->db - sizeof *t->db);
  t->hz[HOWL_SPAN - 1] = p.hz;
  t->db[HOWL_SPAN - 1] = p.db;
  t->pure = t->hops ? 0.5f * (t->pure + p.pure) : p.pure;
  t->hops++;
  t->away = 0;
}
// Peaks go to the track that they continue; what is away twice is forgotten; a new peak takes a free track, or that of the quietest.
static inline void howl_follow(howl_ear *ear) {
  for (int n = 0; n < HOWL_TRACKS; n++)
    if (ear->track[n].hops && ++ear->track[n].away > 2) ear->track[n].hops = 0;
  for (int i = 0; i < ear->peaks; i++) {
    howl_track *mine = NULL, *room = &ear->track[0];
    for (int n = 0; n < HOWL_TRACKS && !mine; n++) {
      howl_track *t = &ear->track[n];
      if (t->hops && t->away && howl_same(t->hz[HOWL_SPAN - 1], ear->peak[i].hz)) mine = t;
      if (room->hops && (!t->hops || t->db[HOWL_SPAN - 1] < room->db[HOWL_SPAN - 1])) room = t;
    }
    if (!mine && room->hops && room->db[HOWL_SPAN - 1] >= ear->peak[i].db) continue;
    if (!mine) room->hops = 0;
    howl_note(mine ? mine : room, ear->peak[i]);
  }
}

// How fast it grows, dB a hop, over the newest `span` hops, and how unevenly.
static inline float howl_slope(const howl_track *t, int span, float *uneven) {
  const float *db = t->db + HOWL_SPAN - span, mean = (db[span - 1] - db[0]) / (float)(span - 1);
  float square = 0;
  for (int i = 1; i < span; i++) square += (db[i] - db[i - 1] - mean) * (db[i] - db[i - 1] - mean);
  *uneven = sqrtf(square / (float)(span - 1));
  return mean;
}
static inline float howl_wander(const howl_track *t, int span) {      // standard deviation of its pitch, bins
  const float *hz = t->hz + HOWL_SPAN - span;
  float mean = 0, square = 0;
  for (int i = 0; i < span; i++) mean += hz[i] / (float)span;
  for (int i = 0; i < span; i++) square += (hz[i] - mean) * (hz[i] - mean);
  return sqrtf(square / (float)span) / HOWL_BIN_HZ;
}
// dB that it rose by over the whole span on a straight line, least squares; 0 where that is no straight one. Modes that lie close make a level uneven
// from hop to hop, and a pitch that wanders; over a longer time they rise as straight as one alone.
static inline float howl_rise(const howl_track *t) {
  const float middle = 0.5f * (HOWL_SPAN - 1);
  if (t->away || t->hops < HOWL_SPAN || t->pure < HOWL_RISE_PURE_DB || howl_wander(t, HOWL_SPAN) > HOWL_RISE_PITCH_BINS) return 0;
  float mean = 0, with = 0, square = 0, off = 0;
  for (int i = 0; i < HOWL_SPAN; i++) mean += t->db[i] / HOWL_SPAN;
  for (int i = 0; i < HOWL_SPAN; i++) {
    const float x = (float)i - middle;
    with += x * (t->db[i] - mean), square += x * x;
  }
  for (int i = 0; i < HOWL_SPAN; i++) {
    const float left = t->db[i] - mean - with / square * ((float)i - middle);
    off += left * left / HOWL_SPAN;
  }
  const float rise = with / square * (HOWL_SPAN - 1);
  return rise > HOWL_RISE_DB && sqrtf(off) < HOWL_BENT_PART * rise ? rise : 0;
}
// dB a second where it is suspected, 0 where not. What grows fast needs fewer hops.
static inline float howl_suspected(const howl_track *t) {
  for (int span = HOWL_SHORT; span <= HOWL_USUAL; span += HOWL_USUAL - HOWL_SHORT) {
    if (t->away || t->hops < span || t->pure < HOWL_PURE_DB) break;
    float uneven;
    const float slope = howl_slope(t, span, &uneven), least = span < HOWL_USUAL ? HOWL_FAST_DB : HOWL_SLOPE_DB;
    const float *db = t->db + HOWL_SPAN - span, first = db[span / 2] - db[0], second = db[span - 1] - db[span - 1 - span / 2];
    if (second < HOWL_STEADY * first) continue;      // what begins, as notes do, slows down
    if (slope > least && uneven < HOWL_UNEVEN_DB + HOWL_UNEVEN_PART * slope && howl_wander(t, span) < HOWL_PITCH_BINS) return slope * HOWL_HOPS_S;
  }
  return howl_rise(t) / (HOWL_SPAN - 1) * HOWL_HOPS_S;
}
