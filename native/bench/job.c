// job.c - the standard job without Python, so that it can be counted on any processor: job VALUES RAW CHANNELS OUT.
// VALUES: `index value` a line. RAW: interleaved float32 frames. OUT: L R aux1 aux2, float32, aligned with the input.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gigbox.h"

enum { PAD = 8 * GB_QUANTUM, KEPT = 4 };

static FILE *opened(const char *path, const char *mode) {
  FILE *file = fopen(path, mode);
  if (!file) perror(path), exit(1);
  return file;
}

static gb_rack *rack_of(const char *path, int channels) {
  gb_rack *rack = aligned_alloc(64, (sizeof *rack + 63) / 64 * 64);
  if (!rack) fputs("no memory for a rack\n", stderr), exit(1);
  gb_rack_format(rack, channels);
  FILE *file = opened(path, "r");
  unsigned index;
  float value;
  while (fscanf(file, "%u %f", &index, &value) == 2) rack->values[index % (sizeof rack->values / sizeof *rack->values)] = value;
  fclose(file);
  return rack;
}

// The frames with silence behind them for what the engine still holds; *frames: how many they were.
static float *frames_of(const char *path, int channels, long *frames) {
  FILE *file = opened(path, "rb");
  fseek(file, 0, SEEK_END);
  const size_t size = (size_t)ftell(file) / sizeof(float);
  rewind(file);
  float *in = calloc(size + (size_t)(PAD + GB_QUANTUM) * (size_t)channels, sizeof *in);
  if (!in || fread(in, sizeof *in, size, file) != size) fprintf(stderr, "%s: cannot be read\n", path), exit(1);
  fclose(file);
  *frames = (long)size / channels;
  return in;
}

static void write_out(const char *path, const float *out, long frames, uint32_t late) {
  FILE *file = opened(path, "wb");
  float *kept = malloc((size_t)frames * KEPT * sizeof *kept);
  if (!kept) fputs("no memory\n", stderr), exit(1);
  for (long i = 0; i < frames; i++) {
    memcpy(kept + i * KEPT, out + (i + late) * GB_OUTPUTS, KEPT / 2 * sizeof *kept);
    memcpy(kept + i * KEPT + KEPT / 2, out + i * GB_OUTPUTS + KEPT / 2, KEPT / 2 * sizeof *kept);
  }
  fwrite(kept, sizeof *kept, (size_t)frames * KEPT, file);
  fclose(file);
}

int main(int count, char **words) {
  if (count != 5) return fputs("job VALUES RAW CHANNELS OUT\n", stderr), 2;
  const int channels = atoi(words[3]);
  long frames;
  float *in = frames_of(words[2], channels, &frames);
  const long padded = (frames + GB_QUANTUM - 1) / GB_QUANTUM * GB_QUANTUM + PAD;
  float *out = malloc((size_t)padded * GB_OUTPUTS * sizeof *out);
  gb_rack *rack = rack_of(words[1], channels);
  gb_engine *engine = gb_engine_new(rack, channels);
  if (!out || !engine) return fputs("no memory\n", stderr), 1;
  const clock_t begin = clock();
  gb_process(engine, in, out, NULL, (int)padded);
  fprintf(stderr, "ENGINE cpu=%.6f audio=%.3f\n", (double)(clock() - begin) / CLOCKS_PER_SEC, (double)frames / GB_RATE);
  write_out(words[4], out, frames, rack->latency_main);
  return 0;
}
