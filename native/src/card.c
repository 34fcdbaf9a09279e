// card.c - the audio thread: both directions of a card on its one clock, what goes wrong with them, and how sound goes on after it.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "alsa.h"
#include "lanes.h"

enum { PATIENCE = 2, MOST_FRAMES = 4096, STACK_BYTES = 512 * 1024, DELAY_EVERY = 64 };      // restarts in place before the card is opened anew
enum { SOON_FRAMES = GB_RATE / 200, AGAIN_FRAMES = GB_RATE / 20 };      // sound rises in 5 ms after a gap, in 50 ms after the card was away

struct gb_card {
  gb_card_wish wish;
  char names[2][80];
  gb_card_facts facts;
  way in, out;
  int open, linked;
  unsigned in_map[WAY_CHANNELS], out_map[WAY_CHANNELS];      // where the channels belonged when it was opened first
  char why[2][GB_CARD_WORDS];
  int told;                          // which of them holds
  gb_card_player player;
  gb_rack *rack;
  pthread_t thread;
  int started, stopping;
  float *heard, *said;               // [period][inputs], [period][outputs]
  int rise, rise_frames;
  int64_t period_ns, woke, done, fault_at, sought, due;      // ns: the last period's begin and end; when the fault was; the last look for the card
  int trouble, restarts;             // cause + 1 of what has happened since sound went on; how often it was tried
};

static int64_t now_ns(void) {
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

static int two_clocks(const gb_card *c) {
  return c->in.card != c->out.card || (c->in.card < 0 && strcmp(c->names[0], c->names[1]));
}

static void shut(gb_card *c) {
  way_close(&c->in);
  way_close(&c->out);
  c->open = 0;
}

static int open_ways(gb_card *c, char *why) {
  int error = way_open(&c->in, SND_PCM_STREAM_CAPTURE, c->names[0], &c->wish, why);
  if (!error) error = way_open(&c->out, SND_PCM_STREAM_PLAYBACK, c->names[1], &c->wish, why);
  if (!error && two_clocks(c)) error = refuse(why, "%s and %s: two clocks, expected both directions of one card", c->names[0], c->names[1]);
  c->open = 1;
  if (error) shut(c);
  return error;
}

static void learn(gb_card *c) {
  c->facts = (gb_card_facts){.rate = c->in.rate, .inputs = c->in.channels, .outputs = c->out.channels, .period = c->in.period, .periods = c->in.periods,
                             .capture_format = c->in.format, .playback_format = c->out.format, .capture_mmap = c->in.mmap, .playback_mmap = c->out.mmap};
  memcpy(c->facts.name, c->in.name, sizeof c->facts.name);
  memcpy(c->in_map, c->in.map, sizeof c->in_map);
  memcpy(c->out_map, c->out.map, sizeof c->out_map);
}

// What was plugged in again has to be what was pulled out.
static int same_card(const gb_card *c, char *why) {
  const gb_card_facts *f = &c->facts;
  if (strcmp(c->in.name, f->name)) return refuse(why, "%s: %s came, expected %s", c->names[0], c->in.name, f->name);
  if (c->in.channels != f->inputs || c->out.channels != f->outputs)
    return refuse(why, "%s: came back with %d inputs and %d outputs, expected %d and %d", c->names[0], c->in.channels, c->out.channels, f->inputs, f->outputs);
  if (memcmp(c->in.map, c->in_map, sizeof c->in_map) || memcmp(c->out.map, c->out_map, sizeof c->out_map))
    return refuse(why, "%s: came back with its channels in another order; pull it out and plug it in again", c->names[0]);
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

gb_card *gb_card_open(const gb_card_wish *wish, char why[GB_CARD_WORDS]) {
  gb_card *c = calloc(1, sizeof *c);
  if (!c) return refuse(why, "%s: no memory", wish->capture), NULL;
  snd_lib_error_set_handler(quiet);
  c->wish = *wish;
  fill_in(&c->wish);
  snprintf(c->names[0], sizeof c->names[0], "%s", c->wish.capture);
  snprintf(c->names[1], sizeof c->names[1], "%s", c->wish.playback);
  c->wish.capture = c->names[0], c->wish.playback = c->names[1];
  int error = 0;
  if (c->wish.period % GB_QUANTUM || c->wish.period < GB_QUANTUM || c->wish.period > MOST_FRAMES || c->wish.periods < 2 || c->wish.periods > 8)
    error = refuse(why, "%s: %d periods of %d frames, expected 2 to 8 of a multiple of %d", c->names[0], c->wish.periods, c->wish.period, GB_QUANTUM);
  if (!error) error = open_ways(c, why);
  if (error) return free(c), NULL;
  learn(c);
  c->period_ns = c->facts.period * 1000000000LL / c->facts.rate;
  c->heard = calloc((size_t)(c->facts.period * c->facts.inputs), sizeof(float));
  c->said = calloc((size_t)(c->facts.period * c->facts.outputs), sizeof(float));
  if (c->heard && c->said) return c;
  refuse(why, "%s: no memory", c->names[0]);
  gb_card_close(c);
  return NULL;
}

const gb_card_facts *gb_card_got(const gb_card *c) { return &c->facts; }
const char *gb_card_fault(const gb_card *c) { return c->why[__atomic_load_n(&c->told, __ATOMIC_ACQUIRE)]; }

// From whatever state to one that runs. Playback is filled before, and capture started by name: it never starts by itself.
static int begin(gb_card *c) {
  if (c->linked) snd_pcm_unlink(c->in.pcm);
  c->linked = 0;
  snd_pcm_drop(c->out.pcm);
  snd_pcm_drop(c->in.pcm);
  int error = snd_pcm_prepare(c->out.pcm);
  if (!error) error = snd_pcm_prepare(c->in.pcm);
  if (!error && !c->wish.unlinked) c->linked = !snd_pcm_link(c->in.pcm, c->out.pcm);
  if (!error) error = way_silence(&c->out);
  if (!error) error = snd_pcm_start(c->in.pcm);
  if (!error && snd_pcm_state(c->out.pcm) != SND_PCM_STATE_RUNNING) error = snd_pcm_start(c->out.pcm);
  c->facts.linked = c->linked;
  return error;
}

// Until both directions have a period, or one of them has nothing any more.
static int wait_period(gb_card *c) {
  way *ways[2] = {&c->in, &c->out};
  const int64_t until = now_ns() + c->wish.watch_ms * 1000000LL;
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
    const struct timespec most = {c->wish.watch_ms / 1000, c->wish.watch_ms % 1000 * 1000000};
    if (ppoll(fds, (nfds_t)count, &most, NULL) < 0 && errno != EINTR) return -errno;
    for (int w = 0; w < 2; w++) {
      unsigned short events;      // an error among them is found by what is available
      if (first[w] >= 0) snd_pcm_poll_descriptors_revents(ways[w]->pcm, fds + first[w], (unsigned)ways[w]->fd_count, &events);
    }
  }
}

static void measure(gb_card *c) {
  gb_rack *r = c->rack;
  const float load = (float)(c->done - c->woke) / (float)c->period_ns;
  const int bin = (int)(load * GB_LOAD_STEPS);
  r->load += 0.002f * (load - r->load);
  r->load_peak = load > r->load_peak ? load : r->load_peak * 0.9999f;
  r->load_worst = load > r->load_worst ? load : r->load_worst;
  r->load_bins[bin < GB_LOAD_BINS ? bin : GB_LOAD_BINS - 1]++;
  __atomic_store_n(&r->blocks, r->blocks + 1, __ATOMIC_RELEASE);
}

static void rise(gb_card *c) {
  for (int i = 0; i < c->facts.period && c->rise < c->rise_frames; i++, c->rise++)
    for (int n = 0; n < c->facts.outputs; n++) c->said[i * c->facts.outputs + n] *= (float)c->rise / (float)c->rise_frames;
}

static void play_period(gb_card *c) {
  c->woke = now_ns();
  c->player.play(c->player.player, c->heard, c->facts.inputs, c->said, c->facts.outputs, c->facts.period);
  rise(c);
  c->done = now_ns();
  measure(c);
}

static int one_period(gb_card *c) {
  int error = wait_period(c);
  if (error) return error;
  const int look = c->rack->blocks % DELAY_EVERY == 0, before = look ? way_delay(&c->in) : 0;
  error = way_take(&c->in, c->heard);
  if (error) return error;
  play_period(c);
  error = way_give(&c->out, c->said);
  if (look && !error) c->rack->latency_card = (uint32_t)(before + way_delay(&c->out) - c->facts.period);
  return error;
}

static int is_stopping(const gb_card *c) { return __atomic_load_n(&c->stopping, __ATOMIC_ACQUIRE); }

static int is_gone(const gb_card *c, int error) {
  return error == -ENODEV || error == -ENXIO || snd_pcm_state(c->in.pcm) == SND_PCM_STATE_DISCONNECTED ||
         snd_pcm_state(c->out.pcm) == SND_PCM_STATE_DISCONNECTED;
}

static int cause_of(const gb_card *c, int error) {
  if (is_gone(c, error)) return GB_CARD_GONE;
  if (error == -ESTRPIPE) return GB_CARD_SUSPENDED;
  if (error == -ETIME) return GB_CARD_STOOD;
  if (c->done - c->woke >= c->period_ns) return GB_XRUN_LOAD;
  return c->done && now_ns() - c->done >= c->period_ns * 3 / 2 ? GB_XRUN_LATE : GB_XRUN_CARD;      // a card that is in time wakes it within one
}

static void note_trouble(gb_card *c, int error) {
  const int cause = cause_of(c, error);
  if (!c->trouble) c->fault_at = c->done ? c->done : now_ns();
  c->trouble = cause + 1;
  c->rack->card_causes[cause]++;
  c->rack->xruns += cause == GB_XRUN_LOAD || cause == GB_XRUN_LATE || cause == GB_XRUN_CARD;
  c->rack->card_state = GB_CARD_MUTED;
}

// Sound goes on: what happened is told, once.
static void settle(gb_card *c) {
  gb_rack *r = c->rack;
  const uint64_t at = r->card_events;
  const int64_t lost = c->woke - c->fault_at - c->period_ns;
  r->card_event[at % GB_CARD_EVENTS] = (gb_card_event){r->frames, (uint32_t)c->trouble - 1, lost > 0 ? (uint32_t)(lost * c->facts.rate / 1000000000) : 0};
  __atomic_store_n(&r->card_events, at + 1, __ATOMIC_RELEASE);
  r->recoveries++;
  r->card_state = GB_CARD_RUNNING;
  c->trouble = c->restarts = 0;
}

static void tell(gb_card *c, const char *why) {
  const int other = !c->told;
  snprintf(c->why[other], sizeof c->why[other], "%s", why);
  __atomic_store_n(&c->told, other, __ATOMIC_RELEASE);
}

static int open_again(gb_card *c) {
  char why[GB_CARD_WORDS] = "";
  int error = open_ways(c, why);
  if (!error) error = same_card(c, why);
  if (!error) error = begin(c);
  if (!error) return tell(c, ""), 0;
  if (c->open) shut(c);
  tell(c, error == -ENODEV || error == -ENOENT || error == -ENXIO ? "" : why);      // not there: nothing is wrong with it
  return error;
}

static void give_up(gb_card *c) {
  if (c->open) shut(c);
  c->rack->card_state = GB_CARD_UNPLUGGED;
  c->sought = c->due = now_ns();
}

static void stumble(gb_card *c, int error) {
  if (!c->trouble || (is_gone(c, error) && c->trouble != GB_CARD_GONE + 1)) note_trouble(c, error);
  if (error == -ESTRPIPE) snd_pcm_resume(c->in.pcm), snd_pcm_resume(c->out.pcm);      // begin() does the rest, also where that cannot be
  c->rise = 0, c->rise_frames = SOON_FRAMES;
  if (is_gone(c, error) || is_stopping(c) || c->restarts++ > PATIENCE + 1) return c->rise_frames = AGAIN_FRAMES, give_up(c);
  if (!c->wish.reopen && c->restarts <= PATIENCE) return (void)begin(c);      // where it does not run then, the next wait says so
  shut(c);
  if (open_again(c)) give_up(c);
}

// No card: the engine goes on in silence, at the pace of the machine's clock, and nobody hears it.
static void play_alone(gb_card *c) {
  memset(c->heard, 0, sizeof(float) * (size_t)(c->facts.period * c->facts.inputs));
  play_period(c);
  c->due += c->period_ns;
  if (now_ns() > c->due + 2 * c->period_ns) c->due = now_ns();
  const struct timespec until = {c->due / 1000000000LL, c->due % 1000000000LL};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
  if (is_stopping(c) || c->due - c->sought < c->wish.retry_ms * 1000000LL) return;
  c->sought = c->due;
  c->restarts = PATIENCE;
  c->rise = 0, c->rise_frames = AGAIN_FRAMES;
  open_again(c);
}

static void play_once(gb_card *c) {
  if (!c->open) return play_alone(c);
  const int error = one_period(c);
  if (error) stumble(c, error);
  else if (c->trouble) settle(c);
}

static void touch_stack(void) {
  volatile char stack[STACK_BYTES];
  for (size_t i = 0; i < sizeof stack; i += 4096) stack[i] = 0;
}

static void *play(void *arg) {
  gb_card *c = arg;
  touch_stack();
  denormals_off();
  const int error = begin(c);
  if (error) stumble(c, error);
  while (!c->player.left(c->player.player)) {
    if (is_stopping(c)) c->player.leave(c->player.player);
    play_once(c);
  }
  for (int i = 0; c->open && i < c->facts.periods && !wait_period(c); i++)      // what was played is heard to its end
    if (way_take(&c->in, c->heard) || (memset(c->said, 0, sizeof(float) * (size_t)(c->facts.period * c->facts.outputs)), way_give(&c->out, c->said))) break;
  c->rack->card_state = GB_NO_CARD;
  return NULL;
}

static void clear_health(gb_card *c) {
  gb_rack *r = c->rack;
  r->period = (uint32_t)c->facts.period;
  r->card_inputs = (uint32_t)c->facts.inputs, r->card_outputs = (uint32_t)c->facts.outputs, r->card_periods = (uint32_t)c->facts.periods;
  r->xruns = r->underruns = r->recoveries = 0;
  r->load = r->load_peak = r->load_worst = 0;
  r->blocks = r->card_events = 0;
  r->latency_card = (uint32_t)(c->facts.period * c->facts.periods);
  memset(r->card_causes, 0, sizeof r->card_causes);
  memset(r->load_bins, 0, sizeof r->load_bins);
  memset(r->card_event, 0, sizeof r->card_event);
  r->card_state = GB_CARD_RUNNING;
}

int gb_card_start(gb_card *c, gb_card_player player, gb_rack *rack, int priority) {
  pthread_attr_t attr;
  const struct sched_param param = {.sched_priority = priority};
  c->player = player, c->rack = rack;
  clear_health(c);
  mlockall(MCL_CURRENT | MCL_FUTURE);          // refused without the right: then pages may wait, and the page says so
  pthread_attr_init(&attr);
  pthread_attr_setstacksize(&attr, 4 * STACK_BYTES);
  int error = 0;
  for (int realtime = 1; realtime >= 0; realtime--) {
    pthread_attr_setinheritsched(&attr, realtime ? PTHREAD_EXPLICIT_SCHED : PTHREAD_INHERIT_SCHED);
    pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
    pthread_attr_setschedparam(&attr, &param);
    error = pthread_create(&c->thread, &attr, play, c);
    rack->realtime = (uint32_t)(realtime && !error);
    if (error != EPERM && error != EINVAL) break;
  }
  pthread_attr_destroy(&attr);
  c->started = !error;
  return error;
}

void gb_card_close(gb_card *c) {
  __atomic_store_n(&c->stopping, 1, __ATOMIC_RELEASE);
  if (c->started) pthread_join(c->thread, NULL);
  if (c->open) shut(c);
  free(c->heard);
  free(c->said);
  free(c);
}
