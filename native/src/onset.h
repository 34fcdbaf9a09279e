// onset.h - what begins is let past the denoise filter until its gains have come. They answer windows of 20 ms, a hop apart and a fade late: a hit or a
// consonant would be half over by then. A quantum far above what sounded just before, and near the loudest of late, opens a strip for 7 ms: what is softer
// may be somebody else's hit in this microphone. With look-ahead it is open before the sound comes out, and else within two milliseconds.
#pragma once
#include "glide.h"

enum { ONSET_HOLD = 10 };             // quanta of 0.67 ms
#define ONSET_RISE 25.12f             // 14 dB above what sounded before
#define ONSET_NEAR 0.251f             // 6 dB under the loudest
#define ONSET_BEFORE 0.0219771f       // of a quantum, in the mean of about 30 ms
#define ONSET_FORGET 0.9999488f       // of the loudest, a quantum: 20 dB in a minute, for who sings but now and then hears the drums all the time
#define ONSET_OPENS 0.5f              // a quantum
#define ONSET_CLOSES 0.895f           // of what is open, a quantum: 6 ms
#define ONSET_SHUT 1e-3f
typedef struct { lanes last, before, loudest, hold, was, open; } onset_state;      // powers; quanta left; share of the sound that passes by, 0..1, and a quantum ago

// One quantum as it comes in; what it says is heard from the next one on. may: 1 for who may open at all.
INLINE void onset_hear(onset_state *s, lanes may, const lanes *x) {
  lanes sum = lanes_all(0);
  for (int i = 0; i < GB_QUANTUM; i++) sum += x[i] * x[i];
  const lanes now = 0.5f * (sum + s->last), closed = s->open * ONSET_CLOSES;
  const ilanes begins = (may > 0) & (now > ONSET_RISE * s->before) & (now > ONSET_NEAR * s->loudest);
  s->hold = lanes_select(begins, lanes_all(ONSET_HOLD), lanes_max(s->hold - 1, lanes_all(0)));
  s->loudest = lanes_max(now, s->loudest * ONSET_FORGET);
  s->before += ONSET_BEFORE * (now - s->before);
  s->last = sum;
  s->was = s->open;
  s->open = lanes_select(s->hold > 0, lanes_min(s->was + ONSET_OPENS, lanes_all(1)), lanes_select(closed > ONSET_SHUT, closed, lanes_all(0)));
}

INLINE int onset_shut(const onset_state *s) { return !lanes_any(s->was + s->open > 0); }

// dry: as late as y, which the filter left of it.
INLINE void onset_pass(const onset_state *s, const lanes *dry, lanes *y) {
  lanes open = s->was;
  const lanes step = (s->open - open) * (1.0f / GB_QUANTUM);
  for (int i = 0; i < GB_QUANTUM; i++) y[i] += (open += step) * (dry[i] - y[i]);
}
