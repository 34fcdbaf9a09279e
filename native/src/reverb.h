// reverb.h - a feedback delay network of 16 lines (Jot and Chaigne, AES 90, 1991): each line loses as much as its length wants, a Hadamard matrix mixes them.
// Before that, pairs of lines are turned by angles of their own that never stand still (Schlecht and Habets, JASA 138(3), 2015): no mode stays where it is, so
// that nothing rings; since turning loses nothing, decays are what is set, and there is no interpolation that would dull them. Lines are lanes here.
#pragma once
#include "glide.h"

enum { LINES = 16, LINE_ROWS = LINES / LANES, TURNS = LINES / 2 / LANES, LINE = 4096, DIFFUSERS = 4, DIFFUSER = 1024 };
enum { HEARD_LEFT = 1, HEARD_RIGHT = 2, FED = 4 };      // of the mixed lines: sums over all, with signs of their own. The first four are not fed: no echo favours both sides
typedef struct { float decay_s, tone_hz; } reverb_params;
// keep: gain of a pass; dull: of its two low-passes; feed: how the input gets in
typedef struct { lanes keep[LINE_ROWS], dull[LINE_ROWS], feed[LINE_ROWS]; } reverb_coefs;
typedef GLIDE(reverb_coefs) reverb_glide;
typedef struct { lanes once[LINE_ROWS], twice[LINE_ROWS], turn[TURNS], cosine[TURNS], sine[TURNS]; int frames[LINES], diffused[DIFFUSERS]; } reverb_state;
typedef struct { float line[LINE][LINES], diffuser[DIFFUSERS][2 * DIFFUSER]; } reverb_memory;      // diffusers are written twice, as history

static const float SMALL_S = 0.6f;      // a shorter decay is of a room half as large: or it would die in a handful of echoes
static const int line_frames[LINES] = {631, 2617, 797, 2221, 991, 1873, 1213, 1579, 709, 2411, 887, 2039, 1091, 1709, 1327, 1453};      // primes
static const int diffuser_frames[DIFFUSERS] = {173, 131, 307, 223};
static const float turn_hz[LINES / 2] = {1.22f, -1.58f, 1.94f, -2.26f, 0.86f, -1.06f, 2.62f, -0.74f};

// The pole that loses `loss_db` at w radians a frame
static inline float reverb_pole(double loss_db, double w) {
  const double g = pow(10, -loss_db / 10), u = 1 - g * cos(w);
  return (float)((1 - g) / (u + sqrt(u * u - (1 - g) * (1 - g))));
}
// Air takes treble by the square of its frequency, so the decay is decay_s / (1 + (f / tone_hz)^2). White noise is as loud behind as before, whatever the decay.
static inline void reverb_design(reverb_coefs *c, const int *frames, reverb_params p) {
  double mean = 0;
  for (int k = 0; k < LINES; k++) mean += frames[k] / (double)LINES;
  const double pass = pow(10, -6 * mean / (p.decay_s * GB_RATE)), feed = sqrt(8 * (1 - pass) / pass / (LINES - FED));
  for (int k = 0; k < LINES; k++) {
    const double loss_db = 60 * frames[k] / (p.decay_s * GB_RATE);
    lanes_put(&c->keep[k / LANES], k % LANES, (float)pow(10, -loss_db / 20));
    lanes_put(&c->dull[k / LANES], k % LANES, 1 - reverb_pole(loss_db / 2, 2 * M_PI * p.tone_hz / GB_RATE));
    lanes_put(&c->feed[k / LANES], k % LANES, k < FED ? 0 : (float)(k * 5 % 7 < 3 ? -feed : feed));
  }
}
static inline int reverb_is_small(float decay_s) { return decay_s < SMALL_S; }
static inline void reverb_size(reverb_state *s, float decay_s) {      // only of what is silent
  for (int k = 0; k < LINES; k++) s->frames[k] = reverb_is_small(decay_s) ? line_frames[k] / 2 : line_frames[k];
  for (int d = 0; d < DIFFUSERS; d++) s->diffused[d] = reverb_is_small(decay_s) ? diffuser_frames[d] / 3 : diffuser_frames[d];
}
static inline void reverb_reset(reverb_state *s) {
  memset(s, 0, sizeof *s);
  for (int k = 0; k < LINES / 2; k++) lanes_put(&s->turn[k / LANES], k % LANES, (float)k / (LINES / 2));
  for (int r = 0; r < TURNS; r++) lanes_circle(s->turn[r], &s->cosine[r], &s->sine[r]);
}

// x[GB_QUANTUM], in place: all-passes in a row, whose echoes are what the lines begin with. Frames are lanes here: each looks further back than a quantum.
static inline void reverb_diffuse(reverb_memory *m, const int *frames, unsigned frame, float *x) {
  for (int d = 0; d < DIFFUSERS; d++) {
    float *now = m->diffuser[d] + frame % DIFFUSER, *was = now + DIFFUSER - frames[d];
    for (int i = 0; i < GB_QUANTUM; i += LANES) {
      const lanes before = lanes_load(was + i), v = lanes_load(x + i) + 0.6f * before;
      lanes_store(x + i, before - 0.6f * v);
      lanes_store(now + i, v);
      lanes_store(now + DIFFUSER + i, v);
    }
  }
}

INLINE void reverb_mix(lanes *x) {      // Hadamard's matrix, 16 by 16, without its factor 1/4
  for (int k = 1; k < LANES; k *= 2)
#pragma GCC unroll 16
    for (int r = 0; r < LINE_ROWS; r++) x[r] = lanes_butterfly(x[r], k);
  for (int k = 1; k < LINE_ROWS; k *= 2)
#pragma GCC unroll 16
    for (int r = 0; r < LINE_ROWS; r++)
      if (!(r & k)) {
        const lanes a = x[r], b = x[r + k];
        x[r] = a + b;
        x[r + k] = a - b;
      }
}

// x: the input, spoilt; left, right: out; all [GB_QUANTUM]. Returns the most that all lines hold of these frames.
static inline float reverb_process(reverb_glide *g, reverb_state *state, reverb_memory *m, unsigned frame, float *x, float *left, float *right) {
  reverb_coefs c = g->now;
  reverb_state s = *state;
  lanes cosine_step[TURNS], sine_step[TURNS], most = lanes_all(0);
  for (int r = 0; r < TURNS; r++) {
    lanes cosine, sine;
    s.turn[r] += lanes_load(turn_hz + r * LANES) * ((float)GB_QUANTUM / GB_RATE);
    s.turn[r] -= lanes_float(lanes_int(s.turn[r]));
    lanes_circle(s.turn[r], &cosine, &sine);
    cosine_step[r] = (cosine - s.cosine[r]) * (1.0f / GB_QUANTUM);
    sine_step[r] = (sine - s.sine[r]) * (1.0f / GB_QUANTUM);
  }
  reverb_diffuse(m, s.diffused, frame, x);
  for (int i = 0; i < GB_QUANTUM; i++) {
    const unsigned at = frame + (unsigned)i;
    float out[LINES];
    lanes y[LINE_ROWS];
#pragma GCC unroll 16
    for (int k = 0; k < LINES; k++) out[k] = m->line[(at - (unsigned)s.frames[k]) % LINE][k];
    if (g->left) for (int k = 0; k < 3 * LINE_ROWS; k++) ((lanes *)&c)[k] += ((const lanes *)&g->step)[k];
#pragma GCC unroll 16
    for (int r = 0; r < LINE_ROWS; r++) {
      s.once[r] += c.dull[r] * (lanes_load(out + r * LANES) - s.once[r]);
      s.twice[r] += c.dull[r] * (s.once[r] - s.twice[r]);
      y[r] = c.keep[r] * s.twice[r];
    }
#pragma GCC unroll 8
    for (int r = 0; r < TURNS; r++) {
      const lanes a = y[r], b = y[r + TURNS];
      s.cosine[r] += cosine_step[r];
      s.sine[r] += sine_step[r];
      y[r] = s.cosine[r] * a - s.sine[r] * b;
      y[r + TURNS] = s.sine[r] * a + s.cosine[r] * b;
    }
    reverb_mix(y);
#pragma GCC unroll 16
    for (int r = 0; r < LINE_ROWS; r++) {
      y[r] = 0.25f * y[r] + c.feed[r] * x[i];
      most = lanes_max(most, lanes_abs(y[r]));
      lanes_store(m->line[at % LINE] + r * LANES, y[r]);
    }
    left[i] = m->line[at % LINE][HEARD_LEFT];
    right[i] = m->line[at % LINE][HEARD_RIGHT];
  }
  g->now = c;
  *state = s;
  GLIDE_STEPPED(g);
  return lanes_peak(most);
}
