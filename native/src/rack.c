// rack.c - the shared memory: its format and sections, the desk's end of the command queue, and the brain's of the gains.
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "gigbox.h"
#include "params.h"

_Static_assert(GB_VALUES <= sizeof(((gb_rack *)0)->values) / sizeof(float), "the table outgrew the rack");
_Static_assert(GB_ENGINE_BYTES % GB_PAGE + GB_BRAIN_BYTES % GB_PAGE + GB_DESK_BYTES % GB_PAGE == 0, "a section that is not whole pages");
_Static_assert(sizeof(gb_rack) == GB_ENGINE_BYTES + GB_BRAIN_BYTES + GB_DESK_BYTES, "a section outgrew its pages");

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

size_t gb_section(enum gb_owner owner, size_t *size) {
  const size_t sizes[GB_OWNERS] = {GB_ENGINE_BYTES, GB_BRAIN_BYTES, GB_DESK_BYTES};
  size_t first = 0;
  for (int before = 0; before < (int)owner; before++) first += sizes[before];
  *size = sizes[owner];
  return first;
}

int gb_rack_own(gb_rack *rack, enum gb_owner owner) {
  size_t size;
  char *section = (char *)rack + gb_section(owner, &size);
  return mprotect(section, size, PROT_READ | PROT_WRITE) ? errno : 0;
}

uint64_t gb_load(const uint64_t *counter) { return __atomic_load_n(counter, __ATOMIC_ACQUIRE); }

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

void gb_want(gb_rack *rack, uint64_t until) { __atomic_store_n(&rack->wanted_until, until, __ATOMIC_RELEASE); }
