// trial.h - a cut that comes, goes and comes again: what a suspicion is tried with. o: output, 0 main, then monitors.
#pragma once
#include "feedback.h"

int bus_limited(const gb_engine *e, int bus);
float bus_fader_db(const gb_engine *e, int bus);      // of its fader, as it is now
guard_test *trial_free(guard *g, int o, float hz);      // NULL: all are taken, or a pitch near it is tried
void trial_begin(gb_engine *e, int o, guard_test suspicion, const howl_track *t, guard_test *free, uint64_t now);
void trial_confirm(gb_engine *e, int o, guard_test *test, int cause, uint64_t now);      // without waiting for its end
void trials_go_on(gb_engine *e, uint64_t now);                         // once a tick
