// gigbox.h - the whole public face of the core: the rack (shared memory) and the engine. Sound cards: card.h.
// One engine writes meters, features and taps; one desk pushes commands; anybody may map the rack and look.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define GB_MAGIC 0x47424F58u
#define GB_LAYOUT 6              // raise with every change of gb_rack
#define GB_RATE 48000
#define GB_QUANTUM 32            // frames processed at once, whatever the device's period: output does not depend on it
#define GB_CHANNELS 32           // the most inputs of a box
#define GB_OUTPUTS 8             // L R and six monitors
#define GB_GUARDED 7             // outputs that the feedback guard looks after: main, then monitors
#define GB_LIVE 8                // notches of its own in each
#define GB_RTAS 2                // analysers
#define GB_RTA_BANDS 60          // of each: sixths of an octave from 20 Hz
#define GB_BANDS 32              // ERB bands of features
#define GB_BRIEF_BANDS 16        // bands of the short window, which tells onsets
#define GB_BRIEF_LOW 200         // Hz: the lowest of them
#define GB_FINE_BANDS 128        // of the longest window, and of denoise gains: harmonics of a voice lie in bands of their own
#define GB_HOP 256               // frames from one set of features to the next
#define GB_METER_FRAMES 4800     // loudness is published every 100 ms
#define GB_QUEUE 8192            // commands the desk may be ahead
#define GB_PAGE 65536            // bytes: sections are whole pages of every size that Linux has here, 4, 16 and 64 KB
#define GB_ENGINE_BYTES 13303808 // of each owner's section, in whole GB_PAGE
#define GB_BRAIN_BYTES 131072
#define GB_DESK_BYTES 131072
#define GB_TAP_FRAMES 65536      // audio history in the rack
#define GB_TAP_OUT 10            // outputs, then listen L R
#define GB_FEATURE_HOPS 64
#define GB_GAIN_SETS 4           // more than can be written while one is read
#define GB_LOAD_BINS 128         // of the time that periods took: 1/64 of a period each, the last for all above
#define GB_LOAD_STEPS 64
#define GB_CARD_EVENTS 64        // the last things that happened to the card

typedef struct { uint32_t index; float value; } gb_command;    // index: place in the flat array of THE table

// Linear peaks and gains (1 = no reduction); peaks fall and gains recover by 20 dB a second; mean squares are K-weighted (BS.1770). One column a channel.
typedef struct {
  float in_peak[GB_CHANNELS], in_square[GB_CHANNELS];          // after trim
  float out_peak[GB_CHANNELS];                                 // after the last insert, before the fader
  float gate_gain[GB_CHANNELS], deess_gain[GB_CHANNELS], comp_gain[GB_CHANNELS];
  float share_gain[GB_CHANNELS], duck_gain[GB_CHANNELS], denoise_gain[GB_CHANNELS];
  float k_block[GB_CHANNELS], momentary[GB_CHANNELS], short_term[GB_CHANNELS];   // last 100 ms, 400 ms, 3 s; before the fader
  uint32_t faults[GB_CHANNELS];                                // quanta muted because of non-finite samples
  uint32_t pops[GB_CHANNELS];                                  // bangs of plugs and phantom power that were muted
} gb_strip_meters;

typedef struct {
  float peak[GB_OUTPUTS], limiter_gain[GB_OUTPUTS];
  float k_block[GB_OUTPUTS], momentary[GB_OUTPUTS], short_term[GB_OUTPUTS];
  uint32_t faults;                                             // quanta silenced because a bus was not finite
  float correlation, balance;                                  // of main, 400 ms: -1 to 1; dB that left has over right
} gb_bus_meters;

// The feedback guard: its notches, and what it did. Frequencies it tried and left alone are `refused`.
enum gb_notch_state { GB_NOTCH_FREE, GB_NOTCH_TESTING, GB_NOTCH_LIVE, GB_NOTCH_LIFTING };
enum gb_notch_cause { GB_NOTCH_NONE, GB_NOTCH_GREW, GB_NOTCH_HOWLED, GB_NOTCH_RANG, GB_NOTCH_TOLD };      // rang: soon after another; told: by the desk
typedef struct {
  uint32_t state, cause, strip;                                // strip: 1-based, whose sound has most of it; 0 unknown
  float hz, gain_db, q;
  float growth, level;                                         // when it was heard: dB a second, dB re a full-scale sine at the output
  uint64_t since;                                              // frame
} gb_notch;
typedef struct {
  gb_notch live[GB_GUARDED][GB_LIVE];
  float dip[GB_GUARDED];                                       // dB that an emergency takes from the whole output, now
  uint32_t tests[GB_GUARDED], refused[GB_GUARDED], confirmed[GB_GUARDED];
} gb_guard;

// One column a channel; powers in dB re full scale.
typedef struct {
  uint64_t hop;                                                // frame number / GB_HOP of the window's end
  float energy[GB_BANDS][GB_CHANNELS];                         // of the last 20 ms
  float smooth[GB_BANDS][GB_CHANNELS];                         // the same over 40 ms and the neighbouring bands
  float minimum[GB_BANDS][GB_CHANNELS];                        // the least that was, of the last one to two seconds
  float floor[GB_BANDS][GB_CHANNELS];                          // noise, as the classical denoiser takes it
  float brief[GB_BRIEF_BANDS][GB_CHANNELS];                    // of the last 5 ms
  float fine[GB_FINE_BANDS][GB_CHANNELS];                      // of the last 40 ms; only while the model is to clean
} gb_features;

typedef struct {
  uint64_t hop;                                                // of the features that these answer
  float gain[GB_FINE_BANDS][GB_CHANNELS];                      // linear, 0..1
} gb_gains;
enum gb_denoiser { GB_DENOISER_OFF, GB_DENOISER_CLASSIC, GB_DENOISER_MODEL, GB_DENOISER_HELD };   // held: the model is late, its gains are kept or open

// Of the card: what it does now, why it had to be started anew, and when that was.
enum gb_card_state { GB_NO_CARD, GB_CARD_RUNNING, GB_CARD_MUTED, GB_CARD_UNPLUGGED };      // muted: between a fault and the sound after it
enum gb_card_cause {
  GB_XRUN_LOAD,                      // a period took longer than the card waits
  GB_XRUN_LATE,                      // the audio thread was woken too late
  GB_XRUN_CARD,                      // the card itself said so
  GB_CARD_SUSPENDED,                 // the machine slept
  GB_CARD_STOOD,                     // a direction stood still, without an error
  GB_CARD_GONE,                      // unplugged
  GB_CARD_CAUSES
};
typedef struct { uint64_t frame; uint32_t cause, lost; } gb_card_event;      // frame: of the engine; lost: frames of the card until sound went on

// One section an owner, on pages of its own, so that a program can map its own for writing and the others' only to look. 64-bit counters are stored
// with release and read with gb_load: what they count is then there to be read, on every processor.
enum gb_owner { GB_ENGINE, GB_BRAIN, GB_DESK, GB_OWNERS };
typedef struct {
  union {                                                        // the engine's
    char engine_pages[GB_ENGINE_BYTES];
    struct {
      uint32_t magic, layout, table, channels;                     // table: gb_table_hash()
      uint32_t period, realtime;                                   // frames a device period; 1 where SCHED_FIFO was granted
      uint64_t frames;                                             // heartbeat: frames processed since this engine began
      uint32_t xruns, underruns;                                   // periods missed; periods without input, of the simulated card
      float load, load_peak;                                       // share of the period spent processing: smoothed, worst
      uint32_t latency_main, latency_monitor;                      // frames from in to out
      uint32_t latency_card;                                       // and what the card adds to each, by its own delay figures: buffers, converters
      uint32_t card_state, card_inputs, card_outputs, card_periods;      // gb_card_state; channels of the card; periods of its buffer
      uint32_t card_causes[GB_CARD_CAUSES];                        // how often each was
      uint32_t recoveries;                                         // how often sound went on after one
      uint64_t card_events;                                        // how many were written
      gb_card_event card_event[GB_CARD_EVENTS];                    // the n-th at n % GB_CARD_EVENTS
      uint64_t blocks;                                             // periods processed
      uint32_t load_bins[GB_LOAD_BINS];                            // how many of them took so much of a period
      float load_worst;                                            // the most that one took, since this engine began
      uint64_t meter_blocks;                                       // how often loudness was published
      uint64_t hops;                                               // how many sets of features were written
      uint32_t denoiser;                                           // gb_denoiser: who cleans the strips now
      uint64_t queue_head;                                         // commands taken
      float values[4096] __attribute__((aligned(64)));             // what the engine was last told, GB_VALUES of them
      gb_strip_meters strips __attribute__((aligned(64)));
      gb_bus_meters buses __attribute__((aligned(64)));
      gb_guard guard __attribute__((aligned(64)));
      uint64_t rta_sets;                                           // how often the analysers published
      float rta[GB_RTAS][GB_RTA_BANDS] __attribute__((aligned(64)));      // dB re a full-scale sine
      uint32_t generator_output;                                   // bus that the test sound plays from now, from 1; 0: none
      gb_features features[GB_FEATURE_HOPS] __attribute__((aligned(64)));
      float tap_in[GB_TAP_FRAMES][GB_CHANNELS] __attribute__((aligned(64)));    // dry inputs, frame f at f % GB_TAP_FRAMES
      float tap_out[GB_TAP_FRAMES][GB_TAP_OUT] __attribute__((aligned(64)));
    };
  };
  union {                                                        // the brain's
    char brain_pages[GB_BRAIN_BYTES];
    struct {
      uint64_t gain_sets;                                          // how many sets of gains it gave
      uint64_t wanted_until;                                       // it looks at features up to this frame, also while nobody cleans
      gb_gains gains[GB_GAIN_SETS] __attribute__((aligned(64)));
    };
  };
  union {                                                        // the desk's
    char desk_pages[GB_DESK_BYTES];
    struct {
      uint64_t queue_tail;                                         // commands given
      gb_command queue[GB_QUEUE] __attribute__((aligned(64)));
    };
  };
} gb_rack;

uint32_t gb_table_hash(void);                        // of THE table as compiled in
void gb_rack_format(gb_rack *rack, int channels);    // all defaults, no history
const char *gb_rack_fault(const gb_rack *rack);      // NULL, or why this memory cannot be used
size_t gb_section(enum gb_owner owner, size_t *size);      // where an owner's section begins, and its bytes
int gb_rack_own(gb_rack *rack, enum gb_owner owner);       // of a rack mapped to be looked at from a file open for writing: that section becomes writable. 0, or an errno
uint64_t gb_load(const uint64_t *counter);                 // and with it all that was written before it was raised
int gb_push(gb_rack *rack, uint32_t index, float value);   // desk side; 0 when the queue is full
void gb_give_gains(gb_rack *rack, uint64_t hop, const float *gains);   // brain side; [GB_FINE_BANDS][GB_CHANNELS]
void gb_want(gb_rack *rack, uint64_t until);               // brain side: it listens up to this frame

// What the features are made with, for who trains on them: 0: the window (960 frames) into 32 bands, 1: brief (256 frames)
// into 16, 2: fine (1920 frames) into 128.
// weights: [size / 2][bands], size the next power of two: a band's power is the sum of |X|^2 times its column.
void gb_look(int which, float *window, float *weights);
void gb_fine_hz(double *centres);                    // GB_FINE_BANDS of them: where gains are given

// For the brain: how much of each of n inputs is its own, 0..1. power, share: [GB_BANDS][n]; leak: [GB_BANDS][n][n] powers, what of the column's source
// the row's microphone hears, 1 on the diagonal. gb_bleed_gains: the same every hop of the first n strips, as gains, [GB_FINE_BANDS][GB_CHANNELS]; begin
// before the first, and where n changes.
typedef struct { float power[GB_BANDS][GB_CHANNELS], gain[GB_BANDS][GB_CHANNELS], place[GB_FINE_BANDS]; } gb_bleed;
void gb_own_share(int n, const float *power, const float *leak, float *share);
void gb_bleed_begin(gb_bleed *s);
void gb_bleed_gains(gb_bleed *s, int n, const gb_features *heard, const float *leak, float *gains);

typedef struct gb_engine gb_engine;
gb_engine *gb_engine_new(gb_rack *rack, int channels);     // starts from rack->values, fading in over 50 ms; NULL without memory
void gb_engine_card(gb_engine *e, int inputs, int outputs);      // before the first frame: how wide its frames are; else `channels` and GB_OUTPUTS
void gb_engine_free(gb_engine *e);
void gb_engine_fade_out(gb_engine *e);                     // all that leaves falls to silence in 50 ms, for good; by the thread that processes
int gb_engine_faded_out(const gb_engine *e);               // whether that is done
// in: [frames][inputs]; out: [frames][outputs], as the patch has them; stems: NULL or [frames][channels][2], what each strip gives to main
// before its EQ. frames is a multiple of GB_QUANTUM. Real-time safe: no allocation, lock, system call.
void gb_process(gb_engine *e, const float *in, float *out, float *stems, int frames);
int gb_engine_stand_in(gb_engine *e);                      // before the first frame: what is fed is heard in place of the card's inputs; 0 without memory
int gb_engine_feed(gb_engine *e, const float *in, int frames);      // [frames][channels], from another thread; how many there was room for, 4 s ahead
uint64_t gb_engine_hungry(const gb_engine *e);             // periods of silence because nothing was fed
// The same between the sockets of a card: in [frames][inputs], out [frames][outputs].
void gb_play(gb_engine *e, const float *in, int inputs, float *out, int outputs, int frames);
