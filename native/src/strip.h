// strip.h - LANES channel strips: what people set (coefs), what the sound leaves behind (state), and the blocks in their order.
#pragma once
#include "align.h"
#include "comp.h"
#include "deess.h"
#include "duck.h"
#include "fir.h"
#include "input.h"
#include "kmeter.h"
#include "onset.h"
#include "pop.h"
#include "share.h"
#include "svf.h"

enum { VOICE_DB = 24 };                                // what voice takes at most, at 100 %
enum { GROUPS = GB_CHANNELS / LANES, PAST = 2048 };      // frames of history, written twice so that the last PAST lie in one piece
// One bit for each block that a parameter can change; a dirty block is designed anew before the next quantum.
enum strip_block { STRIP_INPUT = 1, STRIP_ALIGN = 2, STRIP_HPF = 4, STRIP_HUM = 8, STRIP_DENOISE = 16, STRIP_GATE = 32, STRIP_EQ = 64, STRIP_DEESS = 128,
                   STRIP_COMP = 256, STRIP_SHARE = 512, STRIP_DUCK = 1024, STRIP_OUT = 2048, STRIP_POP = 4096, STRIP_PATCH = 8192, STRIP_ALL = 16383 };

typedef struct { svf_coefs section[2]; } hpf_coefs;
// What shapes the sound: once behind the look-ahead, for main, and once without, for monitors that wait for none.
typedef struct { gate_glide gate; svf4_glide eq; deess_glide deess; comp_glide comp; } shape_coefs;
typedef struct { gate_state gate; svf4_state eq; deess_state deess; comp_state comp; } shape_state;
typedef struct {
  input_glide input;
  pop_coefs pop;
  GLIDE(hpf_coefs) hpf;
  svf_rest hpf_rest[2];             // of its sections while they rest
  int hpf_runs[2];                  // those that do anything
  svf4_glide hum[2];
  shape_coefs shape;
  share_glide share;
  duck_glide duck;
  lanes least, apart;               // lowest gains allowed, 1 = off: denoise; what takes sources apart, bleed and voice
  align_coefs align;
} strip_coefs;

typedef struct {                    // lanes only, so that one channel can be wiped
  pop_state pop;
  svf_state hpf[2];
  svf4_state hum[2];
  onset_state onset;
  shape_state shape, soon;
  kmeter_state k;
  share_state share;
  duck_state duck;
} strip_state;

typedef struct {                    // since it was last read: peaks, sums of squares, least gains; comp is the most reduction in log2
  lanes in_peak, in_square, out_peak, gate, deess, comp, share, duck, k_square, key;      // key: peak of the last quantum alone
} strip_reading;

typedef struct {
  strip_coefs c;
  strip_state s;
  fir_coefs fir;
  fir_state slow;
  int filtering;                    // the FIR runs; else the sound is only delayed
  lanes opens;                      // 1: what begins is let past it
  unsigned feeds, fed;              // a bit for each lane that monitors hear without look-ahead, in this quantum and in the last
  int probed;                       // somebody listens to what the filter takes:
  lanes taken[GB_QUANTUM];
  align_state ring;
  lanes history[2 * PAST];          // after the hum notches, before look-ahead
  const lanes *present;             // the quantum in it, with all of the past right before
  int count;                        // lanes that are channels
  int muted[LANES], silenced;       // quanta of silence left after a fault; how many lanes that concerns
  unsigned popped;                  // a bit for each lane that was found to have banged, in this quantum
  strip_reading reading;
} strip_group;

void strip_init(strip_group *g, int count);
strip_reading strip_read(strip_group *g);      // and begin anew
void strip_design(strip_group *g, int lane, unsigned blocks, int quanta, const float *values, int strip);
void strip_soon(strip_group *g, lanes *soon);      // of this quantum, before its strip_process is done: what that gives as `soon`
// in: first channel of the group in interleaved frames, `stride` floats each; tap: its place in the rack's dry history; frame: number of the first.
// x: out, the strips before gain sharing; soon: the same without denoise filter and look-ahead, NULL where nobody hears that. g->present is the sound
// before both. Returns a bit for each lane that had to be silenced.
unsigned strip_process(strip_group *g, const float *in, int stride, float *tap, uint64_t frame, int lookahead, lanes *x, lanes *soon);
