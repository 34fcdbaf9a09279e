// kmeter.h - K-weighted power (ITU-R BS.1770-4) and peak of a quantum, for strips and buses alike.
#pragma once
#include "glide.h"

// The standard's two sections at 48 kHz: a high shelf (b, a) in direct form 2, less its gain b0 = K_GAIN, and a high-pass with
// numerator 1 -2 1 in its transposed form, whose memory does not grow with low notes.
#define K_GAIN 1.53512485958697f
#define K_B1 (-2.69169618940638f / K_GAIN)
#define K_B2 (1.19839281085285f / K_GAIN)
#define K_A1 -1.69065929318241f
#define K_A2 0.73248077421585f
#define K_C1 -1.99004745483398f
#define K_C2 0.99007225036621f
typedef struct { lanes u1, u2, t1, t2; } kmeter_state;
typedef struct { lanes square, peak; } kmeter_reading;      // sum of squares, K-weighted; peak, unweighted

static inline kmeter_reading kmeter_process(kmeter_state *state, const lanes *x, int n) {
  kmeter_state s = *state;
  lanes square = lanes_all(0), peak = lanes_all(0);
  for (int i = 0; i < n; i += 8)
#pragma GCC unroll 8
    for (int k = 0; k < 8; k++) {
      const lanes u = x[i + k] - K_A1 * s.u1 - K_A2 * s.u2, y = u + K_B2 * s.u2 + K_B1 * s.u1, z = y + s.t1;
      s.u2 = s.u1;
      s.u1 = u;
      s.t1 = s.t2 - 2.0f * y - K_C1 * z;
      s.t2 = y - K_C2 * z;
      square += z * z;
      peak = lanes_max(peak, lanes_abs(x[i + k]));
    }
  *state = s;
  return (kmeter_reading){square * (K_GAIN * K_GAIN), peak};
}
