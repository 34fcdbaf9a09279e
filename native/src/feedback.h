// feedback.h - what the feedback guard has in mind of each output: what it heard, suspects, tries, leaves alone, and keeps as notches. guard.h, trial.h and
// notches.h say what is done with it.
#pragma once
#include "bus.h"
#include "half.h"
#include "howl.h"

enum { GUARD_TICK = 256, GUARD_PROBE = 1024, GUARD_SHY = 8, GUARD_TRIALS = 3 };
// frames; frames at half the rate that a level is measured over; frequencies left alone, and trials at once, of an output
// A trial: the cut is there, taken back, and there again, GUARD_ON, GUARD_OFF and GUARD_ON ticks; then the loop's answer is waited for.
enum { GUARD_ON = 9, GUARD_OFF = 8, GUARD_WAIT = 7, GUARD_TICKS = 2 * GUARD_ON + GUARD_OFF + GUARD_WAIT,
       GUARD_EARLY = GUARD_ON + GUARD_OFF + 3 };      // enough for what grows fast
typedef struct {
  int slot, bus, tick, urgent, strip, rest, asked, unclear;      // slot: -1 while nothing is tried; rest: ticks until it is asked once more; unclear: its first answer was
  float hz, growth, was_db, was_q, cut_db, enough_db, level[GUARD_TICKS];      // was_db, was_q: of the notch before
} guard_test;
typedef struct { float hz, db; uint64_t until, last; int times; } guard_shy;      // a frequency that is left alone, until it is louder than db by much
typedef struct { uint64_t pressed, raised, until; double held_s; } guard_dip;      // of a whole output that is held down
typedef struct {
  half_coefs half;
  half_state past[BUS_ROWS];
  lanes ring[BUS_ROWS][2 * HOWL_FRAMES];      // at half the rate, written twice so that the newest lie in one piece
  uint64_t heard;                             // frames of it
  float window[HOWL_FRAMES], probe[GUARD_PROBE];
  howl_ear ear[GB_OUTPUTS];
  guard_test test[GB_GUARDED][GUARD_TRIALS];
  guard_shy shy[GB_GUARDED][GUARD_SHY];
  gb_notch live[GB_GUARDED][LIVE];
  uint64_t needed[GB_GUARDED][LIVE], ringing[GB_GUARDED], rung[GB_GUARDED];      // frames: last of use; until when the room is known to ring, and to have rung
  guard_dip dip[GB_GUARDED];
  notch told[GB_GUARDED][LIVE];
  int on[GB_GUARDED], killed[GB_GUARDED], awake;
  lanes frames[HOWL_FRAMES], work[HOWL_FRAMES], power[HOWL_FRAMES / 2 + 1];
} guard;

static const float Q_NEW = 14.5f, STEP_DB = 3, DEEPEST_DB = 18;      // of a notch
static const float SURE_DB_S = 60;                              // who grows so in a room that rings is not asked
static const double THIRD = 1.26, SIXTH = 1.1225, TWELFTH = 1.0595;           // of an octave
enum { QUICK = 4, GENTLE = 225 };                               // quanta, doubled in glides of sections: 5 ms; 300 ms
#define SECONDS(s) ((uint64_t)((s) * GB_RATE))
static inline int pitch_near(float a, float b, double ratio) { return a > 0 && b > 0 && (double)fmaxf(a, b) < ratio * (double)fminf(a, b); }
static inline const lanes *guard_newest(const guard *g, int row, int frames) { return g->ring[row] + g->heard % HOWL_FRAMES + HOWL_FRAMES - frames; }
