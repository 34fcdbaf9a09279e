// faults.c - the audio thread against a simulated card that fails at random: faults SEED COUNT INPUTS OUTPUTS PERIOD PERIODS FORMAT ACCESS [reopen]
// Every sample says of which frame and channel it is, and is played back as it came: what was lost or swapped shows. Prints what was told of the faults;
// ends with 0 where each was told once, as what it was, nothing was lost but around them, and no channel was ever another's. Without faults the
// audio thread has to take nothing from the heap, too; denormals are nothing to it.
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "card.h"
#include "gigsim.h"

enum { KINDS = SIM_SHORT + 1, KEPT = 1 << 20, PIECE = KEPT / 4 };      // frames of output that are kept, and looked at at a time
enum { XRUN, SUSPENDED, STOOD, GONE, TOLD };                           // a machine that is busy may be the cause of an xrun, too
static uint32_t seed;
static uint32_t chance(uint32_t most) { return (uint32_t)((uint64_t)((seed = seed * 1664525u + 1013904223u) >> 8) * most >> 24); }      // 0..most-1

static gigsim *card;
static int inputs, outputs, period, periods, bits, count, at_fault, expected[TOLD];
static uint64_t end, checked, lost;
static int over;

// Frame and channel of a sample, in as many bits as the format has; the lowest five are the channel.
static int32_t mark(uint64_t frame, int channel) { return (int32_t)(((uint32_t)frame << 5 | (uint32_t)channel) << (33 - bits) >> 1); }

// As what a fault is told; TOLD where nothing has to happen.
static int told_as(sim_fault f) {
  switch (f.kind) {
    case SIM_SUSPEND: return SUSPENDED;
    case SIM_UNPLUG: return GONE;
    case SIM_HALT: return f.size == 3 ? STOOD : XRUN;      // who goes on alone runs dry
    case SIM_STALL: return (int)f.size + period >= period * periods ? XRUN : TOLD;
    case SIM_SHORT: return TOLD;
    default: return XRUN;
  }
}

static uint32_t size_of(uint32_t kind) {
  const uint32_t some = GB_RATE / 10u << chance(6);      // 0.1 to 10 s, as many short ones as long ones
  switch (kind) {
    case SIM_XRUN: case SIM_HALT: return 1 + chance(3);
    case SIM_UNPLUG: return some + chance(2 * some);
    case SIM_STALL: return (1 + chance(50)) * (uint32_t)period;
    case SIM_DEAF: return 1 + chance(5);
    default: return 1 + chance(20);
  }
}

// Frames until sound is whole again: what the fault takes, how long the card is looked for, how often it is started, and how long sound rises.
static uint64_t span(sim_fault f) {
  const uint64_t away = f.kind == SIM_UNPLUG ? GB_RATE / 20 + GB_RATE / 10 : 0, itself = f.kind == SIM_UNPLUG || f.kind == SIM_STALL ? f.size : 0;
  const int starts = f.kind == SIM_DEAF ? (int)f.size + 1 : f.kind == SIM_HALT ? 2 : 1;
  return itself + away + (uint64_t)(GB_RATE / 200 + (starts + 1) * (periods + 2) * period) + (starts > 4 ? GB_RATE / 20 : 0);
}

static void plan(void) {
  uint64_t at = (uint64_t)(20 * period);
  for (int i = 0; i < count; i++) {
    sim_fault f = {at + chance((uint32_t)period), (uint32_t)(i % KINDS), size_of((uint32_t)(i % KINDS))};
    sim_break(card, f.at, f.kind, f.size);
    if (told_as(f) < TOLD) expected[told_as(f)]++;
    at = f.at + span(f) + (uint64_t)(20 * period);
  }
  end = count ? at : GB_RATE;
}

// One frame that left the card has to be what came in so long before, on every channel; around a fault silence, or softer.
static int is_right(uint64_t frame, int near) {
  const int32_t *out = (const int32_t *)(card + 1) + (size_t)card->in_frames * card->in_channels + frame % KEPT * card->out_channels;
  int right = 1;
  for (int n = 0; n < outputs && n < inputs; n++) {
    const int32_t wanted = mark(frame - (uint64_t)(period * periods), n);
    right &= near ? out[n] >= 0 && out[n] <= wanted : out[n] == wanted;
  }
  return right;
}

static void check(uint64_t to) {
  const uint64_t latency = (uint64_t)(period * periods);
  for (checked = checked < latency ? latency : checked; checked + latency < to; checked++) {
    while (at_fault < count && checked > card->faults[at_fault].at + span(card->faults[at_fault])) at_fault++;
    const sim_fault *f = &card->faults[at_fault];
    lost += !is_right(checked, at_fault < count && told_as(*f) < TOLD && checked >= f->at);
  }
}

// What a thread takes from the heap while it plays undisturbed: it must be nothing.
static __thread int playing;
static int allocations;
#ifdef COUNTED
void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
void __libc_free(void *);
void *malloc(size_t n) { allocations += playing; return __libc_malloc(n); }
void *calloc(size_t n, size_t size) { allocations += playing; return __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { allocations += playing; return __libc_realloc(p, n); }
void free(void *p) { allocations += playing; __libc_free(p); }
#endif

static int denormals;      // 1: the thread that plays takes its time over them
static void pass(void *player, const float *in, int from, float *out, int to, int frames) {
  (void)player;
  volatile float small = 1e-38f;
  denormals |= small * 1e-3f != 0;
  for (int i = 0; i < frames; i++)
    for (int n = 0; n < to; n++) out[i * to + n] = n < from ? in[i * from + n] : 0;
}
static void leave(void *player) { (void)player; }
static int left(const void *player) {      // between two periods: time does not pass meanwhile
  (void)player;
  const uint64_t now = sim_load(&card->now);
  playing = !count && now > (uint64_t)period && now < end;
  if (now > checked + PIECE) check(now);
  if (now >= end) __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
  return now >= end;
}

// The card's file, and a configuration of ALSA that knows it alone.
static int make(const char *folder, int format, int access) {
  const uint64_t formats[] = {0, SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S16_LE};
  const unsigned accesses[] = {SND_PCM_ACCESS_MMAP_INTERLEAVED, SND_PCM_ACCESS_MMAP_NONINTERLEAVED, SND_PCM_ACCESS_RW_INTERLEAVED,
                               SND_PCM_ACCESS_RW_NONINTERLEAVED};
  bits = format == GB_S16 ? 16 : 24;
  const uint32_t loop = 1u << (bits - 6);
  const size_t size = sizeof(gigsim) + 4 * ((size_t)loop * (size_t)inputs + (size_t)KEPT * (size_t)outputs);
  const int memory = memfd_create("card", 0), text = memfd_create("asound.conf", 0);
  char path[64];
  if (memory < 0 || text < 0 || ftruncate(memory, (off_t)size)) return perror("memory"), 1;
  card = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  *card = (gigsim){.magic = SIM_MAGIC, .clock = SIM_GRANTED, .rates = {GB_RATE}, .formats = 1ull << formats[format], .accesses = 1u << accesses[access],
                   .inputs = (uint32_t)inputs, .outputs = (uint32_t)outputs, .in_frames = loop, .out_frames = KEPT, .in_channels = (uint32_t)inputs,
                   .out_channels = (uint32_t)outputs, .looped = 1, .granted = UINT64_MAX};
  for (uint32_t f = 0; f < loop; f++)
    for (int n = 0; n < inputs; n++) ((int32_t *)(card + 1))[f * (uint32_t)inputs + (uint32_t)n] = mark(f, n);
  dprintf(text, "pcm_type.gigsim { lib \"%s/%s\" }\npcm.gigsim { type gigsim card \"/proc/self/fd/%d\" }\n", folder, PLUGIN, memory);
  snprintf(path, sizeof path, "/proc/self/fd/%d", text);
  return setenv("ALSA_CONFIG_PATH", path, 1);
}

static int report(const gb_rack *r) {
  const uint32_t told[TOLD] = {r->xruns, r->card_causes[GB_CARD_SUSPENDED], r->card_causes[GB_CARD_STOOD], r->card_causes[GB_CARD_GONE]};
  const char *const words[TOLD] = {"xruns", "suspended", "stood still", "unplugged"};
  uint32_t all = 0, wrong = 0;
  printf("%d faults", count);
  for (int k = 0; k < TOLD; k++) {
    printf(", %u of %d %s", told[k], expected[k], words[k]);
    all += told[k];
    wrong |= told[k] != (uint32_t)expected[k];
  }
  printf("; %u recoveries, %llu told, %llu frames, %llu lost, %d allocations\n", r->recoveries, (unsigned long long)r->card_events, (unsigned long long)checked,
         (unsigned long long)lost, allocations);
  return wrong || denormals || allocations || lost || r->recoveries != all || r->card_events != all;
}

int main(int words, char **word) {
  if (words < 9) return 2;
  seed = (uint32_t)atoi(word[1]), count = atoi(word[2]);
  inputs = atoi(word[3]), outputs = atoi(word[4]), period = atoi(word[5]), periods = atoi(word[6]);
  char *const folder = strdup(word[0]), why[GB_CARD_WORDS];
  *strrchr(folder, '/') = 0;
  if (make(folder, atoi(word[7]), atoi(word[8]))) return 2;
  plan();
  const gb_card_wish wish = {.capture = "gigsim", .period = period, .periods = periods, .watch_ms = 100, .retry_ms = 1, .reopen = words > 9};
  gb_card *c = gb_card_open(&wish, why);
  gb_rack *rack = aligned_alloc(64, sizeof *rack);
  if (!c || !rack) return fprintf(stderr, "%s\n", c ? "no memory" : why), 2;
  memset(rack, 0, sizeof *rack);
  if (gb_card_start(c, (gb_card_player){NULL, pass, leave, left}, rack, 80)) return fprintf(stderr, "no thread\n"), 2;
  while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE)) usleep(1000);
  gb_card_close(c);
  check(end);
  const int wrong = report(rack);
  free(rack);
  free(folder);
  snd_config_update_free_global();
  return wrong;
}
