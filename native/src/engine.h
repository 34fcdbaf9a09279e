// engine.h - all that an engine is, shared by the files that make up its quantum. Who only uses it sees gigbox.h.
#pragma once
#include "analysis.h"
#include "bus.h"
#include "effect.h"
#include "feedback.h"
#include "params.h"
#include "patch.h"
#include "stand_in.h"
#include "tools.h"

// Whose gains the strips are cleaned with, one column a channel: the brain's (given), a product of all its masks; what the classical denoiser wants, where
// that cleans; and both as they are in force (wanted). age: hops since the brain last gave any; aimed: quanta that the filters have been designed for
// since these gains came; open: given and wanted are 1 throughout. No gain is below least times apart, of the denoiser and of what takes sources apart, which go along with the depth.
enum { AIMED = 2 };
typedef float mask_gains[GB_FINE_BANDS][GB_CHANNELS];
typedef struct { mask_gains given, wanted; uint64_t taken; int age, aimed, open; lanes least[GROUPS], apart[GROUPS], floor[GROUPS]; } cleaning;
enum { LOUDNESS_BLOCKS = 30, SWITCH_QUANTA = 8, FADE_QUANTA = 75 };      // 3 s of 100 ms; 5 ms; 50 ms
enum box_block { BOX_DUCK = 1, BOX_SHARE = 2, BOX_LOOKAHEAD = 4, BOX_ALL = 7, BOX_SENDS = 8, BOX_TEMPO = 16 };      // as strip_block and bus_block, for what the box has once,
enum out_block { OUT_PATCH = 1, OUT_ALL = 1 };                                                      // for an output of the card,
enum group_block { GROUP_SENDS = 1 };                                                               // and for a group; SENDS: of many strips, whose out it is
enum fx_block { FX_EFFECT = 1, FX_RETURN = 2, FX_ALL = 3 };                                         // for an effect
enum send_tap { TAP_PRE, TAP_POST, TAP_INPUT };      // as THE table has them
typedef struct { float k_sum[GB_CHANNELS], history[LOUDNESS_BLOCKS][GB_CHANNELS]; } loudness;

_Static_assert(GB_ROWS <= 1 << 8, "row_of is too narrow for the table");

struct gb_engine {
  gb_rack *rack;
  int channels, groups;
  int inputs, outputs;                   // of the card
  stand_in *recorded;                    // what is heard in place of its inputs, a channel a strip; or nothing
  uint64_t published;                    // the frame that meters were last written at
  float *values;                         // rack->values: what every part is designed from
  unsigned char row_of[GB_VALUES];
  unsigned strip_dirty[GB_CHANNELS], bus_dirty[1 + GB_MONITORS], box_dirty, out_dirty[GB_OUTS], fx_dirty[GB_FXS];
  int strip_glide[GB_CHANNELS], out_glide[GB_CHANNELS], bus_glide, box_glide, patch_glide, fx_glide;      // the longest of what is dirty, quanta
  unsigned hurried[GB_CHANNELS], bus_hurried[1 + GB_MONITORS], fx_hurried[GB_FXS];      // muted or soloed just now: no morph holds that up
  float depth;                           // how much of auto is heard, per cent: on its way to box/depth
  int lookahead, lookahead_wanted;
  float fade, fade_step;                 // everything, in and out, around starts and switches
  int leaving;                           // told to fade out
  float open;                            // 1, then down to 0 while leaving
  int soloed, heard, heard_before, heard_fade;      // what the listen bus carries; quanta until it does so alone
  int probing;                           // some of that is what a denoise filter takes
  float wedge[GB_MONITORS];              // how far it carries the solo, 0..1
  int wedging;                           // any does
  patch_wires sources, outs;             // which input feeds a strip, which bus an output
  strip_group strips[GROUPS];
  mix_matrix late, early, first;         // behind the strip; early: the same for monitors, without look-ahead; first: behind high-pass and hum alone
  duck_box duck;
  duck_drive ducking;
  share_sum share_total;
  float share_least;
  int giving_way, apart;                 // strips share or duck; monitors are fed from `soon`, as they do not
  bus_bank bus;
  analysis ears;
  cleaning clean;
  guard guard;
  generator generator;
  analyser analyser;
  loudness strip_loudness, bus_loudness;
  float fed[GB_QUANTUM * GB_CHANNELS];
  lanes x[GROUPS][GB_QUANTUM], soon[GROUPS][GB_QUANTUM], raw[GROUPS][GB_QUANTUM], sum[MIX_ROWS][GB_QUANTUM];
  lanes heard_by_guard[BUS_ROWS][GB_QUANTUM];
  int effects;                           // some effect takes sound, or rings
  effect fx[GB_FXS];
  effect_memory fx_memory[GB_FXS][EFFECT_UNITS];      // last, as the one thing that is large
};

void engine_mark(gb_engine *e, int index);                 // commands.c: this value changed
void engine_design(gb_engine *e, int at_once);             // what was marked is designed anew; at once only before the first sound
void engine_design_routes(gb_engine *e, int strip, int quanta);      // routes.c: where it goes
void engine_part_monitors(gb_engine *e);                   // they hear neither look-ahead nor what strips do to each other
void engine_drain(gb_engine *e);                           // take the desk's commands
void engine_morph(gb_engine *e);                           // the depth goes on
void engine_set_lookahead(gb_engine *e);                   // as box/lookahead wants it; only in silence
void engine_start_cleaning(gb_engine *e);                  // clean.c: nobody has given gains yet
void engine_take_gains(gb_engine *e);                      // the brain's, as soon as they are there
void engine_aim(gb_engine *e);                             // the filters, after the gains
void engine_listen(gb_engine *e, uint64_t end);            // at the end of a hop: features, and who cleans
void engine_give_way(gb_engine *e, unsigned early);        // give_way.c: gain sharing and ducking; early: strips that monitors hear
void engine_mix(gb_engine *e, int sent, float *stems);     // outputs.c: strips to sums; sent: those of effects as well
void engine_design_effect(gb_engine *e, int fx, unsigned blocks, int quanta, int hurried);      // effects.c
int engine_sends_to_effects(gb_engine *e);
void engine_effects(gb_engine *e, int sent);               // and back into the sums; sent: there is something in them
void engine_feed_wedges(gb_engine *e);                     // those of an engineer, with what is soloed
void engine_play(gb_engine *e);                             // tools.c: the test sound
void engine_analyse(gb_engine *e, uint64_t end);            // spectra for people
void engine_fade(gb_engine *e);
void engine_leave(gb_engine *e);                            // the way out, behind limiters and filters
int engine_wish_to_hear(const gb_engine *e);               // the listen bus: which bus, or its left side
void engine_probe(gb_engine *e);                           // whose denoise filter is listened to
void engine_write(gb_engine *e, float *out, float (*tap)[GB_TAP_OUT]);
void engine_clear_meters(gb_rack *r);                      // meters.c
void engine_publish(gb_engine *e, uint64_t end);
