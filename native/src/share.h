// share.h - gain sharing in a group of speech microphones (the Dugan law, US patent 3,992,584, expired): the group's gain is constant.
//   a_i = sqrt(w_i P_i / max(sum w_j P_j, P[sum sqrt(w_j) x_j])), P in 200 Hz..6 kHz, decided once a quantum and ramped.
#pragma once
#include "gate.h"

typedef struct { lanes member, root_weight; } share_coefs;              // 1 in the group, else 0; sqrt(w) = 10^(dB/20)
typedef GLIDE(share_coefs) share_glide;
typedef struct { lanes low, high, power, gain; } share_state;           // one of each group of lanes
typedef struct { float power; } share_sum;                              // of the members' weighted sum signal

static inline int share_idle(const share_glide *g) { return !g->left && !lanes_any(g->now.member != 0); }

static inline void share_begin(const share_glide *g, share_state *s) {
  const share_state fresh = {.gain = lanes_all(1)};
  if (g->left) lanes_take((lanes *)s, (const lanes *)&fresh, sizeof fresh / sizeof(lanes), g->now.member == 0);
}
// Smoothed band power of this group's lanes; adds the members' weighted sum to sum[n].
static inline void share_listen(const share_coefs *c, share_state *s, const lanes *x, int n, float *sum) {
  lanes power = lanes_all(0), low = s->low, high = s->high, weight = c->member * c->root_weight;
  for (int i = 0; i < n; i++) {
    low += 0.0258f * (x[i] - low);                                      // one pole at 200 Hz, one at 6 kHz
    high += 0.544f * (x[i] - low - high);
    power += high * high;
    sum[i] += lanes_sum(high * weight);
  }
  lanes d = power * (1.0f / (float)n) - s->power;
  s->power += d * lanes_select(d > 0, lanes_all(0.125f), lanes_all(0.0044f));   // 5 ms, 150 ms
  s->low = low;
  s->high = high;
}

static inline void share_apply(const share_coefs *c, share_state *s, lanes *x, int n, float total, float least, lanes *low) {
  lanes ratio = (s->power + 1e-7f) * c->root_weight * c->root_weight / total;                  // -70 dBFS: silence shares alike
  lanes a = lanes_exp2(0.5f * lanes_log2(lanes_max(ratio, lanes_all(1e-12f))));
  lanes next = 1 + c->member * (lanes_clamp(a, least, 1) - 1), slope = (next - s->gain) * (1.0f / (float)n), gain = s->gain;
  for (int i = 0; i < n; i++) x[i] *= gain += slope;
  s->gain = next;
  *low = lanes_min(*low, next);
}
