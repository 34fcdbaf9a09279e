// card.c - the audio thread: it plays a period at a time, through whatever goes wrong with the card.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "duplex.h"
#include "lanes.h"

enum { PATIENCE = 2, STACK_BYTES = 512 * 1024, DELAY_EVERY = 64 };      // restarts in place before the card is opened anew
enum { SOON_FRAMES = GB_RATE / 200, AGAIN_FRAMES = GB_RATE / 20 };      // sound rises in 5 ms after a gap, in 50 ms after the card was away

struct gb_card {
  duplex card;
  char why[2][GB_CARD_WORDS];
  int told;                          // which of them holds
  gb_card_player player;
  gb_rack *rack;
  pthread_t thread;
  int started, stopping;
  float *heard, *said;               // [period][inputs], [period][outputs]
  int rise, rise_frames;
  int64_t period_ns, woke, done, begun, fault_at, sought, due;      // ns: the last period's begin and end; when the card was started; the fault; the last look for the card
  int trouble, restarts;             // cause + 1 of what has happened since sound went on; how often it was tried
};

gb_card *gb_card_open(const gb_card_wish *wish, char why[GB_CARD_WORDS]) {
  gb_card *c = calloc(1, sizeof *c);
  if (!c) return snprintf(why, GB_CARD_WORDS, "%s: no memory", wish->capture), NULL;
  if (duplex_init(&c->card, wish, why)) return free(c), NULL;
  const gb_card_facts *f = &c->card.facts;
  c->period_ns = f->period * 1000000000LL / f->rate;
  c->heard = calloc((size_t)(f->period * f->inputs), sizeof(float));
  c->said = calloc((size_t)(f->period * f->outputs), sizeof(float));
  if (c->heard && c->said) return c;
  snprintf(why, GB_CARD_WORDS, "%s: no memory", wish->capture);
  gb_card_close(c);
  return NULL;
}

const gb_card_facts *gb_card_got(const gb_card *c) { return &c->card.facts; }
const char *gb_card_fault(const gb_card *c) { return c->why[__atomic_load_n(&c->told, __ATOMIC_ACQUIRE)]; }

static void measure(gb_card *c) {
  gb_rack *r = c->rack;
  const float load = (float)(c->done - c->woke) / (float)c->period_ns;
  const float step = fminf(load * GB_LOAD_STEPS, GB_LOAD_BINS - 1);      // a thread that was stopped for hours, too, is counted in the last bin
  r->load += 0.002f * (load - r->load);
  r->load_peak = load > r->load_peak ? load : r->load_peak * 0.9999f;
  r->load_worst = load > r->load_worst ? load : r->load_worst;
  r->load_bins[(int)step]++;
  __atomic_store_n(&r->blocks, r->blocks + 1, __ATOMIC_RELEASE);
}

static void rise(gb_card *c) {
  for (int i = 0; i < c->card.facts.period && c->rise < c->rise_frames; i++, c->rise++)
    for (int n = 0; n < c->card.facts.outputs; n++) c->said[i * c->card.facts.outputs + n] *= (float)c->rise / (float)c->rise_frames;
}

static void play_period(gb_card *c) {
  c->woke = now_ns();
  c->player.play(c->player.player, c->heard, c->card.facts.inputs, c->said, c->card.facts.outputs, c->card.facts.period);
  rise(c);
  c->done = now_ns();
  measure(c);
}

// What lies on both sides at one moment: asked in the middle of two equal answers of the other, as time goes on between two questions.
static void learn_latency(gb_card *c) {
  const int before = way_delay(&c->card.in), out = way_delay(&c->card.out);
  if (way_delay(&c->card.in) == before) c->rack->latency_card = (uint32_t)(before + out);
}

static int one_period(gb_card *c) {
  int error = duplex_wait(&c->card);
  if (error) return error;
  error = way_take(&c->card.in, c->heard);
  if (error) return error;
  play_period(c);
  error = way_give(&c->card.out, c->said);
  if (!error && c->rack->blocks % DELAY_EVERY == 1) learn_latency(c);
  return error;
}

static int is_stopping(const gb_card *c) { return __atomic_load_n(&c->stopping, __ATOMIC_ACQUIRE); }

static int cause_of(const gb_card *c, int error) {
  if (duplex_gone(&c->card, error)) return GB_CARD_GONE;
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
  const double lost = (double)(c->woke - c->fault_at - c->period_ns) * c->card.facts.rate / 1e9;      // frames; pulled out for days, too
  r->card_event[at % GB_CARD_EVENTS] = (gb_card_event){r->frames, (uint32_t)c->trouble - 1, (uint32_t)fmin(fmax(lost, 0), UINT32_MAX)};
  __atomic_store_n(&r->card_events, at + 1, __ATOMIC_RELEASE);
  r->recoveries++;
  r->card_state = GB_CARD_RUNNING;
  c->trouble = c->restarts = 0;
}

static void tell(gb_card *c, const char *why) {
  const int other = !c->told;
  if (!strcmp(c->why[c->told], why)) return;
  snprintf(c->why[other], sizeof c->why[other], "%s", why);
  __atomic_store_n(&c->told, other, __ATOMIC_RELEASE);
}

static int begin(gb_card *c) {
  const int error = duplex_begin(&c->card);
  c->begun = now_ns();
  return error;
}

static int open_again(gb_card *c) {
  char why[GB_CARD_WORDS] = "";
  int error = duplex_open(&c->card, why);
  if (!error) error = begin(c);
  if (error && c->card.open) duplex_shut(&c->card);
  tell(c, error == -ENODEV || error == -ENOENT || error == -ENXIO ? "" : why);      // not there: nothing is wrong with it
  return error;
}

static void give_up(gb_card *c) {
  if (c->card.open) duplex_shut(&c->card);
  c->rack->card_state = GB_CARD_UNPLUGGED;
  c->sought = c->due = now_ns();
}

// The card ran, and this thread was not there: nothing is wrong with the card, however often that is. One that says so sooner is not believed.
static int was_late(const gb_card *c, int error) {
  return error == -EPIPE && now_ns() - c->begun >= c->period_ns * c->card.facts.periods;
}

static void stumble(gb_card *c, int error) {
  if (!c->trouble || (duplex_gone(&c->card, error) && c->trouble != GB_CARD_GONE + 1)) note_trouble(c, error);
  if (error == -ESTRPIPE) snd_pcm_resume(c->card.in.pcm), snd_pcm_resume(c->card.out.pcm);      // begin() does the rest, also where that cannot be
  c->rise = 0, c->rise_frames = SOON_FRAMES;
  c->restarts += !was_late(c, error);
  if (duplex_gone(&c->card, error) || is_stopping(c) || c->restarts > PATIENCE + 2) return c->rise_frames = AGAIN_FRAMES, give_up(c);
  if (!c->card.wish.reopen && c->restarts <= PATIENCE) return (void)begin(c);      // where it does not run then, the next wait says so
  duplex_shut(&c->card);
  if (open_again(c)) give_up(c);
}

// No card: the engine goes on in silence, at the pace of the machine's clock, and nobody hears it.
static void play_alone(gb_card *c) {
  memset(c->heard, 0, sizeof(float) * (size_t)(c->card.facts.period * c->card.facts.inputs));
  play_period(c);
  c->due += c->period_ns;
  if (now_ns() > c->due + 2 * c->period_ns) c->due = now_ns();
  const struct timespec until = {c->due / 1000000000LL, c->due % 1000000000LL};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
  if (is_stopping(c) || c->due - c->sought < c->card.wish.retry_ms * 1000000LL) return;
  c->sought = c->due;
  c->restarts = PATIENCE;
  c->rise = 0, c->rise_frames = AGAIN_FRAMES;
  open_again(c);
}

static void play_once(gb_card *c) {
  if (!c->card.open) return play_alone(c);
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
  for (int i = 0; c->card.open && i < c->card.facts.periods && !duplex_wait(&c->card); i++)      // what was played is heard to its end
    if (way_take(&c->card.in, c->heard) || (memset(c->said, 0, sizeof(float) * (size_t)(c->card.facts.period * c->card.facts.outputs)), way_give(&c->card.out, c->said))) break;
  c->rack->card_state = GB_NO_CARD;
  return NULL;
}

static void clear_health(gb_card *c) {
  gb_rack *r = c->rack;
  r->period = (uint32_t)c->card.facts.period;
  r->card_inputs = (uint32_t)c->card.facts.inputs, r->card_outputs = (uint32_t)c->card.facts.outputs, r->card_periods = (uint32_t)c->card.facts.periods;
  r->xruns = r->underruns = r->recoveries = 0;
  r->load = r->load_peak = r->load_worst = 0;
  r->blocks = r->card_events = 0;
  r->latency_card = (uint32_t)(c->card.facts.period * c->card.facts.periods);
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
  if (c->card.open) duplex_shut(&c->card);
  free(c->heard);
  free(c->said);
  free(c);
}
