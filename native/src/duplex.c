// duplex.c - both directions of a card: that they are of one clock, how they are started, and that what comes back is what was pulled out.
#define _GNU_SOURCE
#include "duplex.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

enum { MOST_FRAMES = 4096 };

int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

__attribute__((format(printf, 2, 3))) static int refuse(char *why, const char *words, ...) {
  va_list list;
  va_start(list, words);
  vsnprintf(why, GB_CARD_WORDS, words, list);
  va_end(list);
  return -EINVAL;
}

static void quiet(const char *file, int line, const char *function, int error, const char *words, ...) {
  (void)file, (void)line, (void)function, (void)error, (void)words;      // what libasound has to say ends up in `why`
}

static int two_clocks(const duplex *d) {
  return d->in.card != d->out.card || (d->in.card < 0 && strcmp(d->names[0], d->names[1]));
}

void duplex_shut(duplex *d) {
  way_close(&d->in);
  way_close(&d->out);
  d->open = 0;
}

static int open_ways(duplex *d, char *why) {
  int error = way_open(&d->in, SND_PCM_STREAM_CAPTURE, d->names[0], &d->wish, why);
  if (!error) error = way_open(&d->out, SND_PCM_STREAM_PLAYBACK, d->names[1], &d->wish, why);
  if (!error && two_clocks(d)) error = refuse(why, "%s and %s: two clocks, expected both directions of one card", d->names[0], d->names[1]);
  d->open = 1;
  if (error) duplex_shut(d);
  return error;
}

static void learn(duplex *d) {
  d->facts = (gb_card_facts){.rate = d->in.rate, .inputs = d->in.channels, .outputs = d->out.channels, .period = d->in.period, .periods = d->in.periods,
                             .capture_format = d->in.format, .playback_format = d->out.format, .capture_mmap = d->in.mmap, .playback_mmap = d->out.mmap};
  memcpy(d->facts.name, d->in.name, sizeof d->facts.name);
  memcpy(d->in_map, d->in.map, sizeof d->in_map);
  memcpy(d->out_map, d->out.map, sizeof d->out_map);
}

// What was plugged in again has to be what was pulled out.
static int same_card(const duplex *d, char *why) {
  const gb_card_facts *f = &d->facts;
  if (strcmp(d->in.name, f->name)) return refuse(why, "%s: %s came, expected %s", d->names[0], d->in.name, f->name);
  if (d->in.channels != f->inputs || d->out.channels != f->outputs)
    return refuse(why, "%s: came back with %d inputs and %d outputs, expected %d and %d", d->names[0], d->in.channels, d->out.channels, f->inputs, f->outputs);
  if (memcmp(d->in.map, d->in_map, sizeof d->in_map) || memcmp(d->out.map, d->out_map, sizeof d->out_map))
    return refuse(why, "%s: came back with its channels in another order; pull it out and plug it in again", d->names[0]);
  return 0;
}

static void fill_in(gb_card_wish *w) {
  if (!w->playback) w->playback = w->capture;
  if (!w->rate) w->rate = GB_RATE;
  if (!w->period) w->period = 64;
  if (!w->periods) w->periods = 2;
  if (!w->watch_ms) w->watch_ms = 200;
  if (!w->retry_ms) w->retry_ms = 100;
}

int duplex_init(duplex *d, const gb_card_wish *wish, char *why) {
  snd_lib_error_set_handler(quiet);
  d->wish = *wish;
  fill_in(&d->wish);
  snprintf(d->names[0], sizeof d->names[0], "%s", d->wish.capture);
  snprintf(d->names[1], sizeof d->names[1], "%s", d->wish.playback);
  d->wish.capture = d->names[0], d->wish.playback = d->names[1];
  if (d->wish.period % GB_QUANTUM || d->wish.period < GB_QUANTUM || d->wish.period > MOST_FRAMES || d->wish.periods < 2 || d->wish.periods > 8)
    return refuse(why, "%s: %d periods of %d frames, expected 2 to 8 of a multiple of %d", d->names[0], d->wish.periods, d->wish.period, GB_QUANTUM);
  const int error = open_ways(d, why);
  if (!error) learn(d);
  return error;
}

int duplex_open(duplex *d, char *why) {
  int error = open_ways(d, why);
  if (!error) error = same_card(d, why);
  if (error && d->open) duplex_shut(d);
  return error;
}

// Playback is filled before, and capture started by name: it never starts by itself.
int duplex_begin(duplex *d) {
  if (d->linked) snd_pcm_unlink(d->in.pcm);
  d->linked = 0;
  snd_pcm_drop(d->out.pcm);
  snd_pcm_drop(d->in.pcm);
  int error = snd_pcm_prepare(d->out.pcm);
  if (!error) error = snd_pcm_prepare(d->in.pcm);
  if (!error && !d->wish.unlinked) d->linked = !snd_pcm_link(d->in.pcm, d->out.pcm);
  if (!error) error = way_silence(&d->out);
  if (!error) error = snd_pcm_start(d->in.pcm);
  if (!error && snd_pcm_state(d->out.pcm) != SND_PCM_STATE_RUNNING) error = snd_pcm_start(d->out.pcm);
  d->facts.linked = d->linked;
  return error;
}

int duplex_wait(duplex *d) {
  way *ways[2] = {&d->in, &d->out};
  const int64_t until = now_ns() + d->wish.watch_ms * 1000000LL;
  for (int64_t left = 1; ; left = until - now_ns()) {
    struct pollfd fds[8];
    int count = 0, first[2] = {-1, -1};
    for (int w = 0; w < 2; w++) {
      const int frames = way_available(ways[w]);
      if (frames < 0) return frames;
      if (frames >= ways[w]->period) continue;
      first[w] = count;
      memcpy(fds + count, ways[w]->fds, sizeof *fds * (size_t)ways[w]->fd_count);
      count += ways[w]->fd_count;
    }
    if (!count) return 0;
    if (left <= 0) return -ETIME;
    const struct timespec most = {d->wish.watch_ms / 1000, d->wish.watch_ms % 1000 * 1000000};
    if (ppoll(fds, (nfds_t)count, &most, NULL) < 0 && errno != EINTR) return -errno;
    for (int w = 0; w < 2; w++) {
      unsigned short events;      // an error among them is found by what is available
      if (first[w] >= 0) snd_pcm_poll_descriptors_revents(ways[w]->pcm, fds + first[w], (unsigned)ways[w]->fd_count, &events);
    }
  }
}

int duplex_gone(const duplex *d, int error) {
  return error == -ENODEV || error == -ENXIO || snd_pcm_state(d->in.pcm) == SND_PCM_STATE_DISCONNECTED ||
         snd_pcm_state(d->out.pcm) == SND_PCM_STATE_DISCONNECTED;
}
