// quiet.c - gb_process never allocates, locks or enters the kernel: it runs in a thread that the kernel kills at its first system call,
// while allocators and locks are counted. quiet [malloc | lock | call]: with a sin on purpose, to show that it is caught.
// Ends with 0 (kept its promise), 3 (allocated), 4 (locked) or 5 (killed).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gigbox.h"
#include "params.h"

enum { CHANNELS = 12, QUANTA = 3000 };
void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
void __libc_free(void *);
static volatile int armed, allocations, locks, arrived;
static int (*real_lock)(pthread_mutex_t *);
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void *malloc(size_t n) { allocations += armed; return __libc_malloc(n); }
void *calloc(size_t n, size_t size) { allocations += armed; return __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { allocations += armed; return __libc_realloc(p, n); }
void *aligned_alloc(size_t a, size_t n) { allocations += armed; return __libc_memalign(a, n); }
int posix_memalign(void **p, size_t a, size_t n) { allocations += armed; return (*p = __libc_memalign(a, n)) ? 0 : 12; }
void free(void *p) { allocations += armed; __libc_free(p); }
int pthread_mutex_lock(pthread_mutex_t *m) { locks += armed; return real_lock(m); }

static gb_rack *rack;
static gb_engine *engine;
static const char *sin_of;
static float in[GB_QUANTUM * CHANNELS], out[GB_QUANTUM * GB_OUTPUTS], stems[GB_QUANTUM * CHANNELS * 2];
static uint32_t seed = 7;
static float chance(void) { return (float)((seed = seed * 1664525u + 1013904223u) >> 8) / 16777216.0f; }

static void sin_once(void) {
  static void *volatile kept;
  if (!strcmp(sin_of, "malloc")) kept = malloc(64);
  if (!strcmp(sin_of, "lock")) pthread_mutex_lock(&mutex);
  if (!strcmp(sin_of, "call")) syscall(SYS_getppid);
  (void)kept;
}

// Every parameter moves once and again; three commands a quantum.
static void turn_knobs(void) {
  static uint32_t at;
  for (int i = 0; i < 3; i++, at = (at + 1) % GB_VALUES) {
    const gb_row *row = gb_rows;
    while (at >= (uint32_t)(row->first + row->count)) row++;
    gb_push(rack, at, row->low + chance() * (row->high - row->low));
  }
}

static void *night(void *arg) {
  (void)arg;
  void *volatile heap = malloc(1);      // so that this thread has one
  free(heap);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT)) return NULL;
  armed = 1;
  for (int q = 0; q < QUANTA; q++) {
    for (int i = 0; i < GB_QUANTUM * CHANNELS; i++) in[i] = chance() - 0.5f;
    turn_knobs();
    gb_process(engine, in, out, stems, GB_QUANTUM);
    if (q == 10) sin_once();
  }
  armed = 0;
  arrived = 1;
  syscall(SYS_exit, 0);
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t thread;
  sin_of = argc > 1 ? argv[1] : "";
  real_lock = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_lock");
  rack = aligned_alloc(64, (sizeof *rack + 63) / 64 * 64);
  gb_rack_format(rack, CHANNELS);
  for (int n = 0; n < CHANNELS; n++) rack->values[GB_STRIP_DENOISE_AMOUNT + n] = 12;
  for (int n = 0; n < CHANNELS; n++) rack->values[GB_STRIP_FXSEND_LEVEL + n * GB_FXSENDS] = rack->values[GB_STRIP_FXSEND_LEVEL + n * GB_FXSENDS + 1] = -6;
  rack->values[GB_FX_TYPE] = 1, rack->values[GB_FX_TYPE + 1] = 2;
  engine = gb_engine_new(rack, CHANNELS);
  pthread_create(&thread, NULL, night, NULL);
  pthread_join(thread, NULL);
  armed = 0;
  printf("%d allocations, %d locks, %s\n", allocations, locks, arrived ? "no system call" : "killed for a system call");
  return !arrived ? 5 : allocations ? 3 : locks ? 4 : 0;
}
