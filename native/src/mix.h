// mix.h - the summing matrix: buses are lanes here. Each strip's frame is spread over L R and six monitors, then effects and solo.
#pragma once
#include "glide.h"

enum { AUX = 4, BUS_ROWS = GB_OUTPUTS / LANES, AUX_ROWS = (AUX + LANES - 1) / LANES, MIX_ROWS = BUS_ROWS + AUX_ROWS };
enum { BUS_LEFT, BUS_RIGHT, BUS_MONITOR, BUS_FX = GB_OUTPUTS, BUS_SOLO = GB_OUTPUTS + 2, BUS_TAKEN = GB_OUTPUTS + AUX };      // no row, and one a strip: what its denoise filter takes
typedef struct { lanes row[MIX_ROWS]; } mix_coefs;
typedef GLIDE(mix_coefs) mix_glide;

static inline float fader_gain(float db) { return db <= -90 ? 0 : powf(10, db / 20); }      // a fader's bottom is silence
INLINE float mix_get(const mix_coefs *c, int bus) { return ((const float *)c)[bus]; }

// A strip counts for a row of buses where it has weight or is about to; `changed` asks for new lists. feeders: a bit for each such strip.
typedef struct { lanes weight; long offset; } mix_entry;      // of the strip's lane in x, in floats
typedef struct { mix_glide strip[GB_CHANNELS]; mix_entry list[MIX_ROWS][GB_CHANNELS]; int count[MIX_ROWS], moving, changed; unsigned feeders; } mix_matrix;

static inline void mix_sort(mix_matrix *m, int channels) {
  m->moving = m->changed = 0;
  m->feeders = 0;
  for (int n = 0; n < channels; n++)
    if (m->strip[n].left) m->moving++, m->feeders |= 1u << n;
  for (int row = 0; row < MIX_ROWS; row++) {
    m->count[row] = 0;
    for (int n = 0; n < channels; n++)
      if (!m->strip[n].left && lanes_any(m->strip[n].now.row[row] != 0))
        m->list[row][m->count[row]++] = (mix_entry){m->strip[n].now.row[row], (long)(n / LANES) * LANES * GB_QUANTUM + n % LANES}, m->feeders |= 1u << n;
    if (m->count[row] % 2) m->list[row][m->count[row]++] = (mix_entry){lanes_all(0), 0};      // they are taken in pairs
  }
}

// sum[n] = (first ? 0 : sum[n]) + x of every listed strip times its weights into this row.
INLINE void mix_rest(const mix_matrix *m, int row, int first, lanes (*x)[GB_QUANTUM], lanes *sum) {
  const mix_entry *end = m->list[row] + m->count[row];
  for (int i = 0; i < GB_QUANTUM; i += 8) {
    lanes acc[8];
    for (int k = 0; k < 8; k++) acc[k] = first ? lanes_all(0) : sum[i + k];
    const float *v = (const float *)x + i * LANES;
    for (const mix_entry *s = m->list[row]; s < end; s += 2)
      for (int k = 0; k < 8; k++) {
        acc[k] += s[0].weight * lanes_one(v + s[0].offset + k * LANES);
        acc[k] += s[1].weight * lanes_one(v + s[1].offset + k * LANES);
      }
    for (int k = 0; k < 8; k++) sum[i + k] = acc[k];
  }
}
static inline void mix_moving(mix_glide *g, int strip, lanes (*x)[GB_QUANTUM], lanes (*sum)[GB_QUANTUM]) {
  const float *v = (const float *)x[strip / LANES] + strip % LANES;
  for (int row = 0; row < MIX_ROWS; row++)
    for (int i = 0; i < GB_QUANTUM; i++) sum[row][i] += (g->now.row[row] += g->step.row[row]) * lanes_one(v + i * LANES);
  GLIDE_STEPPED(g);
}

static inline unsigned mix_feeders(mix_matrix *m, int channels) {      // of this quantum
  if (m->changed) mix_sort(m, channels);
  return m->feeders;
}
static inline unsigned mix_lanes(unsigned feeders, int group) { return feeders >> group * LANES & ((1u << LANES) - 1); }      // those in a group

// x: [group][GB_QUANTUM] lanes of strips; sum: [MIX_ROWS][GB_QUANTUM] lanes of buses, `rows` of them wanted, begun by the first matrix, added to by others.
INLINE void mix_process(mix_matrix *m, int channels, int first, int rows, lanes (*x)[GB_QUANTUM], lanes (*sum)[GB_QUANTUM]) {
  if (m->changed) mix_sort(m, channels);
  for (int row = 0; row < rows; row++)
    if (first || m->count[row]) mix_rest(m, row, first, x, sum[row]);
  if (!m->moving) return;
  for (int n = 0; n < channels; n++) {      // weights into what is not wanted move as well
    if (!m->strip[n].left) continue;
    mix_moving(&m->strip[n], n, x, sum);
    m->changed |= !m->strip[n].left;
  }
}
