// limiter.h - the last word on level. Main: true peaks (4x oversampled, ITU-R BS.1770-4 annex 2), 1 ms of look-ahead, left and right
// tied. Monitors: no delay, gain follows the sample at once. Nothing leaves above its ceiling.
#pragma once
#include "gate.h"

enum { LOOK = 48, TP_TAPS = 12, HOLD = 44, SMOOTH = 40, LIMIT_PAST = 64 };   // frames; HOLD + filter delay (6) + 1 >= LOOK covers a peak
typedef struct {
  float taps[TP_TAPS][8];                       // four phases for left, the same for right
  float past[TP_TAPS + GB_QUANTUM][8];          // left x 4, right x 4
  float late[LOOK + GB_QUANTUM][2];             // main, waiting
  float want[LIMIT_PAST + GB_QUANTUM];          // gain each frame asks for
  float held[SMOOTH + GB_QUANTUM];              // after hold and release; their mean is the gain
  double mean;
  float let_go;
} main_limiter;

static inline void main_limiter_init(main_limiter *m) {
  memset(m, 0, sizeof *m);
  for (int phase = 0; phase < 4; phase++) {     // Hann-windowed sinc, phase 0 is the sample itself
    double sum = 0, h[TP_TAPS];
    for (int k = 0; k < TP_TAPS; k++) {
      double t = k - 5 - phase / 4.0, w = cos(M_PI * t / 13);
      h[k] = w * w * (fabs(t) < 1e-9 ? 1 : sin(M_PI * t) / (M_PI * t));
      sum += h[k];
    }
    for (int k = 0; k < TP_TAPS; k++) m->taps[TP_TAPS - 1 - k][phase] = m->taps[TP_TAPS - 1 - k][phase + 4] = (float)(h[k] / sum);
  }
  for (int i = 0; i < LIMIT_PAST + GB_QUANTUM; i++) m->want[i] = 1;
  for (int i = 0; i < SMOOTH + GB_QUANTUM; i++) m->held[i] = 1;
  m->mean = SMOOTH;
  m->let_go = 1;
}

// left, right: [GB_QUANTUM], in place, LOOK frames late; gain[GB_QUANTUM]: what was applied
static inline void main_limiter_process(main_limiter *m, float ceiling, float release, float *left, float *right, float *gain) {
  enum { N = GB_QUANTUM, P = LIMIT_PAST };
  memmove(m->past, m->past + N, sizeof(float) * 8 * TP_TAPS);
  for (int i = 0; i < N; i++)
    for (int k = 0; k < 4; k++) {
      m->past[TP_TAPS + i][k] = left[i];
      m->past[TP_TAPS + i][k + 4] = right[i];
    }
  memmove(m->want, m->want + N, sizeof(float) * P);
  for (int i = 0; i < N; i++) {
    lanes peak = lanes_all(0);
    for (int half = 0; half < 8; half += LANES) {
      lanes sum = lanes_all(0);
      for (int k = 0; k < TP_TAPS; k++) sum += lanes_load(&m->taps[k][half]) * lanes_load(&m->past[i + 1 + k][half]);
      peak = lanes_max(peak, lanes_abs(sum));
    }
    m->want[P + i] = fmaxf(lanes_peak(peak), 1e-9f);
  }
  for (int i = 0; i < N; i++) m->want[P + i] = fminf(ceiling / m->want[P + i], 1);
  float a[HOLD + N], b[HOLD + N];                                   // running minimum over HOLD frames, by doubling: 2 4 8 16 32, then 44
  const float *w = m->want + P - HOLD;
  for (int i = 1; i < HOLD + N; i++) a[i] = fminf(w[i], w[i - 1]);
  for (int i = 3; i < HOLD + N; i++) b[i] = fminf(a[i], a[i - 2]);
  for (int i = 7; i < HOLD + N; i++) a[i] = fminf(b[i], b[i - 4]);
  for (int i = 15; i < HOLD + N; i++) b[i] = fminf(a[i], a[i - 8]);
  for (int i = 31; i < HOLD + N; i++) a[i] = fminf(b[i], b[i - 16]);
  memmove(m->held, m->held + N, sizeof(float) * SMOOTH);
  for (int i = 0; i < N; i++) {
    const float least = fminf(a[HOLD + i], a[HOLD + i - (HOLD - 32)]);
    m->let_go = fminf(least, m->let_go + (1 - m->let_go) * release);
    m->held[SMOOTH + i] = m->let_go;
    m->mean += (double)m->let_go - m->held[i];                      // exact: floats within 2^-20..1 add without rounding in a double
    gain[i] = (float)(m->mean * (1.0 / SMOOTH));
  }
  for (int i = 0; i < N; i++) {
    m->late[LOOK + i][0] = left[i];
    m->late[LOOK + i][1] = right[i];
  }
  for (int i = 0; i < N; i++) {
    left[i] = m->late[i][0] * gain[i];
    right[i] = m->late[i][1] * gain[i];
  }
  memmove(m->late, m->late + N, sizeof(float) * 2 * LOOK);
}

typedef struct { lanes ceiling, release; } monitor_limiter_coefs;
static inline void monitor_limiter_process(const monitor_limiter_coefs *c, lanes *env, lanes *x, int n, lanes *least) {
  lanes e = *env, low = *least;
  for (int i = 0; i < n; i++) {
    e = lanes_max(lanes_abs(x[i]), e - e * c->release);
    lanes gain = c->ceiling / lanes_max(e, c->ceiling);
    x[i] *= gain;
    low = lanes_min(low, gain);
  }
  *env = e;
  *least = low;
}
