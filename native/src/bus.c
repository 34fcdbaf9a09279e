// bus.c - designs and runs the buses; what keeps them under their ceilings is in ceilings.c.
#include "bus.h"

#include "params.h"

static void init_sections(svf4_glide *g, int lane) {
  for (int k = 0; k < 4; k++) {
    svf_set(&g->now.band[k], lane, svf_neutral());
    svf_set(&g->goal.band[k], lane, svf_neutral());
  }
}

void bus_init(bus_bank *b) {
  memset(b, 0, sizeof *b);
  main_limiter_init(&b->main);
  mono_init(&b->mono);
  geq_design(&b->geq_maps);
  loudness_reset(&b->loudness_state);
  for (int row = 0; row < BUS_ROWS; row++) bus_read(b, row);
  for (int output = 0; output < GB_GUARDED; output++) b->dip[output] = 1;
  for (int bus = 0; bus < GB_OUTPUTS; bus++) b->other[bus] = bus;
  for (int bus = 0; bus < GB_OUTPUTS; bus++) {
    init_sections(&b->eq[bus / LANES], bus % LANES);
    for (int i = 0; i < GEQ_BANKS; i++) init_sections(&b->geq[i][bus / LANES], bus % LANES);
    for (int i = 0; i < NOTCH_BANKS; i++) init_sections(&b->notch[i][bus / LANES], bus % LANES);
  }
}

bus_reading bus_read(bus_bank *b, int row) {
  const bus_reading was = b->reading[row];
  b->reading[row] = (bus_reading){.gain = lanes_all(1)};
  return was;
}

int bus_left(const float *v, int monitor) {
  int right = 0;
  for (int m = 1; m <= monitor; m++) right = !right && v[GB_MONITOR_LINK + m - 1] > 0.5f;
  return right ? monitor - 1 : monitor;
}
int bus_is_left(const float *v, int monitor) { return monitor + 1 < GB_MONITORS && bus_left(v, monitor + 1) == monitor; }

static void set_eq(bus_bank *b, int bus, int type, int frequency, int gain, int q, int on, int first, const float *v) {
  for (int k = 0; k < GB_EQS; k++)
    svf_set(&b->eq[bus / LANES].goal.band[k], bus % LANES, svf_eq((enum svf_type)v[type + first + k], v[frequency + first + k],
                                                               v[gain + first + k] * v[on + first / GB_EQS], v[q + first + k]));
}
// Sections beyond the last band stay neutral.
static void set_geq(bus_bank *b, int bus, const geq_solver *s, int quanta) {
  b->geq_busy = 1;
  for (int k = 0; k < GEQ_BANDS; k++) {
    const double db = fabs(s->db[k]) < 1e-3 ? 0 : s->db[k];      // what is flat costs nothing
    svf_set(&b->geq[k / 4][bus / LANES].goal.band[k % 4], bus % LANES, svf_eq(SVF_BELL, b->geq_maps.hz[k], db, b->geq_maps.q[k] * exp2(s->width[k])));
  }
  for (int i = 0; i < GEQ_BANKS; i++) GLIDE_AIM(&b->geq[i][bus / LANES], bus % LANES, SVF4_SLOW * quanta);
}
static void want_geq(bus_bank *b, int output, const float *sliders, float on, int quanta) {
  for (int k = 0; k < GEQ_BANDS; k++) b->geq_want[output][k] = sliders[k] * on;
  b->geq_glide[output] = quanta > b->geq_glide[output] ? quanta : b->geq_glide[output];
  b->geq_due |= 1u << output;
}
// One turn for one output. What is moved meanwhile is next.
static void solve_geq(bus_bank *b) {
  if (!b->solving) {
    b->solved = __builtin_ctz(b->geq_due);
    b->geq_due &= ~(1u << b->solved);
    b->solving = 1;
    geq_begin(&b->solver, b->geq_want[b->solved]);
  }
  if (!geq_done(&b->solver)) geq_turn(&b->geq_maps, &b->solver);
  if (!geq_done(&b->solver)) return;
  b->solving = 0;
  for (int bus = 0; bus < GB_OUTPUTS; bus++)
    if (output_of(bus) == b->solved) set_geq(b, bus, &b->solver, b->geq_glide[b->solved]);
  b->geq_glide[b->solved] = 0;
}
void bus_settle(bus_bank *b) {
  while (b->geq_due || b->solving) solve_geq(b);
}

void bus_notch(bus_bank *b, int output, int slot, notch wanted, int quanta) {
  b->notch_busy = 1;
  const svf_design design = svf_eq(SVF_BELL, (double)wanted.hz, (double)wanted.gain_db, (double)wanted.q);
  for (int bus = 0; bus < GB_OUTPUTS; bus++) {
    if (output_of(bus) != output) continue;
    svf4_glide *bank = &b->notch[slot / 4][bus / LANES];
    svf_set(&bank->goal.band[slot % 4], bus % LANES, design);
    GLIDE_HURRY(bank, bus % LANES);      // a notch never waits for one that is let go
    GLIDE_AIM(bank, bus % LANES, SVF4_SLOW * quanta);
  }
}
static void set_notches(bus_bank *b, int output, const float *hz, const float *gain_db, const float *q, int quanta) {
  for (int k = 0; k < FIXED; k++) bus_notch(b, output, k, (notch){hz[k], gain_db[k], q[k]}, quanta);
  for (int k = 0; k < LIVE; k++) b->told[output][k] = (notch){hz[FIXED + k], gain_db[FIXED + k], q[FIXED + k]};
}
static void set_guard(bus_bank *b, int output, float on, float kill) {
  b->guarded[output] = on > 0.5f;
  b->kill[output] = (int)kill;
  b->any_guarded = 0;
  for (int i = 0; i < GB_GUARDED; i++) b->any_guarded |= b->guarded[i];
}
static void set_loudness(bus_bank *b, int monitor, int left, const float *v) {
  const int bus = BUS_MONITOR + monitor;
  b->other[bus] = BUS_MONITOR + (bus_is_left(v, monitor) ? monitor + 1 : left);
  b->pairs = 0;
  for (int n = 0; n < GB_OUTPUTS; n++) b->pairs |= b->other[n] != n;
  loudness_design(&b->loudness, bus, v[GB_MONITOR_LOUDNESS_MOST + left], v[GB_MONITOR_LOUDNESS_ON + left] > 0.5f);
}
static float fader(float db, float mute) { return mute > 0.5f ? 0 : fader_gain(db); }

void bus_hurry(bus_bank *b, int monitor) {
  const int first = monitor < 0 ? BUS_LEFT : BUS_MONITOR + monitor, last = monitor < 0 ? BUS_RIGHT : first;
  for (int bus = first; bus <= last; bus++) GLIDE_HURRY(&b->gain[bus / LANES], bus % LANES);
}

void bus_design(bus_bank *b, int bus_of, unsigned blocks, int quanta, const float *v) {
  const int is_main = bus_of < 0, first = is_main ? BUS_LEFT : BUS_MONITOR + bus_of, last = is_main ? BUS_RIGHT : first;
  const int monitor = is_main ? -1 : bus_left(v, bus_of);      // whose settings these are
  for (int bus = first; bus <= last; bus++) {
    const int row = bus / LANES, lane = bus % LANES;
    if (blocks & BUS_EQ && is_main) set_eq(b, bus, GB_MAIN_EQ_TYPE, GB_MAIN_EQ_FREQUENCY, GB_MAIN_EQ_GAIN, GB_MAIN_EQ_Q, GB_MAIN_EQ_ON, 0, v);
    if (blocks & BUS_EQ && !is_main)
      set_eq(b, bus, GB_MONITOR_EQ_TYPE, GB_MONITOR_EQ_FREQUENCY, GB_MONITOR_EQ_GAIN, GB_MONITOR_EQ_Q, GB_MONITOR_EQ_ON, monitor * GB_EQS, v);
    if (blocks & BUS_EQ) GLIDE_AIM(&b->eq[row], lane, SVF4_SLOW * quanta);
    if (blocks & BUS_GAIN) {
      const float boost = powf(10, (is_main ? v[GB_MAIN_GUARD_BOOST] : v[GB_MONITOR_GUARD_BOOST + monitor]) / 20) * b->dip[1 + monitor];
      const float gain = is_main ? fader(v[GB_MAIN_LEVEL], v[GB_MAIN_MUTE]) : fader(v[GB_MONITOR_LEVEL + monitor], v[GB_MONITOR_MUTE + monitor]);
      lanes_put(&b->gain[row].goal.gain, lane, gain * boost);
      GLIDE_AIM(&b->gain[row], lane, quanta);
    }
    if (blocks & BUS_LOUDNESS && !is_main) set_loudness(b, bus_of, monitor, v);
    if (blocks & BUS_LIMIT) {
      lanes_put(&b->monitor[row].goal.ceiling, lane, is_main ? 1e9f : powf(10, v[GB_MONITOR_LIMITER_CEILING + monitor] / 20));
      lanes_put(&b->monitor[row].goal.release, lane, is_main ? 1 : one_pole(v[GB_MONITOR_LIMITER_RELEASE + monitor], 1));
      GLIDE_AIM(&b->monitor[row], lane, quanta);
    }
  }
  if (blocks & BUS_GEQ && is_main) want_geq(b, 0, v + GB_MAIN_GEQ_GAIN, v[GB_MAIN_GEQ_ON], quanta);
  if (blocks & BUS_GEQ && !is_main) want_geq(b, 1 + bus_of, v + GB_MONITOR_GEQ_GAIN + monitor * GB_GEQS, v[GB_MONITOR_GEQ_ON + monitor], quanta);
  const int at = monitor * GB_NOTCHS;
  if (blocks & BUS_NOTCH && is_main) set_notches(b, 0, v + GB_MAIN_NOTCH_FREQUENCY, v + GB_MAIN_NOTCH_GAIN, v + GB_MAIN_NOTCH_Q, quanta);
  if (blocks & BUS_NOTCH && !is_main) set_notches(b, 1 + monitor, v + GB_MONITOR_NOTCH_FREQUENCY + at, v + GB_MONITOR_NOTCH_GAIN + at, v + GB_MONITOR_NOTCH_Q + at, quanta);
  if (blocks & BUS_GUARD && is_main) set_guard(b, 0, v[GB_MAIN_GUARD_ON], v[GB_MAIN_GUARD_KILL]);
  if (blocks & BUS_GUARD && !is_main) set_guard(b, 1 + monitor, v[GB_MONITOR_GUARD_ON + monitor], v[GB_MONITOR_GUARD_KILL + monitor]);
  if (is_main && blocks & BUS_MONO) mono_design(&b->mono, v[GB_MAIN_MONO_FREQUENCY], v[GB_MAIN_MONO_ON], quanta);
  if (is_main && blocks & BUS_LIMIT) {
    b->ceiling_left = quanta > b->ceiling_left ? quanta : b->ceiling_left;
    b->ceiling_goal = powf(10, (v[GB_MAIN_LIMITER_CEILING] - 0.1f) / 20);      // a tenth for what lies between the points that the limiter looks at
    b->ceiling_step = (b->ceiling_goal - b->ceiling) / (float)b->ceiling_left;
    b->release = one_pole(v[GB_MAIN_LIMITER_RELEASE], 1);
  }
}

static void run_gain(bus_bank *b, int row, lanes *x) {
  if (!b->gain[row].left && !lanes_any(b->gain[row].now.gain != 1)) return;
  lanes gain = b->gain[row].now.gain, step = b->gain[row].left ? b->gain[row].step.gain : lanes_all(0);
  for (int i = 0; i < GB_QUANTUM; i++) x[i] *= gain += step;
  b->gain[row].now.gain = gain;
  GLIDE_STEPPED(&b->gain[row]);
}

static void narrow_bass(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  if (mono_idle(&b->mono)) return;
  float left[GB_QUANTUM], right[GB_QUANTUM];
  main_take(sum, left, right);
  mono_process(&b->mono, left, right);
  main_put(sum, left, right);
}

static void reset(bus_bank *b) {
  memset(b->eq_state, 0, sizeof b->eq_state);
  memset(b->geq_state, 0, sizeof b->geq_state);
  memset(b->notch_state, 0, sizeof b->notch_state);
  memset(b->monitor_env, 0, sizeof b->monitor_env);
  memset(b->k, 0, sizeof b->k);
  b->phase = (bus_phase){0};
  loudness_reset(&b->loudness_state);
  b->mono.state = (svf_state){lanes_all(0), lanes_all(0)};
  main_limiter_init(&b->main);
}

// Says whether they do something still.
static int run_sections(svf4_glide *g, svf4_state *s, lanes *x) {
  if (!svf4_idle(g)) svf4_process(g, s, x, GB_QUANTUM);
  return !svf4_idle(g);
}

int bus_process(bus_bank *b, lanes (*sum)[GB_QUANTUM], lanes (*heard)[GB_QUANTUM]) {
  int bad = 0;
  if (b->geq_due | (unsigned)b->solving) solve_geq(b);
  const int geq = b->geq_busy, notches = b->notch_busy;
  b->geq_busy = b->notch_busy = 0;
  narrow_bass(b, sum);
  for (int row = 0; row < BUS_ROWS; row++) {
    run_sections(&b->eq[row], &b->eq_state[row], sum[row]);
    for (int i = 0; i < GEQ_BANKS && geq; i++) b->geq_busy |= run_sections(&b->geq[i][row], &b->geq_state[i][row], sum[row]);
    if (b->any_guarded) memcpy(heard[row], sum[row], sizeof heard[row]);
    run_gain(b, row, sum[row]);
    for (int i = 0; i < NOTCH_BANKS && notches; i++) b->notch_busy |= run_sections(&b->notch[i][row], &b->notch_state[i][row], sum[row]);
    if (b->played_from && (b->played_from - 1) / LANES == row)
      for (int i = 0; i < GB_QUANTUM; i++) lanes_put(&sum[row][i], (b->played_from - 1) % LANES, lanes_get(sum[row][i], (b->played_from - 1) % LANES) + b->played[i]);
  }
  if (!loudness_idle(&b->loudness, &b->loudness_state)) bus_guard_ears(b, sum);
  bus_limit_monitors(b, sum);
  bus_limit_main(b, sum);
  for (int row = 0; row < BUS_ROWS; row++) {
    const kmeter_reading k = kmeter_process(&b->k[row], sum[row], GB_QUANTUM);
    bad |= !lanes_finite(k.square);
    b->reading[row].peak = lanes_max(b->reading[row].peak, k.peak);
    b->reading[row].square += k.square;
  }
  if (!bad) return 1;
  memset(sum, 0, sizeof(lanes) * BUS_ROWS * GB_QUANTUM);
  reset(b);
  for (int row = 0; row < BUS_ROWS; row++) bus_read(b, row);
  return 0;
}
