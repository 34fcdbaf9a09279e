// mask.c - prints what mask.h makes of band gains. In: sets of GB_BANDS gains, log2, float32; out: MASK_TAPS linear-phase taps and
// MASK_SHORT minimum-phase taps of each set, and at last what each band counts in the whole.
#include <stdio.h>

#include "mask.h"

int main(void) {
  static mask_maps maps;
  float gains[GB_BANDS];
  mask_design(&maps);
  while (fread(gains, sizeof gains, 1, stdin) == 1) {
    lanes log_gain[GB_BANDS], linear[MASK_TAPS], minimum[MASK_SHORT];
    for (int b = 0; b < GB_BANDS; b++) log_gain[b] = lanes_all(gains[b]);
    mask_linear(&maps, log_gain, linear);
    mask_minimum(&maps, log_gain, minimum);
    for (int i = 0; i < MASK_TAPS; i++) fwrite((float[]){lanes_get(linear[i], 0)}, 4, 1, stdout);
    for (int i = 0; i < MASK_SHORT; i++) fwrite((float[]){lanes_get(minimum[i], LANES - 1)}, 4, 1, stdout);
  }
  fwrite(maps.width, sizeof maps.width, 1, stdout);
  return 0;
}
