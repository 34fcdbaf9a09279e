// alsa.h - one direction of a sound card, through libasound. Whoever has two of them and a clock is card.c.
#pragma once
#include <alsa/asoundlib.h>

#include "card.h"

enum { WAY_CHANNELS = 32 };

typedef struct {
  snd_pcm_t *pcm;                    // NULL: closed
  snd_pcm_stream_t stream;
  int rate, channels, period, periods, format, mmap, apart;      // apart: a buffer a channel
  unsigned map[WAY_CHANNELS];        // where each channel belongs, as the card says it; 0 where it does not
  char name[80];
  int card;                          // its number, -1 where it has none
  char *buffer;                      // of read and write
  snd_pcm_channel_area_t areas[WAY_CHANNELS];      // of that
  struct pollfd fds[4];
  int fd_count;
} way;

// 0, or a negative errno and one line in `why`. Closed again where it fails.
int way_open(way *w, snd_pcm_stream_t stream, const char *name, const gb_card_wish *wish, char *why);
void way_close(way *w);
int way_available(way *w);                              // frames; negative: why there are none to be had, ever
int way_take(way *w, float *to);                        // a period, which is available; 0 or a negative errno
int way_give(way *w, const float *from);
int way_silence(way *w);                                // the whole buffer
int way_delay(way *w);                                  // frames from the converter, or to it; 0 where the card does not know
