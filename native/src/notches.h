// notches.h - the guard's own notches, and what it leaves alone. o: output, 0 main, then monitors.
#pragma once
#include "feedback.h"

void notch_apply(gb_engine *e, int o, int slot, int quanta);           // as the guard has it, into the bus and the rack
void notch_let_go(gb_engine *e, int o, int slot);
int notch_slot_near(const guard *g, int o, float hz, double ratio);    // -1: none
int notch_slot_for(guard *g, int o, uint64_t now);                     // a free one, or the one that was not needed for longest; -1: none
guard_shy *notch_shy(guard *g, int o, float hz);
void notch_leave_alone(guard *g, int o, float hz, float db, uint64_t now, double seconds);      // twice as long each time
void output_hold_down(gb_engine *e, int o, uint64_t now);              // the whole of it, until it bears more
void notches_obey(gb_engine *e, uint64_t now);                         // the desk; and their age
