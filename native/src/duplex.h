// duplex.h - both directions of a card on its one clock: opened, started, waited for, closed. The thread that plays through them is card.c.
#pragma once
#include "alsa.h"

typedef struct {
  gb_card_wish wish;
  char names[2][80];                 // capture, playback
  gb_card_facts facts;               // of the first time that it was opened
  way in, out;
  int open, linked;
  unsigned in_map[WAY_CHANNELS], out_map[WAY_CHANNELS];      // where the channels belonged then
} duplex;

int64_t now_ns(void);                                   // monotonic
int duplex_init(duplex *d, const gb_card_wish *wish, char *why);      // and opens it; 0, or a negative errno and one line in `why`
int duplex_open(duplex *d, char *why);                  // again: what comes has to be what was there
void duplex_shut(duplex *d);
int duplex_begin(duplex *d);                            // from whatever state to one that runs
int duplex_wait(duplex *d);                             // until both directions have a period, or one of them has nothing any more: 0 or a negative errno
int duplex_gone(const duplex *d, int error);            // whether that error is of a card that was pulled out
