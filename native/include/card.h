// card.h - the sound card: opened through libasound, capture and playback on one clock, and a real-time thread that plays through it.
// It knows no engine: it calls what it is given, once a period.
#pragma once
#include "gigbox.h"

#define GB_CARD_WORDS 160          // of a fault, in one line

enum gb_format { GB_ANY_FORMAT, GB_S32, GB_S24_3, GB_S24, GB_S16 };      // little endian; in the order in which they are tried

typedef struct {                   // what is wished for; 0 or NULL where anything will do
  const char *capture, *playback;  // names of ALSA, "hw:CARD=sndrpihifiberry"; playback NULL: the same
  int rate;                        // Hz; 0: GB_RATE
  int inputs, outputs;             // channels; 0: all that there are, 32 at most
  int period, periods;             // frames, and how many of them lie in a buffer; 0: 64 and 2
  int format;                      // gb_format
  int unlinked;                    // 1: never snd_pcm_link
  int reopen;                      // 1: an xrun closes and opens anew instead of starting anew: for cards that lose the order of their channels
  int watch_ms, retry_ms;          // a direction that stands still for so long is dead (200); how often one that is unplugged is looked for (100)
} gb_card_wish;

typedef struct {                   // what was got
  char name[80];                   // as the card calls itself
  int rate, inputs, outputs, period, periods;
  int capture_format, playback_format;
  int capture_mmap, playback_mmap, linked;
} gb_card_facts;

typedef struct {                   // who plays: called by the audio thread alone
  void *player;
  void (*play)(void *player, const float *in, int inputs, float *out, int outputs, int frames);      // interleaved
  void (*leave)(void *player);     // fall to silence, for good
  int (*left)(const void *player); // whether that is done
} gb_card_player;

typedef struct gb_card gb_card;
// NULL with one line in `why`: no such card, another rate, too few channels, two clocks.
gb_card *gb_card_open(const gb_card_wish *wish, char why[GB_CARD_WORDS]);
const gb_card_facts *gb_card_got(const gb_card *c);
int gb_card_start(gb_card *c, gb_card_player player, gb_rack *rack, int priority);      // 0, or an errno; health is written into the rack
const char *gb_card_fault(const gb_card *c);      // why a card that came back is not taken, or ""
void gb_card_close(gb_card *c);                   // lets the player fall to silence, stops the thread, closes the card
