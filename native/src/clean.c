// clean.c - who cleans the strips. The brain's gains while they come; when it is late they hold for two hops, then open at 20 dB a second,
// then the classical denoiser takes over. The brain also takes sources apart (bleed, voice), whoever denoises: masks multiply, and one filter does them all.
// A gain is never above 1, so nothing here can make a strip louder than it came in.
#include "engine.h"

enum { HELD_HOPS = 2, OPENED_HOPS = HELD_HOPS + 225, NEVER = 1 << 20 };      // 24 dB at 20 dB a second are 225 hops
static const float OPENING = 1.01236f;                                       // 20 dB a second, a hop
static const float MORPHING = 1.00987f;                                      // 24 dB in the 1.5 s that the depth takes from end to end, a hop

static void open_all(mask_gains gains) {
  for (int b = 0; b < GB_FINE_BANDS; b++)
    for (int n = 0; n < GB_CHANNELS; n++) gains[b][n] = 1;
}

void engine_start_cleaning(gb_engine *e) {
  e->clean.taken = __atomic_load_n(&e->rack->gain_sets, __ATOMIC_ACQUIRE);
  e->clean.age = NEVER;
  e->clean.aimed = AIMED;
  open_all(e->clean.given);
}

static int model_wanted(const gb_engine *e) { return e->values[GB_BOX_DENOISE] > 1.5f; }
static int denoises(const gb_engine *e) { return e->values[GB_BOX_DENOISE] > 0.5f; }

static int morphs(const gb_engine *e) { return e->values[GB_BOX_DEPTH] != e->depth; }
static lanes least_of(const gb_engine *e, int g) { return morphs(e) ? e->clean.least[g] : e->strips[g].c.least; }
static lanes apart_of(const gb_engine *e, int g) { return morphs(e) ? e->clean.apart[g] : e->strips[g].c.apart; }
static lanes floor_of(const gb_engine *e, int g) { return denoises(e) ? least_of(e, g) * apart_of(e, g) : apart_of(e, g); }

static int takes_apart(const gb_engine *e) {
  for (int g = 0; g < e->groups; g++)
    if (lanes_any(apart_of(e, g) != 1)) return 1;
  return 0;
}

static lanes follow(lanes now, lanes goal) { return lanes_min(lanes_max(goal, now / MORPHING), now * MORPHING); }

// What is taken at most goes along with the depth, and is where it was told to be when that has arrived.
static void follow_depth(gb_engine *e) {
  for (int g = 0; g < e->groups; g++) {
    const strip_coefs *c = &e->strips[g].c;
    e->clean.least[g] = morphs(e) ? follow(e->clean.least[g], c->least) : c->least;
    e->clean.apart[g] = morphs(e) ? follow(e->clean.apart[g], c->apart) : c->apart;
  }
}

static int fading(const gb_engine *e) {
  for (int g = 0; g < e->groups; g++)
    if (e->strips[g].fir.fade || e->strips[g].fir.slow_fade) return 1;
  return 0;
}

// Left and right of one source share a mask, or its image would wander.
static void pair_up(gb_engine *e) {
  for (int n = 0; n + 1 < e->channels; n++) {
    if (e->values[GB_STRIP_LINK + n] < 0.5f) continue;
    for (int b = 0; b < GB_FINE_BANDS; b++) {
      float *pair = &e->clean.wanted[b][n];
      pair[0] = pair[1] = fmaxf(pair[0], pair[1]);
    }
  }
}

// The filters are to follow `wanted`, which is new.
static void renew(gb_engine *e) {
  pair_up(e);
  e->clean.aimed = 0;
}

static void aim(gb_engine *e, int first, int end) {
  for (int g = first; g < end; g++) {
    lanes_store(e->rack->strips.denoise_gain + g * LANES, analysis_aim(&e->ears, &e->strips[g], g, e->clean.floor[g], e->lookahead, e->clean.wanted));
  }
}

// Two that share a mask would part, and a voice that is taken out of a record would come back with each consonant.
static lanes opens(const gb_engine *e, int g) {
  lanes may = lanes_all(0);
  for (int k = 0, n = g * LANES; k < LANES && n < e->channels; k++, n++) {
    const int pair = e->values[GB_STRIP_LINK + n] > 0.5f || (n && e->values[GB_STRIP_LINK + n - 1] > 0.5f);
    lanes_put(&may, k, !pair && e->values[GB_STRIP_VOICE + n] == 0);
  }
  return may;
}

// Half of the filters are designed in one quantum, half in the next, so that none bears all; then all of them begin, whatever lane a strip has. What a
// hand moves in between waits for the next time, or two strips that share a mask would part.
__attribute__((noinline)) static void aim_next(gb_engine *e) {
  const int half = (e->groups + 1) / 2;
  if (!e->clean.aimed++) {
    for (int g = 0; g < e->groups; g++) e->clean.floor[g] = floor_of(e, g), e->strips[g].opens = opens(e, g);
    aim(e, 0, half);
    return;
  }
  aim(e, half, e->groups);
  for (int g = 0; g < e->groups; g++) analysis_turn(&e->strips[g]);
}
void engine_aim(gb_engine *e) {
  if (e->clean.aimed == AIMED || (!e->clean.aimed && fading(e))) return;
  aim_next(e);
}

// What another program wrote is read, not trusted: a gain that is no number is 1. A strip that the depth is about to leave alone keeps its mask
// until then: the brain does not look at it any more.
static void take(gb_engine *e, const gb_gains *set) {
  e->clean.open = 0;
  for (int n = 0; n < GB_CHANNELS; n++) {
    const strip_coefs *c = &e->strips[n / LANES].c;
    if (morphs(e) && lanes_get(c->least * c->apart, n % LANES) == 1) continue;
    for (int b = 0; b < GB_FINE_BANDS; b++) {
      const float gain = set->gain[b][n];
      e->clean.given[b][n] = gain >= 0 && gain <= 1 ? fmaxf(gain, 1e-3f) : 1;
    }
  }
}

// Where the classical denoiser cleans, its gains of the next hop take the brain's along.
__attribute__((noinline)) static void take_gains(gb_engine *e, uint64_t sets) {
  gb_rack *r = e->rack;
  if (!(model_wanted(e) || takes_apart(e)) || e->clean.aimed % AIMED) return;
  e->clean.taken = sets;
  const gb_gains *set = &r->gains[(sets - 1) % GB_GAIN_SETS];
  const uint64_t now = r->frames / GB_HOP;
  if (set->hop > now || now - set->hop > HELD_HOPS) return;      // of another life, or too old to be of use
  take(e, set);
  e->clean.age = 0;
  if (model_wanted(e)) r->denoiser = GB_DENOISER_MODEL;
  else if (denoises(e)) return;
  memcpy(e->clean.wanted, e->clean.given, sizeof e->clean.wanted);
  renew(e);
}
void engine_take_gains(gb_engine *e) {
  const uint64_t sets = __atomic_load_n(&e->rack->gain_sets, __ATOMIC_ACQUIRE);
  if (sets != e->clean.taken) take_gains(e, sets);
}

static void open_up(mask_gains gains) {
  for (int b = 0; b < GB_FINE_BANDS; b++)
    for (int n = 0; n < GB_CHANNELS; n++) gains[b][n] = fminf(gains[b][n] * OPENING, 1);
}

// The brain's gains grow old by a hop: they hold, then open, then there are none. Returns 0 while they hold.
static int grow_old(cleaning *c) {
  if (c->age >= OPENED_HOPS) {
    if (c->age != NEVER) open_all(c->given);
    c->age = NEVER;
    return 1;
  }
  if (c->age++ < HELD_HOPS) return 0;
  open_up(c->given);
  return 1;
}

// One step down the ladder a hop. Returns 1 where `wanted` is new.
static int step_down(gb_engine *e, mask_gains classic) {
  cleaning *c = &e->clean;
  const int older = grow_old(c), by_classic = denoises(e) && !(model_wanted(e) && c->age != NEVER);
  if (!older && !by_classic) return 0;
  c->open = 0;
  e->rack->denoiser = by_classic ? GB_DENOISER_CLASSIC : denoises(e) ? GB_DENOISER_HELD : GB_DENOISER_OFF;
  for (int b = 0; b < GB_FINE_BANDS; b++)
    for (int n = 0; n < GB_CHANNELS; n++) c->wanted[b][n] = c->given[b][n] * (by_classic ? classic[b][n] : 1);
  return 1;
}

// Switched off: filters that still work are led back to nothing, and then nobody looks at them again.
static void switch_off(gb_engine *e) {
  int filtering = 0;
  for (int g = 0; g < e->groups; g++) filtering |= e->strips[g].filtering;
  e->rack->denoiser = GB_DENOISER_OFF;
  e->clean.age = NEVER;
  if (!e->clean.open) open_all(e->clean.given), open_all(e->clean.wanted);
  e->clean.open = 1;
  if (filtering) renew(e);
  if (!filtering)
    for (int n = 0; n < GB_CHANNELS; n++) e->rack->strips.denoise_gain[n] = 1;
}

void engine_listen(gb_engine *e, uint64_t end) {
  gb_rack *r = e->rack;
  follow_depth(e);
  const int off = !denoises(e) && !takes_apart(e);
  if (off) switch_off(e);
  if (off && end > __atomic_load_n(&r->wanted_until, __ATOMIC_RELAXED)) return;      // nobody listens
  mask_gains classic;
  gb_features *f = &r->features[r->hops % GB_FEATURE_HOPS];
  for (int g = 0; g < e->groups; g++) analysis_hear(&e->ears, &e->strips[g], g, least_of(e, g), f, classic);
  for (int g = 0; g < e->groups && model_wanted(e); g++) analysis_hear_fine(&e->ears, &e->strips[g], g, f);
  if (!off && step_down(e, classic)) renew(e);
  f->hop = end / GB_HOP;
  __atomic_store_n(&r->hops, r->hops + 1, __ATOMIC_RELEASE);
}
