// gigsim.h - a simulated sound card is a file: its clock, its sockets and what shall go wrong with it. Whoever maps it feeds it, hears it and breaks it;
// libasound_module_pcm_gigsim (gigsim.c) makes a PCM of it. Counters are of frames of the card's clock, stored with release, read with acquire.
#pragma once
#include <stdint.h>

#define SIM_MAGIC 0x4D495347u
#define SIM_FAULTS 4096
#define SIM_RATES 4

enum sim_clock { SIM_TIMER, SIM_GRANTED };      // granted: time passes while a program waits for the card, as far as it is granted
enum sim_kind {
  SIM_XRUN,           // size: the directions that report one, 1 capture, 2 playback, 3 both
  SIM_SUSPEND,        // the machine slept
  SIM_UNPLUG,         // size: frames until it is plugged in again
  SIM_STALL,          // size: frames that go by while nobody could do anything
  SIM_HALT,           // size: the directions that stand still, without an error, until they are started anew
  SIM_DEAF,           // size: how often capture is started after it and stands still; it stands still now, too
  SIM_SHORT           // size: how often the clock moves on, and samples are taken, in odd pieces of less than a period
};
typedef struct { uint64_t at; uint32_t kind, size; } sim_fault;

typedef struct {
  uint32_t running, error, deaf;      // error: what the direction reports from now on, an errno
  uint32_t halted, odd;
  uint64_t began, still;              // the card's time when it was started, and when it was halted
} sim_way;

typedef struct {
  uint32_t magic, clock;
  uint32_t rates[SIM_RATES];          // Hz that it can do; the first is at least there
  uint64_t formats;                   // bits: 1 << snd_pcm_format_t
  uint32_t accesses;                  // bits: 1 << snd_pcm_access_t
  uint32_t inputs, outputs;           // channels that it has
  uint32_t turned;                    // its channel map is turned round by so many
  uint32_t delay_in, delay_out;       // frames of its converters
  int32_t ppm, skew_ppm;              // its clock against the machine's, and playback against capture
  uint32_t in_frames, out_frames;     // what the file has room for behind this header: int32 [in_frames][in_channels], [out_frames][out_channels]
  uint32_t in_channels, out_channels;
  uint32_t looped;                    // 1: the input is there for ever, in_frames long
  int64_t epoch;                      // ns of the monotonic clock when its own began; 0: not yet
  uint64_t granted, now;
  uint64_t fed;                       // input is there up to this frame
  uint64_t hungry;                    // frames that passed without input, after the first
  uint64_t played;                    // output was played up to this frame; silence from there on
  uint64_t plug;                      // unplugged until then
  uint64_t plugs, opens;              // how often it was unplugged, and opened
  uint64_t given, done;               // faults, in the order of their time
  sim_fault faults[SIM_FAULTS];       // the n-th at n % SIM_FAULTS
  sim_way ways[2];                    // capture, playback
} gigsim;

// feed.c: the other side of the card.
uint64_t sim_load(const uint64_t *counter);
int sim_feed(gigsim *c, const float *in, int frames);      // [frames][inputs], full scale at 1; frames taken. What comes late is heard late, whole
void sim_grant(gigsim *c, uint64_t until);                 // its time may pass up to this frame
void sim_break(gigsim *c, uint64_t at, uint32_t kind, uint32_t size);      // faults come in the order of their time
