// guard.h - the feedback guard: hears the buses before their faders, suspects tones (howl.h), tries each with a cut, and keeps what helps as a notch.
// In a closed loop a cut takes away growth, so that the tone falls on its way into the bus; a note that is played does not care.
#pragma once
#include "feedback.h"

void guard_init(guard *g);
void guard_hear(guard *g, lanes (*heard)[GB_QUANTUM]);      // a quantum of what comes to the faders
void engine_guard(gb_engine *e, uint64_t now);              // once a quantum: all of it
