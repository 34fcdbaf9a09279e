// threads.c - all programs of a box as threads of one, for a race detector: the audio thread plays through a simulated card, a desk tells, a brain
// answers, a page looks on.
// threads SECONDS [sin]: with `sin` the page reads a counter plainly, to show that it is caught. Ends with 0 where everybody had work.
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "card.h"
#include "gigsim.h"
#include "params.h"

enum { CHANNELS = 4, PERIOD = 64, RING = GB_RATE / 2 };
static gb_rack *rack;
static int over, sins;
static unsigned told, answered, looked;

static int goes_on(void) {
  const struct timespec little = {0, 2000000};
  nanosleep(&little, NULL);
  return !__atomic_load_n(&over, __ATOMIC_ACQUIRE);
}

static void *desk(void *arg) {
  while (goes_on()) told += (unsigned)gb_push(rack, GB_STRIP_LEVEL + told % CHANNELS, -(float)(told % 20));
  return arg;
}

static void *brain(void *arg) {
  static float gains[GB_FINE_BANDS * GB_CHANNELS];
  uint64_t seen = 0;
  while (goes_on()) {
    const uint64_t hops = gb_load(&rack->hops);
    gb_want(rack, gb_load(&rack->frames) + GB_RATE);
    if (hops == seen) continue;
    seen = hops;
    const gb_features *newest = &rack->features[(hops - 1) % GB_FEATURE_HOPS];
    for (int i = 0; i < GB_FINE_BANDS * GB_CHANNELS; i++) gains[i] = newest->fine[i / GB_CHANNELS][i % GB_CHANNELS] > -60;
    gb_give_gains(rack, newest->hop, gains);
    answered++;
  }
  return arg;
}

static void *page(void *arg) {
  uint64_t at = 0;
  float most = 0;
  while (goes_on()) {
    const uint64_t end = sins ? rack->frames : gb_load(&rack->frames);
    for (; at < end; at++) most = rack->tap_out[at % GB_TAP_FRAMES][GB_OUTPUTS] > most ? 1 : most;
    looked += gb_load(&rack->meter_blocks) > 0 && most > 0;
  }
  return arg;
}

static void play(void *player, const float *in, int inputs, float *out, int outputs, int frames) { gb_play(player, in, inputs, out, outputs, frames); }
static void leave(void *player) { gb_engine_fade_out(player); }
static int left(const void *player) { return gb_engine_faded_out(player); }

// A simulated card, at the machine's pace, and a configuration of ALSA that knows it alone.
static gigsim *make(const char *program) {
  const int folder = (int)(strrchr(program, '/') - program), memory = memfd_create("card", 0), text = memfd_create("asound.conf", 0);
  const size_t size = sizeof(gigsim) + sizeof(int32_t) * RING * CHANNELS;
  char path[64];
  if (memory < 0 || text < 0 || ftruncate(memory, (off_t)size)) return NULL;
  gigsim *card = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  *card = (gigsim){.magic = SIM_MAGIC, .clock = SIM_TIMER, .rates = {GB_RATE}, .formats = 1ull << SND_PCM_FORMAT_S32_LE,
                   .accesses = 1u << SND_PCM_ACCESS_MMAP_INTERLEAVED, .inputs = CHANNELS, .outputs = GB_OUTPUTS, .in_frames = RING,
                   .in_channels = CHANNELS, .out_channels = GB_OUTPUTS};
  dprintf(text, "pcm_type.gigsim { lib \"%.*s/gigsim_raced.so\" }\npcm.gigsim { type gigsim card \"/proc/self/fd/%d\" }\n", folder, program, memory);
  snprintf(path, sizeof path, "/proc/self/fd/%d", text);
  setenv("ALSA_CONFIG_PATH", path, 1);
  return card;
}

int main(int count, char **words) {
  const int frames = (int)(atof(words[1]) * GB_RATE);      // less than the tap holds, which nobody reads twice
  void *(*const programs[])(void *) = {desk, brain, page};
  pthread_t threads[3];
  sins = count > 2;
  rack = aligned_alloc(64, sizeof *rack);
  gb_rack_format(rack, CHANNELS);
  rack->values[GB_BOX_DENOISE] = 2;
  for (int n = 0; n < CHANNELS; n++) rack->values[GB_STRIP_DENOISE_AMOUNT + n] = 12;
  gb_engine *engine = gb_engine_new(rack, CHANNELS);
  gigsim *simulated = make(words[0]);
  const gb_card_wish wish = {.capture = "gigsim", .period = PERIOD, .periods = 4};
  char why[GB_CARD_WORDS];
  gb_card *card = simulated ? gb_card_open(&wish, why) : NULL;
  if (!card) return fprintf(stderr, "%s\n", simulated ? why : "no memory"), 2;
  float piece[PERIOD * CHANNELS];
  for (int i = 0; i < PERIOD * CHANNELS; i++) piece[i] = i % 7 < 3 ? 0.2f : -0.2f;
  sim_feed(simulated, piece, PERIOD);
  if (gb_card_start(card, (gb_card_player){engine, play, leave, left}, rack, 80)) return 2;
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, programs[i], NULL);
  while (gb_load(&rack->frames) < (uint64_t)frames) {
    while (sim_feed(simulated, piece, PERIOD) == PERIOD) continue;
    goes_on();
  }
  __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  gb_card_close(card);
  gb_engine_free(engine);
  free(rack);
  printf("%s %s %s\n", told ? "told" : "-", answered ? "answered" : "-", looked ? "looked" : "-");
  return !(told && answered && looked);
}
