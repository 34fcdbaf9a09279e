// lanes.h - one SIMD vector of channels, and the only place that knows the instruction set.
// LANES is 8 with AVX2, 4 with NEON or SSE, 1 with -DLANES_PLAIN. Frames run along time, channels along lanes.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

#if defined LANES_PLAIN
#define LANES 1
typedef float lanes;
typedef int32_t ilanes;
#elif defined __AVX2__
#include <immintrin.h>
#define LANES 8
#elif defined __aarch64__
#include <arm_neon.h>
#define LANES 4
#else
#define LANES 4
#endif

#if LANES > 1
typedef float lanes __attribute__((vector_size(LANES * 4)));
typedef int32_t ilanes __attribute__((vector_size(LANES * 4)));
typedef float loose_lanes __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
INLINE lanes lanes_load(const float *p) { return (lanes)*(const loose_lanes *)p; }
INLINE void lanes_store(float *p, lanes x) { *(loose_lanes *)p = (loose_lanes)x; }
INLINE lanes lanes_all(float v) { return v - (lanes){0}; }
INLINE ilanes lanes_bits(lanes x) { return (ilanes)x; }
INLINE lanes lanes_of_bits(ilanes i) { return (lanes)i; }
INLINE lanes lanes_float(ilanes i) { return __builtin_convertvector(i, lanes); }
INLINE ilanes lanes_int(lanes x) { return __builtin_convertvector(x, ilanes); }    // towards zero
INLINE float lanes_get(lanes x, int lane) { return x[lane]; }
#else
INLINE lanes lanes_load(const float *p) { return *p; }
INLINE void lanes_store(float *p, lanes x) { *p = x; }
INLINE lanes lanes_all(float v) { return v; }
INLINE ilanes lanes_bits(lanes x) { ilanes i; memcpy(&i, &x, 4); return i; }
INLINE lanes lanes_of_bits(ilanes i) { lanes x; memcpy(&x, &i, 4); return x; }
INLINE lanes lanes_float(ilanes i) { return (float)i; }
INLINE ilanes lanes_int(lanes x) { return (ilanes)x; }
INLINE float lanes_get(lanes x, int lane) { (void)lane; return x; }
#endif

// max, min, abs; select(mask, a, b) with a mask of all ones or all zeros per lane, as comparisons of vectors give
#if LANES == 8
INLINE lanes lanes_max(lanes a, lanes b) { return (lanes)_mm256_max_ps((__m256)a, (__m256)b); }
INLINE lanes lanes_min(lanes a, lanes b) { return (lanes)_mm256_min_ps((__m256)a, (__m256)b); }
INLINE lanes lanes_select(ilanes m, lanes a, lanes b) { return (lanes)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)m); }
INLINE int lanes_any(ilanes m) { return _mm256_movemask_ps((__m256)m); }
INLINE lanes lanes_one(const float *p) { return (lanes)_mm256_broadcast_ss(p); }
INLINE float lanes_peak(lanes x) {
  __m128 m = _mm_max_ps(_mm256_castps256_ps128((__m256)x), _mm256_extractf128_ps((__m256)x, 1));
  m = _mm_max_ps(m, _mm_movehl_ps(m, m));
  return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}
#elif defined __aarch64__ && LANES == 4
INLINE lanes lanes_max(lanes a, lanes b) { return (lanes)vmaxq_f32((float32x4_t)a, (float32x4_t)b); }
INLINE lanes lanes_min(lanes a, lanes b) { return (lanes)vminq_f32((float32x4_t)a, (float32x4_t)b); }
INLINE lanes lanes_select(ilanes m, lanes a, lanes b) { return (lanes)vbslq_f32((uint32x4_t)m, (float32x4_t)a, (float32x4_t)b); }
INLINE int lanes_any(ilanes m) { return vmaxvq_u32((uint32x4_t)m) != 0; }
INLINE lanes lanes_one(const float *p) { return (lanes)vld1q_dup_f32(p); }
INLINE float lanes_peak(lanes x) { return vmaxvq_f32((float32x4_t)x); }
#elif LANES == 4
INLINE lanes lanes_select(ilanes m, lanes a, lanes b) { return (lanes)((m & (ilanes)a) | (~m & (ilanes)b)); }
INLINE lanes lanes_max(lanes a, lanes b) { return lanes_select(a > b, a, b); }
INLINE lanes lanes_min(lanes a, lanes b) { return lanes_select(a < b, a, b); }
INLINE int lanes_any(ilanes m) { return (m[0] | m[1] | m[2] | m[3]) != 0; }
INLINE lanes lanes_one(const float *p) { return lanes_all(*p); }
INLINE float lanes_peak(lanes x) { return fmaxf(fmaxf(x[0], x[1]), fmaxf(x[2], x[3])); }
#else
INLINE lanes lanes_select(ilanes m, lanes a, lanes b) { return m ? a : b; }
INLINE lanes lanes_max(lanes a, lanes b) { return a > b ? a : b; }
INLINE lanes lanes_min(lanes a, lanes b) { return a < b ? a : b; }
INLINE int lanes_any(ilanes m) { return m; }
INLINE lanes lanes_one(const float *p) { return *p; }
INLINE float lanes_peak(lanes x) { return x; }
#endif
INLINE lanes lanes_abs(lanes x) { return lanes_of_bits(lanes_bits(x) & 0x7fffffff); }
INLINE int lanes_finite(lanes x) { return !lanes_any((lanes_bits(x) & 0x7f800000) == 0x7f800000); }    // every lane
INLINE lanes lanes_clamp(lanes x, float low, float high) { return lanes_min(lanes_max(x, lanes_all(low)), lanes_all(high)); }
INLINE float lanes_sum(lanes x) {
  float sum = 0;
  for (int i = 0; i < LANES; i++) sum += lanes_get(x, i);
  return sum;
}

#if defined __clang__ || __GNUC__ >= 12
#define lanes_in_order(x, ...) __builtin_shufflevector(x, x, __VA_ARGS__)
#else
#define lanes_in_order(x, ...) __builtin_shuffle(x, (ilanes){__VA_ARGS__})
#endif

// Lane i and lane i ^ k, k a power of two below LANES, become their sum (where i has not that bit) and their difference.
#if LANES == 8
INLINE lanes lanes_butterfly(lanes x, int k) {
  if (k == 1) return lanes_in_order(x, 1, 0, 3, 2, 5, 4, 7, 6) + x * (lanes){1, -1, 1, -1, 1, -1, 1, -1};
  if (k == 2) return lanes_in_order(x, 2, 3, 0, 1, 6, 7, 4, 5) + x * (lanes){1, 1, -1, -1, 1, 1, -1, -1};
  return lanes_in_order(x, 4, 5, 6, 7, 0, 1, 2, 3) + x * (lanes){1, 1, 1, 1, -1, -1, -1, -1};
}
#elif LANES == 4
INLINE lanes lanes_butterfly(lanes x, int k) {
  if (k == 1) return lanes_in_order(x, 1, 0, 3, 2) + x * (lanes){1, -1, 1, -1};
  return lanes_in_order(x, 2, 3, 0, 1) + x * (lanes){1, 1, -1, -1};
}
#else
INLINE lanes lanes_butterfly(lanes x, int k) { (void)k; return x; }
#endif

// An array of lanes is an array of floats, LANES to a row; `put` sets one channel of one row.
INLINE void lanes_put(lanes *x, int lane, float v) { memcpy((char *)x + 4 * lane, &v, 4); }
INLINE void lanes_fill(lanes *x, int count, int lane, float v) {
  for (int i = 0; i < count; i++) lanes_put(x + i, lane, v);
}

// Those lanes of the first rows become what `from` has.
INLINE void lanes_take(lanes *x, const lanes *from, int count, ilanes which) {
  for (int i = 0; i < count; i++) x[i] = lanes_select(which, from[i], x[i]);
}
INLINE void lanes_copy(lanes *x, const lanes *from, int count, int lane) {
  for (int i = 0; i < count; i++) lanes_put(x + i, lane, lanes_get(from[i], lane));
}

// log2 of x > 0, error below 2e-06; exp2, relative error below 3e-06, for -126 < x < 126. Minimax fits of our own.
INLINE lanes lanes_log2(lanes x) {
  ilanes i = lanes_bits(x), e = (i - 0x3f2aaaab) >> 23;
  lanes t = lanes_of_bits(i - (e << 23)) - 1.0f;
  lanes y = t * -0.290903212f + 0.332986595f;
  y = y * t + -0.356669855f;
  y = y * t + 0.478392369f;
  y = y * t + -0.721441125f;
  y = y * t + 1.44272864f;
  return y * t + lanes_float(e);
}
INLINE lanes lanes_exp2(lanes x) {
  x = lanes_clamp(x, -126, 126);
  ilanes i = lanes_int(x + 127.5f) - 127;
  lanes t = x - lanes_float(i);
  lanes y = t * 0.0095827006f + 0.0559068767f;
  y = y * t + 0.240241042f;
  y = y * t + 0.693124107f;
  y = y * t + 1.0f;
  return lanes_of_bits(lanes_bits(y) + (i << 23));
}
// Cosine and sine of x turns, |x| < 128, error below 1e-6: Taylor's series of half the angle, then doubled.
INLINE void lanes_circle(lanes x, lanes *cosine, lanes *sine) {
  x -= lanes_float(lanes_int(x + 128.5f) - 128);
  const lanes a = x * (float)M_PI, q = a * a;
  lanes s = q * -2.5052108e-8f + 2.7557319e-6f, c = q * 2.0876757e-9f + -2.7557319e-7f;
  s = s * q + -1.9841270e-4f;
  s = s * q + 8.3333333e-3f;
  s = s * q + -0.16666667f;
  s = (s * q + 1.0f) * a;
  c = c * q + 2.4801587e-5f;
  c = c * q + -1.3888889e-3f;
  c = c * q + 4.1666667e-2f;
  c = c * q + -0.5f;
  c = c * q + 1.0f;
  *sine = 2.0f * s * c;
  *cosine = 1.0f - 2.0f * s * s;
}
#define DB_PER_LOG2 6.0205999f    // 20 log10(2)

// Denormals cost hundreds of cycles: every audio thread flushes them. Returns what was set before.
INLINE uint64_t denormals_off(void) {
#if defined __SSE2__
  unsigned was = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(was | 0x8040);
  return was;
#elif defined __aarch64__
  uint64_t was;
  __asm__ volatile("mrs %0, fpcr" : "=r"(was));
  __asm__ volatile("msr fpcr, %0" ::"r"(was | 1u << 24));
  return was;
#else
  return 0;
#endif
}
INLINE void denormals_back(uint64_t was) {
#if defined __SSE2__
  __builtin_ia32_ldmxcsr((unsigned)was);
#elif defined __aarch64__
  __asm__ volatile("msr fpcr, %0" ::"r"(was));
#else
  (void)was;
#endif
}
