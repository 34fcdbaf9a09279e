// gate.h - downward gate and expander. Opens at the threshold, closes 3 dB lower after its hold; the gain glides.
// The envelope is taken each frame, the gain decided every CONTROL frames and ramped between.
#pragma once
#include "glide.h"

enum { CONTROL = 8, EXPANDER = 98 };      // with a slope of at least EXPANDER it is a gate and needs no expansion
typedef struct { float threshold_db, range_db, ratio, attack_ms, hold_ms, release_ms; } gate_params;
typedef struct { lanes open, close, closed, slope, attack, release, hold; } gate_coefs;   // closed: least gain; slope: ratio - 1
typedef GLIDE(gate_coefs) gate_glide;
typedef struct { lanes env, gain, open, hold; } gate_state;

static inline float one_pole(float ms, int every) { return 1 - expf(-(float)every * 1000 / (GB_RATE * fmaxf(ms, 0.01f))); }

static inline void gate_design(gate_coefs *c, int lane, gate_params p) {
  const float open = powf(10, p.threshold_db / 20);
  const float v[7] = {open, open * 0.7079f, powf(10, -p.range_db / 20), p.ratio - 1, one_pole(p.attack_ms, CONTROL), one_pole(p.release_ms, CONTROL),
                      p.hold_ms * 1e-3f * GB_RATE};
  for (int i = 0; i < 7; i++) lanes_put((lanes *)c + i, lane, v[i]);
}
static inline void gate_reset(gate_state *s) { *s = (gate_state){lanes_all(0), lanes_all(1), lanes_all(1), lanes_all(0)}; }
// Open for good: switched off, and done opening.
static inline int gate_idle(const gate_glide *g, const gate_state *s) { return !g->left && !(lanes_any(g->now.closed != 1) | lanes_any(s->gain < 0.9999f)); }
// Before it moves: a lane that was open for good begins anew, whatever ran beside it. So do the other blocks' lanes.
static inline void gate_begin(const gate_glide *g, gate_state *s) {
  gate_state fresh;
  gate_reset(&fresh);
  lanes_take((lanes *)s, (const lanes *)&fresh, sizeof fresh / sizeof(lanes), (g->now.closed == 1) & (s->gain >= 0.9999f));
}
static inline int gate_expands(const gate_glide *g) { return lanes_any(g->now.slope < EXPANDER); }

INLINE void gate_run(gate_coefs *coefs, const gate_coefs *step, gate_state *state, lanes *x, int n, int moving, int expand, lanes *least) {
  gate_coefs c = *coefs;
  gate_state s = *state;
  static const float fall[CONTROL + 1] = {1, 0.99895888f, 0.99791884f, 0.99687989f, 0.99584202f, 0.99480523f, 0.99376951f, 0.99273488f, 0.99170132f};    // 20 ms
  const lanes one = lanes_all(1);
  lanes low = *least;
  for (int i = 0; i < n; i += CONTROL) {
    lanes peak = lanes_abs(x[i + CONTROL - 1]);      // the envelope where these frames end; no frame waits for the one before
    for (int k = 0; k < CONTROL - 1; k++) peak = lanes_max(peak, lanes_abs(x[i + k]) * fall[CONTROL - 1 - k]);
    s.env = lanes_max(peak, s.env * fall[CONTROL]);
    if (moving) for (int k = 0; k < 7; k++) ((lanes *)&c)[k] += CONTROL * ((const lanes *)step)[k];
    s.open = lanes_select(s.env > c.open, one, lanes_select(s.env < c.close, lanes_all(0), s.open));
    s.hold = lanes_select(s.open > 0, c.hold, s.hold - CONTROL);
    lanes closed = c.closed;
    if (expand) {
      const lanes bent = lanes_exp2(lanes_log2(lanes_max(s.env, lanes_all(1e-9f)) / c.open) * c.slope);
      closed = lanes_max(closed, lanes_select(c.slope < EXPANDER, bent, lanes_all(0)));      // a gate stays one beside an expander
    }
    lanes target = lanes_select(s.open + lanes_max(s.hold, lanes_all(0)) > 0, one, lanes_min(closed, one));
    lanes d = target - s.gain, next = s.gain + d * lanes_select(lanes_bits(d) < 0, c.release, c.attack), slope = (next - s.gain) * (1.0f / CONTROL);
    for (int k = 0; k < CONTROL; k++) x[i + k] *= s.gain += slope;
    s.gain = next;
    low = lanes_min(low, next);
  }
  if (moving) *coefs = c;
  *state = s;
  *least = low;
}

INLINE void gate_process(gate_glide *g, gate_state *s, lanes *x, int n, lanes *least) {
  if (g->left) gate_begin(g, s), gate_run(&g->now, &g->step, s, x, n, 1, 1, least);
  else if (gate_expands(g)) gate_run(&g->now, NULL, s, x, n, 0, 1, least);
  else gate_run(&g->now, NULL, s, x, n, 0, 0, least);
  GLIDE_STEPPED(g);
}
