// bus.c - designs and runs the buses.
#include "bus.h"

#include "params.h"

void bus_init(bus_bank *b) {
  memset(b, 0, sizeof *b);
  main_limiter_init(&b->main);
}

static void set_eq(bus_bank *b, int bus, int type, int frequency, int gain, int q, int on, int first, const float *v) {
  for (int k = 0; k < GB_EQS; k++)
    svf_set(&b->eq[bus / LANES].goal.band[k], bus % LANES, svf_eq((enum svf_type)v[type + first + k], v[frequency + first + k],
                                                               v[gain + first + k] * v[on + first / GB_EQS], v[q + first + k]));
}
static float fader(float db, float mute) { return db <= -90 || mute > 0.5f ? 0 : powf(10, db / 20); }

void bus_design(bus_bank *b, int monitor, unsigned blocks, int quanta, const float *v) {
  const int is_main = monitor < 0, first = is_main ? BUS_LEFT : BUS_MONITOR + monitor, last = is_main ? BUS_RIGHT : first;
  for (int bus = first; bus <= last; bus++) {
    const int row = bus / LANES, lane = bus % LANES;
    if (blocks & BUS_EQ && is_main) set_eq(b, bus, GB_MAIN_EQ_TYPE, GB_MAIN_EQ_FREQUENCY, GB_MAIN_EQ_GAIN, GB_MAIN_EQ_Q, GB_MAIN_EQ_ON, 0, v);
    if (blocks & BUS_EQ && !is_main)
      set_eq(b, bus, GB_MONITOR_EQ_TYPE, GB_MONITOR_EQ_FREQUENCY, GB_MONITOR_EQ_GAIN, GB_MONITOR_EQ_Q, GB_MONITOR_EQ_ON, monitor * GB_EQS, v);
    if (blocks & BUS_EQ) GLIDE_AIM(&b->eq[row], quanta);
    if (blocks & BUS_GAIN) {
      lanes_put(&b->gain[row].goal.gain, lane, is_main ? fader(v[GB_MAIN_LEVEL], v[GB_MAIN_MUTE]) : fader(v[GB_MONITOR_LEVEL + monitor], v[GB_MONITOR_MUTE + monitor]));
      GLIDE_AIM(&b->gain[row], quanta);
    }
    if (blocks & BUS_LIMIT) {
      lanes_put(&b->monitor[row].ceiling, lane, is_main ? 1e9f : powf(10, v[GB_MONITOR_LIMITER_CEILING + monitor] / 20));
      lanes_put(&b->monitor[row].release, lane, is_main ? 1 : one_pole(v[GB_MONITOR_LIMITER_RELEASE + monitor], 1));
    }
  }
  if (is_main && blocks & BUS_LIMIT) {
    b->ceiling = powf(10, (v[GB_MAIN_LIMITER_CEILING] - 0.1f) / 20);      // 4x oversampling reads up to a tenth of a dB low below 16 kHz
    b->release = one_pole(v[GB_MAIN_LIMITER_RELEASE], 1);
  }
}

static void run_gain(bus_bank *b, int row, lanes *x) {
  lanes gain = b->gain[row].now.gain, step = b->gain[row].left ? b->gain[row].step.gain : lanes_all(0);
  for (int i = 0; i < GB_QUANTUM; i++) x[i] *= gain += step;
  b->gain[row].now.gain = gain;
  GLIDE_STEPPED(&b->gain[row]);
}

static void limit_main(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  float left[GB_QUANTUM], right[GB_QUANTUM], gain[GB_QUANTUM], low = 1;
  const int r = BUS_RIGHT / LANES;
  for (int i = 0; i < GB_QUANTUM; i++) {
    left[i] = lanes_get(sum[0][i], 0);
    right[i] = lanes_get(sum[r][i], BUS_RIGHT % LANES);
  }
  main_limiter_process(&b->main, b->ceiling, b->release, left, right, gain);
  for (int i = 0; i < GB_QUANTUM; i++) {
    lanes_put(&sum[0][i], 0, fminf(fmaxf(left[i], -b->ceiling), b->ceiling));
    lanes_put(&sum[r][i], BUS_RIGHT % LANES, fminf(fmaxf(right[i], -b->ceiling), b->ceiling));
    low = fminf(low, gain[i]);
  }
  lanes_put(&b->limit[0], 0, low);
  lanes_put(&b->limit[r], BUS_RIGHT % LANES, low);
}

static int finite_rows(const lanes *x) {
  int good = 1;
  for (int row = 0; row < BUS_ROWS; row++) good &= !lanes_any((lanes_bits(x[row]) & 0x7f800000) == 0x7f800000);
  return good;
}

static void reset(bus_bank *b) {
  memset(b->eq_state, 0, sizeof b->eq_state);
  memset(b->monitor_env, 0, sizeof b->monitor_env);
  memset(b->k, 0, sizeof b->k);
  main_limiter_init(&b->main);
}

int bus_process(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  lanes total[BUS_ROWS];
  for (int row = 0; row < BUS_ROWS; row++) {
    if (!svf4_idle(&b->eq[row])) svf4_process(&b->eq[row], &b->eq_state[row], sum[row], GB_QUANTUM);
    run_gain(b, row, sum[row]);
    b->limit[row] = total[row] = lanes_all(0);
    for (int i = 0; i < GB_QUANTUM; i++) total[row] += lanes_abs(sum[row][i]);
  }
  const int good = finite_rows(total);
  if (!good) {
    memset(sum, 0, sizeof(lanes) * BUS_ROWS * GB_QUANTUM);
    reset(b);
  }
  for (int row = 0; row < BUS_ROWS; row++) {
    b->limit[row] = lanes_all(1);
    monitor_limiter_process(&b->monitor[row], &b->monitor_env[row], sum[row], GB_QUANTUM, &b->limit[row]);
  }
  limit_main(b, sum);
  for (int row = 0; row < BUS_ROWS; row++) {
    const kmeter_reading k = kmeter_process(&b->k[row], sum[row], GB_QUANTUM);
    b->peak[row] = k.peak;
    b->square[row] = k.square;
  }
  return good;
}
