// denoise.h - the classical denoiser, per band and lane: minima-controlled noise tracking (Cohen and Berdugo 2002), a-priori SNR by
// decision direction (Ephraim and Malah 1984), Wiener gain. It needs no model and is the fall-back for ever.
#pragma once
#include "bands.h"
#include "lanes.h"

enum { MINIMUM_HOPS = 188 };        // a minimum is searched over one to two of these windows: 1 s each
typedef struct { lanes smooth, minimum, fresh, presence, noise, snr, gain; } denoise_band;
typedef struct { denoise_band band[GB_BANDS]; int hops; } denoise_state;      // hops: since the last turn of the window; 0 before the first

// energy: mean power per band; least: the lowest gain allowed, linear; gain: out. Time constants are for a hop of 5.3 ms.
static inline void denoise_hear(denoise_state *state, const lanes *energy, lanes least, lanes *gain) {
  const int first = state->hops == 0, turn = first || state->hops == MINIMUM_HOPS;
  for (int b = 0; b < GB_BANDS; b++) {
    denoise_band s = state->band[b];
    const lanes e = energy[b] + 1e-12f, left = energy[b ? b - 1 : 0], right = energy[b < GB_BANDS - 1 ? b + 1 : b];
    const lanes around = 0.25f * left + 0.5f * e + 0.25f * right;
    if (first) s = (denoise_band){around, around, around, lanes_all(0), e, lanes_all(0), lanes_all(1)};
    s.smooth += 0.12f * (around - s.smooth);                                    // 40 ms
    s.minimum = lanes_min(s.minimum, s.smooth);
    s.fresh = lanes_min(s.fresh, s.smooth);
    if (turn) {
      s.minimum = s.fresh;
      s.fresh = s.smooth;
    }
    const lanes speech = lanes_select(s.smooth > 4.5f * s.minimum, lanes_all(1), lanes_all(0));
    s.presence += 0.4f * (speech - s.presence);
    s.noise += 0.06f * (1 - s.presence) * (e - s.noise);                        // 90 ms where nobody speaks
    const lanes post = lanes_min(e / s.noise, lanes_all(1e4f));
    const lanes prior = 0.96f * s.snr + 0.04f * lanes_max(post - 1, lanes_all(0));
    const lanes wiener = prior / (1 + prior);
    s.snr = wiener * wiener * post;
    const lanes wanted = lanes_max(wiener, least);
    s.gain = lanes_select(wanted > s.gain, wanted, lanes_max(wanted, s.gain * 0.6f));     // opens at once, closes 4.4 dB a hop
    gain[b] = s.gain;
    state->band[b] = s;
  }
  state->hops = state->hops % MINIMUM_HOPS + 1;
}
