// loop.c - the audio thread through real ALSA: snd-aloop's cable carries marked samples to it and back. loop INPUTS OUTPUTS PERIOD PERIODS SECONDS
// [unlinked] [stall]: with `stall` the player sleeps for 40 ms once. Prints what was got and heard.
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "card.h"

enum { CHUNK = 256, RISE = GB_RATE / 100 };
static int channels, over;
static uint64_t good, bad, silent, jumps, sent;
static int stall_at = -1;

static int32_t mark(uint64_t frame, int channel) { return (int32_t)((((uint32_t)frame & 0x1ffff) << 5 | (uint32_t)channel) << 9); }      // 22 bits

static snd_pcm_t *cable(const char *name, snd_pcm_stream_t stream) {
  snd_pcm_t *pcm;
  int error = snd_pcm_open(&pcm, name, stream, 0);
  if (!error) error = snd_pcm_set_params(pcm, SND_PCM_FORMAT_S32_LE, SND_PCM_ACCESS_RW_INTERLEAVED, (unsigned)channels, GB_RATE, 0, 100000);
  if (error) fprintf(stderr, "%s: %s\n", name, snd_strerror(error)), exit(2);
  return pcm;
}

static void *source(void *arg) {
  snd_pcm_t *pcm = cable("hw:Loopback,0,0", SND_PCM_STREAM_PLAYBACK);
  int32_t *block = calloc((size_t)(CHUNK * channels), 4);
  while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE)) {
    for (int i = 0; i < CHUNK; i++)
      for (int n = 0; n < channels; n++) block[i * channels + n] = mark(sent + 1 + (uint64_t)i, n);
    const snd_pcm_sframes_t done = snd_pcm_writei(pcm, block, CHUNK);
    if (done < 0) snd_pcm_recover(pcm, (int)done, 1);
    else sent += (uint64_t)done;
  }
  snd_pcm_close(pcm);
  free(block);
  return arg;
}

// A frame is whole, or silent, or lies in the rise of sound after a gap.
static void hear(const int32_t *frame) {
  static uint32_t before;
  static int rising;
  const uint32_t at = (uint32_t)frame[0] >> 14;
  int whole = 1, still = 1;
  for (int n = 0; n < channels; n++) {
    whole &= frame[n] == mark(at, n);
    still &= !frame[n];
  }
  rising = still ? RISE : rising - (rising > 0);
  silent += (uint64_t)still;
  bad += !still && !whole && !rising;
  if (still || !whole) return;
  jumps += good && at != ((before + 1) & 0x1ffff);
  before = at;
  good++;
}

static void *sink(void *arg) {
  snd_pcm_t *pcm = cable("hw:Loopback,0,1", SND_PCM_STREAM_CAPTURE);
  int32_t *block = calloc((size_t)(CHUNK * channels), 4);
  snd_pcm_start(pcm);
  while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE)) {
    const snd_pcm_sframes_t done = snd_pcm_readi(pcm, block, CHUNK);
    if (done < 0) snd_pcm_recover(pcm, (int)done, 1), snd_pcm_start(pcm);
    for (int i = 0; i < done; i++) hear(block + i * channels);
  }
  snd_pcm_close(pcm);
  free(block);
  return arg;
}

static void pass(void *player, const float *in, int from, float *out, int to, int frames) {
  const struct timespec stall = {0, 40000000};
  for (int i = 0; i < frames; i++)
    for (int n = 0; n < to; n++) out[i * to + n] = n < from ? in[i * from + n] : 0;
  if (stall_at >= 0 && ((gb_rack *)player)->blocks == (uint64_t)stall_at) nanosleep(&stall, NULL);
}
static void leave(void *player) { (void)player; }
static int left(const void *player) { return (void)player, __atomic_load_n(&over, __ATOMIC_ACQUIRE); }

int main(int words, char **word) {
  if (words < 6) return 2;
  int unlinked = 0;
  channels = atoi(word[1]);
  for (int i = 6; i < words; i++) unlinked |= !strcmp(word[i], "unlinked"), stall_at = strcmp(word[i], "stall") ? stall_at : 200;
  const gb_card_wish wish = {.capture = "hw:Loopback,1,0", .playback = "hw:Loopback,1,1", .inputs = channels, .outputs = atoi(word[2]), .period = atoi(word[3]),
                             .periods = atoi(word[4]), .unlinked = unlinked};
  char why[GB_CARD_WORDS];
  gb_rack *rack = aligned_alloc(64, sizeof *rack);
  memset(rack, 0, sizeof *rack);
  gb_card *card = gb_card_open(&wish, why);
  if (!card) return fprintf(stderr, "%s\n", why), 2;
  pthread_t threads[2];
  if (gb_card_start(card, (gb_card_player){rack, pass, leave, left}, rack, 80)) return 2;
  pthread_create(&threads[0], NULL, source, NULL);
  pthread_create(&threads[1], NULL, sink, NULL);
  const double seconds = atof(word[5]);
  const struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  nanosleep(&time, NULL);
  __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  const gb_card_facts *f = gb_card_got(card);
  printf("%s: %d in, %d out, %d x %d, format %d, mmap %d, linked %d; %llu good, %llu bad, %llu jumps, %llu silent; %u recoveries, xruns %u (load %u, late %u, card %u), latency %u\n",
         f->name, f->inputs, f->outputs, f->period, f->periods, f->capture_format, f->capture_mmap, f->linked, (unsigned long long)good, (unsigned long long)bad,
         (unsigned long long)jumps, (unsigned long long)silent, rack->recoveries, rack->xruns, rack->card_causes[0], rack->card_causes[1], rack->card_causes[2], rack->latency_card);
  gb_card_close(card);
  return 0;
}
