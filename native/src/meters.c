// meters.c - what is published in the rack: peaks, gains, loudness. Read by anybody, at any time.
#include "engine.h"

void engine_clear_meters(gb_rack *r) {
  memset(&r->strips, 0, sizeof r->strips);
  memset(&r->buses, 0, sizeof r->buses);
  for (int n = 0; n < GB_CHANNELS; n++)
    r->strips.gate_gain[n] = r->strips.deess_gain[n] = r->strips.comp_gain[n] = r->strips.share_gain[n] = r->strips.duck_gain[n] = r->strips.denoise_gain[n] = 1;
  for (int n = 0; n < GB_OUTPUTS; n++) r->buses.limiter_gain[n] = 1;
}

// 20 dB a second either way; hops: how long since it was published, at most 1
INLINE void hold_peak(float *meter, lanes now, float hops) { lanes_store(meter, lanes_max(now, lanes_load(meter) * (1 - 0.01217f * hops))); }
INLINE void hold_gain(float *meter, lanes now, float hops) {
  lanes_store(meter, lanes_min(now, lanes_min(lanes_load(meter) * (1 + 0.01232f * hops) + 1e-6f, lanes_all(1))));
}

static void publish_strips(gb_engine *e, int g, float hops) {
  gb_strip_meters *m = &e->rack->strips;
  const strip_reading r = strip_read(&e->strips[g]);
  const int at = g * LANES;
  hold_peak(m->in_peak + at, r.in_peak, hops);
  lanes_store(m->in_square + at, lanes_load(m->in_square + at) * (1 - 0.0176f * hops) + r.in_square * (0.0176f / GB_HOP));                    // 300 ms
  hold_peak(m->out_peak + at, r.out_peak, hops);
  hold_gain(m->gate_gain + at, r.gate, hops);
  hold_gain(m->deess_gain + at, r.deess, hops);
  hold_gain(m->comp_gain + at, lanes_exp2(-r.comp), hops);
  hold_gain(m->share_gain + at, r.share, hops);
  hold_gain(m->duck_gain + at, r.duck, hops);
  float *sum = e->strip_loudness.k_sum + at;
  lanes_store(sum, lanes_load(sum) + r.k_square);
}

static void publish_buses(gb_engine *e, float hops) {
  gb_bus_meters *m = &e->rack->buses;
  for (int row = 0; row < BUS_ROWS; row++) {
    const bus_reading r = bus_read(&e->bus, row);
    const int at = row * LANES;
    hold_peak(m->peak + at, r.peak, hops);
    hold_gain(m->limiter_gain + at, r.gain, hops);
    float *sum = e->bus_loudness.k_sum + at;
    lanes_store(sum, lanes_load(sum) + r.square);
  }
  const bus_phase *p = &e->bus.phase;
  m->correlation = p->both / sqrtf(p->left * p->right + 1e-16f);
  m->balance = 10 * log10f((p->left + 1e-9f) / (p->right + 1e-9f));
}

static void publish_loudness(loudness *l, int count, uint64_t block, float *k_block, float *momentary, float *short_term) {
  memcpy(l->history[block % LOUDNESS_BLOCKS], l->k_sum, sizeof l->k_sum);
  for (int n = 0; n < count; n++) {
    float last4 = 0, last30 = 0;
    for (int i = 0; i < LOUDNESS_BLOCKS; i++) last30 += l->history[i][n];
    for (unsigned i = 0; i < 4; i++) last4 += l->history[(block + LOUDNESS_BLOCKS - i) % LOUDNESS_BLOCKS][n];
    k_block[n] = l->k_sum[n] / GB_METER_FRAMES;
    momentary[n] = last4 / (4 * GB_METER_FRAMES);
    short_term[n] = last30 / (LOUDNESS_BLOCKS * GB_METER_FRAMES);
    l->k_sum[n] = 0;
  }
}

void engine_publish(gb_engine *e, uint64_t end) {      // end: the frame behind this quantum
  gb_rack *r = e->rack;
  if (end % GB_HOP == 0 || end % GB_METER_FRAMES == 0) {
    const float hops = (float)(end - e->published) / GB_HOP;
    for (int g = 0; g < e->groups; g++) publish_strips(e, g, hops);
    publish_buses(e, hops);
    e->published = end;
  }
  if (end % GB_METER_FRAMES == 0) {
    publish_loudness(&e->strip_loudness, e->channels, r->meter_blocks, r->strips.k_block, r->strips.momentary, r->strips.short_term);
    publish_loudness(&e->bus_loudness, GB_OUTPUTS, r->meter_blocks, r->buses.k_block, r->buses.momentary, r->buses.short_term);
    __atomic_store_n(&r->meter_blocks, r->meter_blocks + 1, __ATOMIC_RELEASE);
  }
}
