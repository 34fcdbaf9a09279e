// mask.c - prints what mask.h and fir.h make of fine gains. In: sets of GB_FINE_BANDS gains, log2, float32; out: of each set the RESPONSE frames that follow
// an impulse at frame `words[1]` of a quantum, with look-ahead and without.
#include <stdio.h>
#include <stdlib.h>

#include "fir.h"

enum { RESPONSE = 1536, BEFORE = MASK_FAST };
static mask_maps maps;
static fft_table table;
static mask_room room;

static void respond(const lanes *log_gain, int lookahead, int at) {
  static lanes x[BEFORE + RESPONSE], y[RESPONSE];
  static fir_coefs coefs;
  static fir_state state;
  memset(x, 0, sizeof x);
  x[BEFORE + at] = lanes_all(1);
  fir_reset(&coefs, &state, lookahead);
  mask_taps_of(&maps, &table, &room, log_gain, lookahead, &coefs.now);
  for (int i = 0; i < RESPONSE; i += GB_QUANTUM) fir_process(&coefs, &state, x + BEFORE + i, y + i);
  for (int i = 0; i < RESPONSE; i++) fwrite((float[]){lanes_get(y[i], i % LANES)}, 4, 1, stdout);
}

int main(int count, char **words) {
  float gains[GB_FINE_BANDS];
  fft_design(&table);
  mask_design(&maps);
  while (fread(gains, sizeof gains, 1, stdin) == 1) {
    lanes log_gain[GB_FINE_BANDS];
    for (int b = 0; b < GB_FINE_BANDS; b++) log_gain[b] = lanes_all(gains[b]);
    for (int lookahead = MASK_DELAY; lookahead >= 0; lookahead -= MASK_DELAY) respond(log_gain, lookahead, count > 1 ? atoi(words[1]) : 0);
  }
  return 0;
}
