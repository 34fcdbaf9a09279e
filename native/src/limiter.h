// limiter.h - the last word on level. Main: true peaks (8x oversampled, twice what ITU-R BS.1770-4 annex 2 asks for), 1 ms of look-ahead, left and right
// tied. Monitors: no delay, gain follows the sample at once. Nothing leaves above its ceiling.
#pragma once
#include "gate.h"

// Frames: a peak is seen 8 frames late (the interpolation filter), held HOLD frames and averaged over SMOOTH: full reduction from
// 39 to 43 frames after it was seen, and the peak leaves 40 to 41 after.
enum { LOOK = 48, TP_TAPS = 16, TP_BETWEEN = 7, HOLD = 44, SMOOTH = 40, LIMIT_PAST = 48 };
typedef struct {
  float taps[TP_BETWEEN][TP_TAPS];              // between two samples at 1/8, 2/8 .. 7/8
  float left[LOOK + GB_QUANTUM], right[LOOK + GB_QUANTUM];
  float want[LIMIT_PAST + GB_QUANTUM];          // gain each frame asks for
  float held[SMOOTH + GB_QUANTUM];              // after hold and release; their mean is the gain
  double mean;
  float let_go, ceilings[2], overshoot;         // ceilings: of the last two quanta; overshoot: how far any point between samples can pass the samples around it
} main_limiter;

static inline void main_limiter_init(main_limiter *m) {
  memset(m, 0, sizeof *m);
  for (int phase = 0; phase < TP_BETWEEN; phase++) {     // Hann-windowed sinc
    double sum = 0, h[TP_TAPS];
    for (int k = 0; k < TP_TAPS; k++) {
      double t = k - (TP_TAPS / 2 - 1) - (phase + 1) / (TP_BETWEEN + 1.0), w = cos(M_PI * t / (TP_TAPS + 1));
      h[k] = w * w * sin(M_PI * t) / (M_PI * t);
      sum += h[k];
    }
    double reach = 0;
    for (int k = 0; k < TP_TAPS; k++) {
      m->taps[phase][k] = (float)(h[k] / sum);
      reach += fabs(h[k] / sum);
    }
    m->overshoot = fmaxf(m->overshoot, (float)reach * 1.0001f);
  }
  for (int i = 0; i < LIMIT_PAST + GB_QUANTUM; i++) m->want[i] = 1;
  for (int i = 0; i < SMOOTH + GB_QUANTUM; i++) m->held[i] = 1;
  m->mean = SMOOTH;
  m->let_go = 1;
}

// Here LANES frames of one channel lie side by side. peak[GB_QUANTUM]: the loudest of each frame's eight points; not computed
// where no point can reach the ceiling; says whether it was.
static inline int true_peaks(const main_limiter *m, const float *x, float ceiling, float *peak) {
  lanes samples = lanes_all(0);
  for (int i = -16; i < GB_QUANTUM; i += LANES) samples = lanes_max(samples, lanes_abs(lanes_load(x + i)));
  if (lanes_peak(samples) * m->overshoot <= ceiling) return 0;
  for (int i = 0; i < GB_QUANTUM; i += LANES) {
    lanes loudest = lanes_max(lanes_load(peak + i), lanes_abs(lanes_load(x + i - (TP_TAPS / 2 - 1))));
    for (int phase = 0; phase < TP_BETWEEN; phase++) {
      lanes sum = lanes_all(0);
      for (int k = 0; k < TP_TAPS; k++) sum += m->taps[phase][k] * lanes_load(x + i - k);
      loudest = lanes_max(loudest, lanes_abs(sum));
    }
    lanes_store(peak + i, loudest);
  }
  return 1;
}

// y[i] = least of x[i - span .. i] where x holds minima already; all i from `first` rounded down to whole vectors
INLINE void slide_minimum(const float *x, int span, float *y, int first, int end) {
  for (int i = end - LANES; i > first - LANES; i -= LANES) lanes_store(y + i, lanes_min(lanes_load(x + i), lanes_load(x + i - span)));
}

// gain[GB_QUANTUM] for the peaks of these frames
static inline void main_limiter_gain(main_limiter *m, float ceiling, float release, const float *peak, float *gain) {
  enum { N = GB_QUANTUM, P = LIMIT_PAST, END = P + N };
  float a[END + 16], b[END + 16];
  for (int i = 0; i < N; i += LANES) lanes_store(m->want + P + i, ceiling / lanes_max(lanes_load(peak + i), lanes_all(ceiling)));
  slide_minimum(m->want, 1, a, P - 42, END);                        // over 2, 4, 8, 16, 32 frames, then 44
  slide_minimum(a, 2, b, P - 40, END);
  slide_minimum(b, 4, a, P - 36, END);
  slide_minimum(a, 8, b, P - 28, END);
  slide_minimum(b, 16, a, P - 12, END);
  slide_minimum(a, HOLD - 32, b, P, END);
#pragma GCC unroll 4
  for (int i = 0; i < N; i++) {
    const float more = m->let_go + ((1 - m->let_go) * release + 1e-7f), least = b[P + i];      // or it would never quite be 1 again
    m->let_go = least < more ? least : more;
    m->held[SMOOTH + i] = m->let_go;
    m->mean += (double)m->let_go - (double)m->held[i];              // exact: floats within 2^-20..1 add without rounding in a double
    gain[i] = (float)(m->mean * (1.0 / SMOOTH));
  }
  memmove(m->want, m->want + N, sizeof(float) * P);
  memmove(m->held, m->held + N, sizeof(float) * SMOOTH);
}

// left, right: [GB_QUANTUM], in place, LOOK frames late: what comes out now was measured against the last two ceilings; gain[GB_QUANTUM]: what was applied
static inline void main_limiter_process(main_limiter *m, float ceiling, float release, float *left, float *right, float *gain) {
  enum { N = GB_QUANTUM };
  float peak[N] = {0};
  memcpy(m->left + LOOK, left, sizeof(float) * N);
  memcpy(m->right + LOOK, right, sizeof(float) * N);
  const int loud = true_peaks(m, m->left + LOOK, ceiling, peak) | true_peaks(m, m->right + LOOK, ceiling, peak);
  if (loud || m->let_go < 1 || m->mean < SMOOTH) main_limiter_gain(m, ceiling, release, peak, gain);
  else for (int i = 0; i < N; i += LANES) lanes_store(gain + i, lanes_all(1));      // at rest: all that is held is 1
  const float most = fmaxf(ceiling, fmaxf(m->ceilings[0], m->ceilings[1]));
  for (int i = 0; i < N; i += LANES) {
    const lanes g = lanes_load(gain + i);
    lanes_store(left + i, lanes_clamp(lanes_load(m->left + i) * g, -most, most));
    lanes_store(right + i, lanes_clamp(lanes_load(m->right + i) * g, -most, most));
  }
  m->ceilings[0] = m->ceilings[1];
  m->ceilings[1] = ceiling;
  memmove(m->left, m->left + N, sizeof(float) * LOOK);
  memmove(m->right, m->right + N, sizeof(float) * LOOK);
}

typedef struct { lanes ceiling, release; } monitor_limiter_coefs;
typedef GLIDE(monitor_limiter_coefs) monitor_limiter_glide;
INLINE void monitor_limiter_run(monitor_limiter_coefs *coefs, const monitor_limiter_coefs *step, lanes *env, lanes *x, int n, lanes *least) {
  monitor_limiter_coefs c = *coefs;
  lanes e = *env, low = *least, keep = 1 - c.release, peak = lanes_all(0);
#pragma GCC unroll 4
  for (int i = 0; i < n; i++) peak = lanes_max(peak, lanes_abs(x[i]));
  if (!step && !lanes_any(lanes_max(e, peak) > c.ceiling)) {      // an envelope below the ceiling is never heard of again
    *env = peak;
    return;
  }
#pragma GCC unroll 4
  for (int i = 0; i < n; i++) {
    if (step) c.ceiling += step->ceiling, keep -= step->release;
    e = lanes_max(lanes_abs(x[i]), e * keep);
    lanes gain = c.ceiling / lanes_max(e, c.ceiling);
    x[i] *= gain;
    low = lanes_min(low, gain);
  }
  if (step) *coefs = (monitor_limiter_coefs){c.ceiling, 1 - keep};
  *env = e;
  *least = low;
}
static inline void monitor_limiter_process(monitor_limiter_glide *g, lanes *env, lanes *x, int n, lanes *least) {
  if (g->left) monitor_limiter_run(&g->now, &g->step, env, x, n, least);
  else monitor_limiter_run(&g->now, NULL, env, x, n, least);
  GLIDE_STEPPED(g);
}
