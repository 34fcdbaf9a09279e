// effect.h - one of the box's two effects: a low cut, and two reverbs and two delays, of which one takes the sound in. The others ring out as they were set.
#pragma once
#include "bus.h"
#include "delay.h"
#include "reverb.h"
#include "svf.h"

enum effect_kind { EFFECT_OFF, EFFECT_REVERB, EFFECT_DELAY, EFFECT_KINDS = 2, EFFECT_UNITS = 4 };      // units: reverb, its other, delay, its other
enum { EFFECT_FEED = 15, EFFECT_QUIET = (TAPE + LINE) / GB_QUANTUM };      // quanta: until a unit takes all of the sound, or none; silent so long, it sleeps
#define EFFECT_SILENT 1e-6f
typedef struct { float time_s, decay_s, tone_hz; int pingpong; } effect_params;
typedef struct { lanes left[BUS_ROWS], right[BUS_ROWS]; } effect_return;      // of each side of the effect into the buses
typedef struct {
  effect_params set;
  union { reverb_glide reverb; delay_glide delay; };
  union { reverb_state of_reverb; delay_state of_delay; };
  tape_head head;
  GLIDE(effect_return) back;
  int fed, quiet;      // quanta of EFFECT_FEED that it takes the sound by; quanta that nothing was heard of it
  unsigned frame;
} effect_unit;
typedef struct {
  enum effect_kind kind;
  int unit;                // the latest that took the sound
  int awake;               // some unit sounds, or did not long ago
  GLIDE(svf_coefs) cut;
  svf_state cut_state;
  effect_unit units[EFFECT_UNITS];
} effect;
typedef union { struct { reverb_memory reverb; float before[TAPE]; }; delay_memory delay; } effect_memory;      // of a unit

void effect_init(effect *e);
void effect_design(effect *e, enum effect_kind kind, effect_params p, int quanta);
void effect_design_cut(effect *e, float hz, int quanta);
void effect_design_return(effect *e, const effect_return *to, int silent, int quanta, int hurried);
// x[GB_QUANTUM]: what is sent, NULL where nothing is; added to `sum`. Costs next to nothing in silence.
void effect_process(effect *e, effect_memory *m, const float *x, lanes (*sum)[GB_QUANTUM]);
