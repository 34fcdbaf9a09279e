// rack.c - the shared memory: its format, the desk's end of the command queue, and the brain's of the gains.
#include <math.h>
#include <string.h>

#include "gigbox.h"
#include "params.h"

_Static_assert(GB_VALUES <= sizeof(((gb_rack *)0)->values) / sizeof(float), "the table outgrew the rack");

uint32_t gb_table_hash(void) { return GB_TABLE_HASH; }

void gb_rack_format(gb_rack *rack, int channels) {
  memset(rack, 0, sizeof *rack);
  for (int row = 0; row < GB_ROWS; row++)
    for (int i = 0; i < gb_rows[row].count; i++) rack->values[gb_rows[row].first + i] = gb_rows[row].defaults[i % gb_rows[row].cycle];
  rack->layout = GB_LAYOUT;
  rack->table = gb_table_hash();
  rack->channels = (uint32_t)channels;
  __atomic_store_n(&rack->magic, GB_MAGIC, __ATOMIC_RELEASE);
}

const char *gb_rack_fault(const gb_rack *rack) {
  if (__atomic_load_n(&rack->magic, __ATOMIC_ACQUIRE) != GB_MAGIC) return "not a rack";
  if (rack->layout != GB_LAYOUT || rack->table != gb_table_hash()) return "a rack of another version";
  if (rack->channels < 1 || rack->channels > GB_CHANNELS) return "a rack with an impossible number of channels";
  return NULL;
}

int gb_push(gb_rack *rack, uint32_t index, float value) {
  uint64_t tail = rack->queue_tail;
  if (index >= GB_VALUES || !isfinite(value)) return 1;    // nothing to tell: the table knows no such value
  if (tail - __atomic_load_n(&rack->queue_head, __ATOMIC_ACQUIRE) >= GB_QUEUE) return 0;
  rack->queue[tail % GB_QUEUE] = (gb_command){index, value};
  __atomic_store_n(&rack->queue_tail, tail + 1, __ATOMIC_RELEASE);
  return 1;
}

void gb_give_gains(gb_rack *rack, uint64_t hop, const float *gains) {
  const uint64_t sets = rack->gain_sets;
  gb_gains *set = &rack->gains[sets % GB_GAIN_SETS];
  set->hop = hop;
  memcpy(set->gain, gains, sizeof set->gain);
  __atomic_store_n(&rack->gain_sets, sets + 1, __ATOMIC_RELEASE);
}
