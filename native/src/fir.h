// fir.h - the denoise filter: fast taps on every frame, slow ones on what the sound has below 6 kHz, at a quarter of the rate. New taps are faded to: fast
// ones in 64 frames, slow ones in 192, since what parts harmonics must not turn in an instant.
#pragma once
#include "mask.h"

enum { FIR_FADE = 64, FIR_SLOW_FADE = 192, FIR_PAST = 512, FIR_LOW = 48, FIR_JOIN = FIR_LOW / MASK_STEP, FIR_FEW = GB_QUANTUM / MASK_STEP };
// due: `next` is new; fades: frames left; count: fast taps; wait: slow samples before the first slow tap
typedef struct { mask_taps now, next; int due, fade, slow_fade, count, wait; } fir_coefs;
typedef struct { lanes past[2 * FIR_PAST], out[FIR_JOIN - 1 + FIR_FEW]; int at; } fir_state;      // at a quarter of the rate; past is written twice, as history

// Half of a symmetrical low-pass, 23.5 frames late, half its way down at 6 kHz and 54 dB from 8 kHz on:
// scipy.signal.firwin(48, 6000, window=("kaiser", 5), fs=48000).
static const float fir_low[FIR_LOW / 2] = {
  -0.00019041f, -0.00076456f, -0.00116030f, -0.00068836f, 0.00094674f, 0.00304973f, 0.00397430f, 0.00210515f,
  -0.00265103f, -0.00795946f, -0.00979872f, -0.00495674f, 0.00601720f, 0.01756548f, 0.02120406f, 0.01061235f,
  -0.01287703f, -0.03804912f, -0.04727181f, -0.02494028f, 0.03313453f, 0.11476267f, 0.19440110f, 0.24353454f};

static inline void fir_reset(fir_coefs *c, fir_state *s, int lookahead) {
  c->due = c->fade = c->slow_fade = 0;
  c->count = lookahead + MASK_NEAR;
  c->wait = (lookahead + MASK_FIRST - (FIR_LOW - 1)) / MASK_STEP;
  memset(s, 0, sizeof *s);
}

static inline void fir_begin(fir_coefs *c) {      // to turn to the next taps
  c->due = 0;
  c->fade = FIR_FADE;
  c->slow_fade = FIR_SLOW_FADE;
}

// x[-count + 1 .. n) is sound; n is a multiple of 8, count of 4. Blocks of 8 frames share each load of a tap, and of 4 taps each load of a frame.
static inline void fir_run(const lanes *taps, int count, const lanes *x, lanes *y, int n) {
  enum { FRAMES = 8, TAPS = 4 };
  for (int i = 0; i < n; i += FRAMES) {
    lanes sum[FRAMES];
    for (int k = 0; k < FRAMES; k++) sum[k] = lanes_all(0);
    for (int t = 0; t < count; t += TAPS) {
      const lanes *h = taps + t, *v = x + i - t;
#pragma GCC unroll 16
      for (int apart = 1 - TAPS; apart < FRAMES; apart++)      // what v[apart] meets: frame k at tap k - apart
#pragma GCC unroll 8
        for (int k = 0; k < FRAMES; k++)
          if (k >= apart && k < apart + TAPS) sum[k] += h[k - apart] * v[apart];
    }
    for (int k = 0; k < FRAMES; k++) y[i + k] = sum[k];
  }
}

// fade: frames left of `whole`; every one of the n outputs takes `step` of them.
static inline void fir_fade(lanes *now, const lanes *next, int count, int *fade, int whole, int step, const lanes *x, lanes *y, int n) {
  fir_run(now, count, x, y, n);
  if (!*fade) return;
  lanes fresh[GB_QUANTUM];
  fir_run(next, count, x, fresh, n);
  for (int i = 0; i < n; i++) {
    *fade -= step;
    y[i] += (fresh[i] - y[i]) * (1 - (float)*fade / (float)whole);
  }
  if (!*fade) memcpy(now, next, (size_t)count * sizeof *now);
}

static inline void fir_thin(const lanes *x, lanes *y) {      // low-passed, every fourth frame of a quantum
  for (int j = 0; j < FIR_FEW; j++, x += MASK_STEP) {
    lanes sum = lanes_all(0);
    for (int i = 0; i < FIR_LOW / 2; i++) sum += fir_low[i] * (x[-i] + x[i - FIR_LOW + 1]);
    y[j] = sum;
  }
}
static inline void fir_join(const lanes *x, lanes *y) {      // and back: to the frames between, low-passed again
  for (int j = 0; j < FIR_FEW; j++)
    for (int p = 0; p < MASK_STEP; p++) {
      lanes sum = lanes_all(0);
      for (int i = 0; i < FIR_JOIN; i++) {
        const int at = MASK_STEP * i + p;
        sum += fir_low[at < FIR_LOW / 2 ? at : FIR_LOW - 1 - at] * x[j - i];
      }
      y[MASK_STEP * j + p] += MASK_STEP * sum;
    }
}

// Its slow taps hear what was before it began, too. x: the last quantum before, with all of the past before it.
static inline void fir_remember(const fir_coefs *c, fir_state *s, const lanes *x) {
  memset(s, 0, sizeof *s);
  for (int q = (MASK_SLOW + c->wait) / FIR_FEW + 1; q >= 0; q--) {
    lanes *now = s->past + s->at;
    fir_thin(x - q * GB_QUANTUM, now);
    memcpy(now + FIR_PAST, now, FIR_FEW * sizeof *now);
    s->at = (s->at + FIR_FEW) % FIR_PAST;
  }
}

// One quantum. x[-MASK_FAST + 1 ..) is sound.
static inline void fir_process(fir_coefs *c, fir_state *s, const lanes *x, lanes *y) {
  lanes *now = s->past + s->at, *out = s->out + FIR_JOIN - 1;
  fir_fade(c->now.fast, c->next.fast, c->count, &c->fade, FIR_FADE, 1, x, y, GB_QUANTUM);
  fir_thin(x, now);
  memcpy(now + FIR_PAST, now, FIR_FEW * sizeof *now);
  fir_fade(c->now.slow, c->next.slow, MASK_SLOW, &c->slow_fade, FIR_SLOW_FADE, MASK_STEP, now + FIR_PAST - c->wait, out, FIR_FEW);
  fir_join(out, y);
  memmove(s->out, s->out + FIR_FEW, (FIR_JOIN - 1) * sizeof *out);
  s->at = (s->at + FIR_FEW) % FIR_PAST;
}
