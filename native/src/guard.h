// guard.h - the feedback guard: hears the buses before their faders, suspects tones (howl.h), tries each with a cut, and keeps what helps as a notch.
// In a closed loop a cut takes away growth, so that the tone falls on its way into the bus; a note that is played does not care.
#pragma once
#include "bus.h"
#include "half.h"
#include "howl.h"

enum { GUARD_TICK = 256, GUARD_PROBE = 1024, GUARD_SHY = 8 };      // frames; frames at half the rate that a level is measured over
// A trial: the cut is there, taken back, and there again, GUARD_ON, GUARD_OFF and GUARD_ON ticks; then the loop's answer is waited for.
enum { GUARD_ON = 9, GUARD_OFF = 8, GUARD_WAIT = 7, GUARD_TICKS = 2 * GUARD_ON + GUARD_OFF + GUARD_WAIT,
       GUARD_EARLY = GUARD_ON + GUARD_OFF + 3 };      // enough for what grows fast
typedef struct {
  int slot, bus, tick, urgent, strip;             // slot: -1 while nothing is tried
  float hz, growth, was_db, was_q, cut_db, enough_db, level[GUARD_TICKS];      // was_db, was_q: of the notch before
} guard_test;
typedef struct { float hz; uint64_t until, last; int times; } guard_shy;      // a frequency that is left alone
typedef struct {
  half_coefs half;
  half_state past[BUS_ROWS];
  lanes ring[BUS_ROWS][2 * HOWL_FRAMES];      // at half the rate, written twice so that the newest lie in one piece
  uint64_t heard;                             // frames of it
  float window[HOWL_FRAMES], probe[GUARD_PROBE];
  howl_ear ear[GB_OUTPUTS];
  guard_test test[GB_GUARDED];
  guard_shy shy[GB_GUARDED][GUARD_SHY];
  gb_notch live[GB_GUARDED][LIVE];
  uint64_t needed[GB_GUARDED][LIVE], ringing[GB_GUARDED], dipped[GB_GUARDED];      // frames: last of use; until when the room is known to ring; until when the whole is held down
  notch told[GB_GUARDED][LIVE];
  int on[GB_GUARDED], killed[GB_GUARDED], awake;
  lanes frames[HOWL_FRAMES], work[HOWL_FRAMES], power[HOWL_FRAMES / 2 + 1];
} guard;

void guard_init(guard *g);
void guard_hear(guard *g, lanes (*heard)[GB_QUANTUM]);      // a quantum of what comes to the faders
