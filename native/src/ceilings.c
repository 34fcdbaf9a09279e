// ceilings.c - what keeps the buses under their ceilings: main's limiter, the monitors', alone and in pairs, and the guard of musicians' ears.
#include "bus.h"

static void listen_to_phase(bus_phase *p, const float *left, const float *right) {
  lanes both = lanes_all(0), l2 = both, r2 = both;
  for (int i = 0; i < GB_QUANTUM; i += LANES) {
    const lanes l = lanes_load(left + i), r = lanes_load(right + i);
    both += l * r, l2 += l * l, r2 += r * r;
  }
  const float part = (float)GB_QUANTUM / (0.4f * GB_RATE);
  p->both += (lanes_sum(both) - p->both) * part;
  p->left += (lanes_sum(l2) - p->left) * part;
  p->right += (lanes_sum(r2) - p->right) * part;
}

void bus_limit_main(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  float left[GB_QUANTUM], right[GB_QUANTUM], gain[GB_QUANTUM];
  main_take(sum, left, right);
  if (b->ceiling_left) b->ceiling = --b->ceiling_left ? b->ceiling + b->ceiling_step : b->ceiling_goal;
  main_limiter_process(&b->main, b->ceiling, b->release, left, right, gain);
  main_put(sum, left, right);
  listen_to_phase(&b->phase, left, right);
  lanes most = lanes_load(gain);
  for (int i = LANES; i < GB_QUANTUM; i += LANES) most = lanes_min(most, lanes_load(gain + i));
  const float low = -lanes_peak(-most);
  for (int bus = 0; bus <= BUS_RIGHT; bus++) {
    lanes *least = &b->reading[bus / LANES].gain;
    lanes_put(least, bus % LANES, fminf(low, lanes_get(*least, bus % LANES)));
  }
}

void bus_guard_ears(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  loudness_process(&b->loudness, b->other, &b->loudness_state, sum);
  for (int row = 0; row < BUS_ROWS; row++) b->reading[row].gain = lanes_min(b->reading[row].gain, lanes_load(b->loudness_state.gain + row * LANES));
}

// What each side of a pair follows is the louder of both, or what stands in the middle would wander.
__attribute__((noinline)) static void limit_pairs(bus_bank *b, const lanes *peak, lanes (*sum)[GB_QUANTUM]) {
  lanes louder[BUS_ROWS][GB_QUANTUM], calm[BUS_ROWS];
  for (int row = 0; row < BUS_ROWS; row++)
    calm[row] = lanes_select(monitor_limiter_resting(&b->monitor[row], b->monitor_env[row], peak[row]), lanes_all(1), lanes_all(0));
  for (int row = 0; row < BUS_ROWS; row++)
    for (int i = 0; i < GB_QUANTUM; i++) louder[row][i] = lanes_abs(sum[row][i]);
  for (int left = 0; left < GB_OUTPUTS; left++) {
    const int right = b->other[left];
    if (right <= left) continue;
    const float env = fmaxf(lanes_get(b->monitor_env[left / LANES], left % LANES), lanes_get(b->monitor_env[right / LANES], right % LANES));
    lanes_put(&b->monitor_env[left / LANES], left % LANES, env);
    lanes_put(&b->monitor_env[right / LANES], right % LANES, env);
    float *l = (float *)louder[left / LANES] + left % LANES, *r = (float *)louder[right / LANES] + right % LANES;
    for (int i = 0; i < GB_QUANTUM; i++) l[i * LANES] = r[i * LANES] = l[i * LANES] > r[i * LANES] ? l[i * LANES] : r[i * LANES];
  }
  for (int row = 0; row < BUS_ROWS; row++) monitor_limiter_process(&b->monitor[row], &b->monitor_env[row], louder[row], sum[row], GB_QUANTUM, &b->reading[row].gain);
  for (int bus = 0; bus < GB_OUTPUTS; bus++) {      // both sides of a pair, or neither
    const int row = bus / LANES, lane = bus % LANES, other = b->other[bus];
    if (lanes_get(calm[row], lane) * lanes_get(calm[other / LANES], other % LANES) > 0) lanes_put(&b->monitor_env[row], lane, lanes_get(peak[row], lane));
  }
}
static void limit_row(bus_bank *b, int row, lanes peak, lanes *x) {
  lanes *env = &b->monitor_env[row];
  const ilanes calm = monitor_limiter_resting(&b->monitor[row], *env, peak);
  monitor_limiter_process(&b->monitor[row], env, NULL, x, GB_QUANTUM, &b->reading[row].gain);
  *env = lanes_select(calm, peak, *env);
}
void bus_limit_monitors(bus_bank *b, lanes (*sum)[GB_QUANTUM]) {
  lanes peak[BUS_ROWS];
  int calm[BUS_ROWS], busy = 0;
  for (int row = 0; row < BUS_ROWS; row++) {
    peak[row] = monitor_limiter_peak(sum[row], GB_QUANTUM);
    busy |= !(calm[row] = monitor_limiter_rests(&b->monitor[row], b->monitor_env[row], peak[row]));
  }
  if (b->pairs && busy) return limit_pairs(b, peak, sum);
  for (int row = 0; row < BUS_ROWS; row++) {
    if (calm[row]) b->monitor_env[row] = peak[row];
    else limit_row(b, row, peak[row], sum[row]);
  }
}
