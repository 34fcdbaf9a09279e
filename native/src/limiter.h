// limiter.h - the last word on level. Main: true peaks, 1 ms of look-ahead, left and right tied. Monitors: no delay, gain follows the sample at
// once, of the louder side where two are one in-ear mix. Nothing leaves above its ceiling.
// A true peak is the loudest of the samples and of seven points between each two (8x oversampled, twice what ITU-R BS.1770-4 annex 2 asks for), by a
// sinc of 32 taps. Just below half the rate no filter of this length is exact, and every meter rolls off in its own way: a point may be read higher by
// about twice what the signal carries there. So much ("hiss") is added to each peak; sound without it is limited as it is read.
#pragma once
#include "gate.h"

// Frames: a peak is seen 16 frames late (the interpolation filter), held HOLD frames and averaged over SMOOTH: full reduction from
// 29 to 36 frames after it was seen, and the peak leaves 32 to 33 after: the gain rests while the samples that make most of a point pass.
enum { LOOK = 48, TP_TAPS = 32, TP_HALF = 16, TP_PAIRS = 4, HISS_HALF = 15, HISS_PAST = 16, HOLD = 37, SMOOTH = 30, LIMIT_PAST = 48 };
static const double HISS_HZ = 21500, HISS_PART = 2;      // by trial: even exact interpolation reads no more of white noise 20 dB too loud
typedef struct {
  lanes even[TP_HALF][TP_PAIRS], odd[TP_HALF][TP_PAIRS];      // the filters of points 1/8, 2/8, 3/8, 4/8 between two samples; 7/8, 6/8, 5/8 are their mirror images
  lanes hiss[HISS_HALF + 1];                    // high-pass, times HISS_PART: its middle, then outwards
  float left[LOOK + GB_QUANTUM], right[LOOK + GB_QUANTUM];
  float want[LIMIT_PAST + GB_QUANTUM];          // gain each frame asks for
  float held[SMOOTH + GB_QUANTUM];              // after hold and release; their mean is the gain
  double mean;
  float let_go, ceilings[2], most[2][2];        // ceilings: of the last two quanta; most: the loudest sample in each of them, left and right
  float overshoot, hiss_most;                   // how far a point can pass the samples around it, and how much hiss they can have
} main_limiter;

static inline void points_design(main_limiter *m) {      // cosine-windowed sinc
  for (int p = 0; p < TP_PAIRS; p++) {
    double sum = 0, reach = 0, h[TP_TAPS];
    for (int k = 0; k < TP_TAPS; k++) {
      const double t = k - (TP_HALF - 1) - (p + 1) / (2.0 * TP_PAIRS);
      sum += h[k] = cos(M_PI * t / (TP_TAPS + 1)) * sin(M_PI * t) / (M_PI * t);
    }
    for (int k = 0; k < TP_HALF; k++) {
      const double near = h[k] / sum, far = h[TP_TAPS - 1 - k] / sum;
      m->even[k][p] = lanes_all((float)(near + far) / 2);
      m->odd[k][p] = lanes_all((float)(near - far) / 2);
      reach += fabs(near) + fabs(far);
    }
    m->overshoot = fmaxf(m->overshoot, (float)reach * 1.0001f);
  }
}
static inline void hiss_design(main_limiter *m) {      // all but a Hann-windowed low-pass
  const double corner = 2 * HISS_HZ / GB_RATE;
  double sum = corner, h[HISS_HALF + 1] = {corner};
  for (int k = 1; k <= HISS_HALF; k++) {
    const double w = cos(M_PI * k / (2 * HISS_HALF + 2));
    sum += 2 * (h[k] = w * w * sin(M_PI * corner * k) / (M_PI * k));
  }
  for (int k = 0; k <= HISS_HALF; k++) {
    const double tap = HISS_PART * ((k == 0) - h[k] / sum);
    m->hiss[k] = lanes_all((float)tap);
    m->hiss_most += (float)fabs(tap) * (k ? 2.0002f : 1.0001f);
  }
}
static inline void main_limiter_init(main_limiter *m) {
  memset(m, 0, sizeof *m);
  points_design(m);
  hiss_design(m);
  for (int i = 0; i < LIMIT_PAST + GB_QUANTUM; i++) m->want[i] = 1;
  for (int i = 0; i < SMOOTH + GB_QUANTUM; i++) m->held[i] = 1;
  m->mean = SMOOTH;
  m->let_go = 1;
}

// y[i] = least of x[i - span .. i] where x holds minima already; all i from `first` rounded down to whole vectors
INLINE void slide_minimum(const float *x, int span, float *y, int first, int end) {
  for (int i = end - LANES; i > first - LANES; i -= LANES) lanes_store(y + i, lanes_min(lanes_load(x + i), lanes_load(x + i - span)));
}

// Here LANES frames of one channel lie side by side. below[HISS_PAST + GB_QUANTUM]: minus the most hiss of each frame and the 7 before it, as it may
// beat with the samples. Returns the most of all, as a positive number.
static inline float hiss_below(const main_limiter *m, const float *x, float *below) {
  enum { END = HISS_PAST + GB_QUANTUM };
  float a[END], b[END];
  lanes least = lanes_all(0);
  for (int i = 0; i < END; i += LANES) {
    const float *middle = x + i - HISS_PAST - HISS_HALF;
    lanes sum = m->hiss[0] * lanes_load(middle);
#pragma GCC unroll 15
    for (int k = 1; k <= HISS_HALF; k++) sum += m->hiss[k] * (lanes_load(middle - k) + lanes_load(middle + k));
    least = lanes_min(least, -lanes_abs(sum));
    lanes_store(a + i, -lanes_abs(sum));
  }
  slide_minimum(a, 1, b, HISS_PAST - 6, END);      // over 2, 4, 8 frames
  slide_minimum(b, 2, a, HISS_PAST - 4, END);
  slide_minimum(a, 4, below, HISS_PAST, END);
  return lanes_peak(-least);
}

static inline float limiter_most(float a, float b, float c) { const float two = a > b ? a : b; return two > c ? two : c; }      // fmaxf would be a call

// peak[GB_QUANTUM]: the loudest of each frame's eight points, and its hiss; not computed where none can reach the ceiling; says whether it was.
static inline int true_peaks(const main_limiter *m, const float *x, float *before, float ceiling, float *peak) {
  float below[HISS_PAST + GB_QUANTUM];
  lanes samples = lanes_all(0);
  for (int i = 0; i < GB_QUANTUM; i += LANES) samples = lanes_max(samples, lanes_abs(lanes_load(x + i)));
  const float now = lanes_peak(samples), most = limiter_most(now, before[0], before[1]);
  before[0] = before[1], before[1] = now;
  if (most * (m->overshoot + m->hiss_most) <= ceiling || most * m->overshoot + hiss_below(m, x, below) <= ceiling) return 0;
  for (int i = 0; i < GB_QUANTUM; i += LANES) {
    lanes loudest = lanes_abs(lanes_load(x + i - (TP_HALF - 1))), even[TP_PAIRS] = {lanes_all(0)}, odd[TP_PAIRS] = {lanes_all(0)};
#pragma GCC unroll 16
    for (int k = 0; k < TP_HALF; k++) {
      const lanes near = lanes_load(x + i - k), far = lanes_load(x + i - (TP_TAPS - 1) + k);
#pragma GCC unroll 4
      for (int p = 0; p < TP_PAIRS; p++) {
        even[p] += m->even[k][p] * (near + far);
        if (p < TP_PAIRS - 1) odd[p] += m->odd[k][p] * (near - far);      // the point in the middle is its own mirror image
      }
    }
    for (int p = 0; p < TP_PAIRS; p++) loudest = lanes_max(loudest, lanes_abs(even[p]) + lanes_abs(odd[p]));      // the louder of a pair, sum or difference
    lanes_store(peak + i, lanes_max(lanes_load(peak + i), loudest - lanes_load(below + HISS_PAST + i)));
  }
  return 1;
}

// gain[GB_QUANTUM] for the peaks of these frames
static inline void main_limiter_gain(main_limiter *m, float ceiling, float release, const float *peak, float *gain) {
  enum { N = GB_QUANTUM, P = LIMIT_PAST, END = P + N };
  float a[END + 16], b[END + 16];
  for (int i = 0; i < N; i += LANES) lanes_store(m->want + P + i, ceiling / lanes_max(lanes_load(peak + i), lanes_all(ceiling)));
  slide_minimum(m->want, 1, a, P - 37, END);                        // over 2, 4, 8, 16, 32 frames, then HOLD
  slide_minimum(a, 2, b, P - 35, END);
  slide_minimum(b, 4, a, P - 31, END);
  slide_minimum(a, 8, b, P - 23, END);
  slide_minimum(b, 16, a, P - 7, END);
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
  const int loud = true_peaks(m, m->left + LOOK, m->most[0], ceiling, peak) | true_peaks(m, m->right + LOOK, m->most[1], ceiling, peak);
  if (loud || m->let_go < 1 || m->mean < SMOOTH) main_limiter_gain(m, ceiling, release, peak, gain);
  else for (int i = 0; i < N; i += LANES) lanes_store(gain + i, lanes_all(1));      // at rest: all that is held is 1
  const float most = limiter_most(ceiling, m->ceilings[0], m->ceilings[1]);
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
INLINE lanes monitor_limiter_peak(const lanes *x, int n) {
  lanes peak = lanes_all(0);
#pragma GCC unroll 4
  for (int i = 0; i < n; i++) peak = lanes_max(peak, lanes_abs(x[i]));
  return peak;
}
// Nothing to do: an envelope below a ceiling that rests is forgotten for the peak of its quantum.
INLINE int monitor_limiter_rests(const monitor_limiter_glide *g, lanes env, lanes peak) { return !g->left && !lanes_any(lanes_max(env, peak) > g->now.ceiling); }
// The same of each lane alone, as if no other had work.
INLINE ilanes monitor_limiter_resting(const monitor_limiter_glide *g, lanes env, lanes peak) {
  lanes due = lanes_all(0);
  for (int k = 0; k < LANES; k++) lanes_put(&due, k, (float)g->due[k]);
  return (due <= 0) & (lanes_max(env, peak) <= g->now.ceiling);
}
// louder: [n], what the gain follows where that is not x alone; else NULL
INLINE void monitor_limiter_run(monitor_limiter_coefs *coefs, const monitor_limiter_coefs *step, lanes *env, const lanes *louder, lanes *x, int n, lanes *least) {
  monitor_limiter_coefs c = *coefs;
  lanes e = *env, low = *least, keep = 1 - c.release;
#pragma GCC unroll 4
  for (int i = 0; i < n; i++) {
    if (step) c.ceiling += step->ceiling, keep -= step->release;
    e = lanes_max(louder ? louder[i] : lanes_abs(x[i]), e * keep);
    lanes gain = c.ceiling / lanes_max(e, c.ceiling);
    x[i] *= gain;
    low = lanes_min(low, gain);
  }
  if (step) *coefs = (monitor_limiter_coefs){c.ceiling, 1 - keep};
  *env = e;
  *least = low;
}
INLINE void monitor_limiter_process(monitor_limiter_glide *g, lanes *env, const lanes *louder, lanes *x, int n, lanes *least) {
  if (g->left) monitor_limiter_run(&g->now, &g->step, env, louder, x, n, least);
  else monitor_limiter_run(&g->now, NULL, env, louder, x, n, least);
  GLIDE_STEPPED(g);
}
