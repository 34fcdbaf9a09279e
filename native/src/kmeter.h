// kmeter.h - K-weighted power (ITU-R BS.1770-4) and peak of a quantum, for strips and buses alike.
#pragma once
#include "glide.h"

// The standard's two sections at 48 kHz: a high shelf (b, a) and a high-pass with numerator 1 -2 1.
#define K_B0 1.53512485958697f
#define K_B1 -2.69169618940638f
#define K_B2 1.19839281085285f
#define K_A1 -1.69065929318241f
#define K_A2 0.73248077421585f
#define K_C1 -1.99004745483398f
#define K_C2 0.99007225036621f
typedef struct { lanes s1, s2, t1, t2; } kmeter_state;
typedef struct { lanes square, peak; } kmeter_reading;      // sum of squares, K-weighted; peak, unweighted

static inline kmeter_reading kmeter_process(kmeter_state *state, const lanes *x, int n) {
  kmeter_state s = *state;
  lanes square = lanes_all(0), peak = lanes_all(0);
#pragma GCC unroll 8
  for (int i = 0; i < n; i++) {
    lanes v = x[i], y = K_B0 * v + s.s1;
    s.s1 = K_B1 * v - K_A1 * y + s.s2;
    s.s2 = K_B2 * v - K_A2 * y;
    lanes z = y + s.t1;
    s.t1 = s.t2 - 2.0f * y - K_C1 * z;
    s.t2 = y - K_C2 * z;
    square += z * z;
    peak = lanes_max(peak, lanes_abs(v));
  }
  *state = s;
  return (kmeter_reading){square, peak};
}
