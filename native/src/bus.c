// bus.c - designs and runs the buses.
#include "bus.h"

#include "params.h"

void bus_init(bus_bank *b) {
  memset(b, 0, sizeof *b);
  main_limiter_init(&b->main);
  mono_init(&b->mono);
  loudness_reset(&b->loudness_state);
  for (int row = 0; row < BUS_ROWS; row++) bus_read(b, row);
  for (int bus = 0; bus < GB_OUTPUTS; bus++)
    for (int k = 0; k < 4; k++) svf_set(&b->eq[bus / LANES].now.band[k], bus % LANES, svf_neutral());
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
      lanes_put(&b->gain[row].goal.gain, lane, is_main ? fader(v[GB_MAIN_LEVEL], v[GB_MAIN_MUTE]) : fader(v[GB_MONITOR_LEVEL + monitor], v[GB_MONITOR_MUTE + monitor]));
      GLIDE_AIM(&b->gain[row], lane, quanta);
    }
    if (blocks & BUS_LOUDNESS && !is_main)
      loudness_design(&b->loudness, bus, BUS_MONITOR + (bus_is_left(v, bus_of) ? bus_of + 1 : monitor), v[GB_MONITOR_LOUDNESS_MOST + monitor], v[GB_MONITOR_LOUDNESS_ON + monitor] > 0.5f);
    if (blocks & BUS_LIMIT) {
      lanes_put(&b->monitor[row].goal.ceiling, lane, is_main ? 1e9f : powf(10, v[GB_MONITOR_LIMITER_CEILING + monitor] / 20));
      lanes_put(&b->monitor[row].goal.release, lane, is_main ? 1 : one_pole(v[GB_MONITOR_LIMITER_RELEASE + monitor], 1));
      GLIDE_AIM(&b->monitor[row], lane, quanta);
    }
  }
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

static void take_main(lanes (*sum)[GB_QUANTUM], float *left, float *right) {
#pragma GCC unroll 8
  for (int i = 0; i < GB_QUANTUM; i++) {
    left[i] = lanes_get(sum[0][i], 0);
    right[i] = lanes_get(sum[BUS_RIGHT / LANES][i], BUS_RIGHT % LANES);
  }
}
static void put_main(lanes (*sum)[GB_QUANTUM], const float *left, const float *right) {
#pragma GCC unroll 8
  for (int i = 0; i < GB_QUANTUM; i++) {
    lanes_put(&sum[0][i], 0, left[i]);
    lanes_put(&sum[BUS_RIGHT / LANES][i], BUS_RIGHT % LANES, right[i]);
  }
}

static void narrow_bass(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  if (mono_idle(&b->mono)) return;
  float left[GB_QUANTUM], right[GB_QUANTUM];
  take_main(sum, left, right);
  mono_process(&b->mono, left, right);
  put_main(sum, left, right);
}

static void limit_main(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  float left[GB_QUANTUM], right[GB_QUANTUM], gain[GB_QUANTUM];
  take_main(sum, left, right);
  if (b->ceiling_left) b->ceiling = --b->ceiling_left ? b->ceiling + b->ceiling_step : b->ceiling_goal;
  main_limiter_process(&b->main, b->ceiling, b->release, left, right, gain);
  put_main(sum, left, right);
  lanes most = lanes_load(gain);
  for (int i = LANES; i < GB_QUANTUM; i += LANES) most = lanes_min(most, lanes_load(gain + i));
  const float low = -lanes_peak(-most);
  for (int bus = 0; bus <= BUS_RIGHT; bus++) {
    lanes *least = &b->reading[bus / LANES].gain;
    lanes_put(least, bus % LANES, fminf(low, lanes_get(*least, bus % LANES)));
  }
}

// Apart from the rest, which would find fewer registers with it.
__attribute__((noinline)) static void guard_ears(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  loudness_process(&b->loudness, &b->loudness_state, sum);
  for (int row = 0; row < BUS_ROWS; row++) b->reading[row].gain = lanes_min(b->reading[row].gain, lanes_load(b->loudness_state.gain + row * LANES));
}

static void reset(bus_bank *b) {
  memset(b->eq_state, 0, sizeof b->eq_state);
  memset(b->monitor_env, 0, sizeof b->monitor_env);
  memset(b->k, 0, sizeof b->k);
  loudness_reset(&b->loudness_state);
  b->mono.state = (svf_state){lanes_all(0), lanes_all(0)};
  main_limiter_init(&b->main);
}

int bus_process(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  int bad = 0;
  narrow_bass(b, sum);
  for (int row = 0; row < BUS_ROWS; row++) {
    if (!svf4_idle(&b->eq[row])) svf4_process(&b->eq[row], &b->eq_state[row], sum[row], GB_QUANTUM);
    run_gain(b, row, sum[row]);
  }
  if (!loudness_idle(&b->loudness, &b->loudness_state)) guard_ears(b, sum);
  for (int row = 0; row < BUS_ROWS; row++) {
    monitor_limiter_process(&b->monitor[row], &b->monitor_env[row], sum[row], GB_QUANTUM, &b->reading[row].gain);
  }
  limit_main(b, sum);
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
