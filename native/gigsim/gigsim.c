// gigsim.c - libasound_module_pcm_gigsim: the simulated sound card as a PCM of ALSA. In a configuration of ALSA:
//   pcm_type.gigsim { lib "/path/of/this.so" }   pcm.gigsim { type gigsim card "/path/of/the/card" }
#define _GNU_SOURCE
#include "clock.h"

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

enum { RETRY_FRAMES = 4800, WAIT_NS = 200000, SCRAP = 7 };      // what a look for it takes of its time; between two looks for a grant; frames at once

typedef struct {
  snd_pcm_ioplug_t io;
  gigsim *card;
  size_t size;
  int file, timer, way;             // way: 0 capture, 1 playback
  uint64_t plugs;                   // when this was opened: pulled out since, it is dead
  int32_t *held;                    // what was written before the start
} sim_pcm;

static int32_t *input(gigsim *c) { return (int32_t *)(c + 1); }
static int32_t *output(gigsim *c) { return input(c) + (size_t)c->in_frames * c->in_channels; }

// Frames since this direction was started.
static uint64_t position(const sim_pcm *p) {
  const sim_way *way = &p->card->ways[p->way];
  if (!way->running) return 0;
  const uint64_t passed = (way->halted ? way->still : p->card->now) - way->began;
  return p->way ? passed + (uint64_t)(int64_t)((double)passed * p->card->skew_ppm * 1e-6) : passed;
}
static int64_t available(const sim_pcm *p) {
  const int64_t ahead = (int64_t)position(p) - (int64_t)p->io.appl_ptr;
  return p->way ? ahead + (int64_t)p->io.buffer_size : ahead;
}
static int missing(const sim_pcm *p) {
  const int64_t lacks = (int64_t)p->io.period_size - available(p);
  return lacks > 0 ? (int)lacks : 0;
}
static int is_dead(const sim_pcm *p) { return p->plugs != get(&p->card->plugs); }

// Again at once where there is something to do, or when there will be.
static void set_alarm(sim_pcm *p) {
  struct itimerspec at = {.it_value.tv_nsec = 1};
  const sim_way *way = &p->card->ways[p->way];
  const int lacks = missing(p);
  if (lacks && way->running && !way->error && !is_dead(p)) {
    const int waits = p->card->clock == SIM_GRANTED && (p->card->now >= get(&p->card->granted) || (way->halted && p->card->ways[!p->way].halted));
    const int64_t ns = p->card->clock == SIM_TIMER ? (int64_t)(lacks / frames_per_ns(p->card)) + 1000 : waits ? WAIT_NS : 1;
    at.it_value = (struct timespec){ns / 1000000000, ns % 1000000000};
  }
  timerfd_settime(p->timer, 0, &at, NULL);
}

static int start(snd_pcm_ioplug_t *io) {
  sim_pcm *p = io->private_data;
  gigsim *c = p->card;
  sim_way *way = &c->ways[p->way];
  if (is_dead(p)) return -ENODEV;
  if (c->clock == SIM_TIMER && !c->epoch) c->epoch = clock_ns() - (int64_t)((double)c->now / frames_per_ns(c));
  look_at_the_clock(c);
  *way = (sim_way){.running = 1, .began = c->now, .deaf = way->deaf, .odd = way->odd, .halted = way->deaf > 0, .still = c->now};
  way->deaf -= way->deaf > 0;
  if (p->way && c->out_frames) {
    for (uint64_t f = c->played + c->out_frames < c->now ? c->now - c->out_frames : c->played; f < c->now; f++)
      memset(output(c) + f % c->out_frames * c->out_channels, 0, 4 * c->out_channels);
    for (uint64_t i = 0; i < io->appl_ptr; i++)
      memcpy(output(c) + (c->now + i) % c->out_frames * c->out_channels, p->held + i % io->buffer_size * io->channels, 4 * io->channels);
  }
  set_alarm(p);
  return 0;
}

static int stop(snd_pcm_ioplug_t *io) {
  sim_pcm *p = io->private_data;
  gigsim *c = p->card;
  sim_way *way = &c->ways[p->way];
  if (p->way && way->running && c->out_frames) {
    look_at_the_clock(c);
    const uint64_t written = way->began + io->appl_ptr;
    for (uint64_t f = c->now; f < written; f++) memset(output(c) + f % c->out_frames * c->out_channels, 0, 4 * c->out_channels);      // never played
    set(&c->played, written < c->now ? written : c->now);
  }
  way->running = way->error = 0;
  return 0;
}

static int prepare(snd_pcm_ioplug_t *io) {
  sim_pcm *p = io->private_data;
  if (is_dead(p)) return -ENODEV;
  stop(io);
  return 0;
}

static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io) {
  sim_pcm *p = io->private_data;
  const sim_way *way = &p->card->ways[p->way];
  look_at_the_clock(p->card);
  if (is_dead(p)) snd_pcm_ioplug_set_state(io, SND_PCM_STATE_DISCONNECTED);
  else if (way->running && way->error == ESTRPIPE) snd_pcm_ioplug_set_state(io, SND_PCM_STATE_SUSPENDED);
  else if (way->running && (way->error == EPIPE || available(p) >= (int64_t)io->buffer_size)) return -EPIPE;
  return (snd_pcm_sframes_t)(position(p) % io->buffer_size);
}

static void copy_sample(const sim_pcm *p, char *sample, int32_t *inside) {
  switch (p->io.format) {
    case SND_PCM_FORMAT_S16_LE:
      if (p->way) *inside = (int32_t)((uint32_t)*(int16_t *)sample << 16);
      else *(int16_t *)sample = (int16_t)(*inside >> 16);
      return;
    case SND_PCM_FORMAT_S24_3LE:
      if (p->way) *inside = 0, memcpy((char *)inside + 1, sample, 3);
      else memcpy(sample, (char *)inside + 1, 3);
      return;
    case SND_PCM_FORMAT_S24_LE:      // what lies above its 24 bits counts for nothing
      if (p->way) *inside = (int32_t)((uint32_t)*(int32_t *)sample << 8);
      else *(int32_t *)sample = (int32_t)((uint32_t)*inside >> 8 | 0x5A000000u);
      return;
    default:
      if (p->way) *inside = *(int32_t *)sample;
      else *(int32_t *)sample = *inside;
  }
}

// Where in the card's memory a frame of this direction is; NULL where nothing is kept or nothing was fed.
static int32_t *inside(sim_pcm *p, uint64_t frame) {
  gigsim *c = p->card;
  const uint64_t at = c->ways[p->way].began + frame;
  if (!p->way) return c->in_frames && (c->looped || at < get(&c->fed)) ? input(c) + at % c->in_frames * c->in_channels : NULL;
  if (!c->ways[1].running) return p->held + frame % p->io.buffer_size * p->io.channels;
  return c->out_frames ? output(c) + at % c->out_frames * c->out_channels : NULL;
}

static snd_pcm_sframes_t transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
  sim_pcm *p = io->private_data;
  if (is_dead(p)) return -ENODEV;
  const int in_place = io->access == SND_PCM_ACCESS_MMAP_INTERLEAVED || io->access == SND_PCM_ACCESS_MMAP_NONINTERLEAVED;
  if (p->card->ways[p->way].odd && size > SCRAP && (p->way || !in_place)) size = SCRAP;      // what is captured in place has to be there
  for (snd_pcm_uframes_t i = 0; i < size; i++) {
    int32_t silence = 0, *frame = inside(p, io->appl_ptr + i);
    for (unsigned n = 0; n < io->channels; n++) {
      char *sample = (char *)areas[n].addr + (areas[n].first + areas[n].step * (offset + i)) / 8;
      copy_sample(p, sample, frame ? frame + n : &silence);
    }
  }
  return (snd_pcm_sframes_t)size;
}

// Granted time passes here, where a program waits: as much as it lacks, or an odd piece of it.
static int poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned count, unsigned short *revents) {
  sim_pcm *p = io->private_data;
  gigsim *c = p->card;
  sim_way *way = &c->ways[p->way];
  uint64_t expired;
  const ssize_t drained = count && fds->revents ? read(p->timer, &expired, sizeof expired) : 0;
  (void)drained;
  look_at_the_clock(c);
  if (c->clock == SIM_GRANTED && way->running && !is_dead(p)) {
    uint64_t step = (uint64_t)missing(p);
    if (way->halted) step = c->ways[!p->way].halted ? 0 : io->period_size;      // the other direction goes on
    if (step && way->odd) step = step > SCRAP ? 1 + step / 3 : step;
    const uint64_t granted = get(&c->granted);
    if (step && c->now < granted) go_on(c, c->now + step > granted ? granted : c->now + step);
  }
  way->odd -= way->odd > 0;
  const int broken = is_dead(p) || way->error || (way->running && available(p) >= (int64_t)io->buffer_size);
  *revents = broken ? POLLERR : !missing(p) ? (unsigned short)(p->way ? POLLOUT : POLLIN) : 0;
  set_alarm(p);
  return 0;
}

static int delay(snd_pcm_ioplug_t *io, snd_pcm_sframes_t *frames) {
  sim_pcm *p = io->private_data;
  look_at_the_clock(p->card);
  const int64_t lies = p->way ? (int64_t)io->appl_ptr - (int64_t)position(p) : available(p);
  *frames = lies + (p->way ? p->card->delay_out : p->card->delay_in);
  return 0;
}

static snd_pcm_chmap_t *get_chmap(snd_pcm_ioplug_t *io) {
  sim_pcm *p = io->private_data;
  snd_pcm_chmap_t *map = malloc(sizeof *map + io->channels * sizeof map->pos[0]);
  if (!map) return NULL;
  map->channels = io->channels;
  for (unsigned n = 0; n < io->channels; n++) map->pos[n] = SND_CHMAP_DRIVER_SPEC | (n + p->card->turned) % io->channels;
  return map;
}

static int hw_params(snd_pcm_ioplug_t *io, snd_pcm_hw_params_t *params) {
  sim_pcm *p = io->private_data;
  (void)params;
  free(p->held);
  p->held = calloc(io->buffer_size * io->channels, sizeof(int32_t));
  return p->held ? 0 : -ENOMEM;
}

static int sim_close(snd_pcm_ioplug_t *io) {
  sim_pcm *p = io->private_data;
  if (io->state != SND_PCM_STATE_OPEN) stop(io);
  if (p->card) munmap(p->card, p->size);
  if (p->file >= 0) close(p->file);
  if (p->timer >= 0) close(p->timer);
  free(p->held);
  free(p);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
  .start = start, .stop = stop, .pointer = pointer, .transfer = transfer, .close = sim_close, .hw_params = hw_params, .prepare = prepare,
  .poll_revents = poll_revents, .delay = delay, .get_chmap = get_chmap,
};

static unsigned list_of_bits(uint64_t bits, unsigned *list) {
  unsigned count = 0;
  for (unsigned i = 0; i < 64; i++)
    if (bits >> i & 1) list[count++] = i;
  return count;
}

static int set_limits(sim_pcm *p) {
  snd_pcm_ioplug_t *io = &p->io;
  const gigsim *c = p->card;
  unsigned list[64], rates = 0;
  const unsigned channels = p->way ? c->outputs : c->inputs;
  while (rates < SIM_RATES && c->rates[rates]) rates++;
  int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, list_of_bits(c->accesses, list), list);
  if (!error) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, list_of_bits(c->formats, list), list);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
  if (!error) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_RATE, rates, c->rates);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 8);
  return error;
}

// The card's file, for this direction alone; -EBUSY where somebody has it, -ENODEV while it is unplugged.
static int take_card(sim_pcm *p, const char *path) {
  struct stat found;
  struct flock lock = {.l_type = F_WRLCK, .l_start = p->way, .l_len = 1};
  p->file = open(path, O_RDWR | O_CLOEXEC);
  if (p->file < 0 || fstat(p->file, &found)) return -ENODEV;
  if (fcntl(p->file, F_OFD_SETLK, &lock)) return -EBUSY;
  if ((size_t)found.st_size < sizeof(gigsim)) return -EINVAL;
  p->size = (size_t)found.st_size;
  gigsim *c = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_SHARED, p->file, 0);
  if (c == MAP_FAILED) return -errno;
  p->card = c;
  const size_t room = sizeof *c + 4 * ((size_t)c->in_frames * c->in_channels + (size_t)c->out_frames * c->out_channels);
  if (c->magic != SIM_MAGIC || p->size < room || c->inputs > c->in_channels || c->outputs > c->out_channels) return -EINVAL;
  if (p->way && c->ways[1].running) set(&c->played, c->now);      // who had it was killed
  c->ways[p->way] = (sim_way){.deaf = c->ways[p->way].deaf};
  look_at_the_clock(c);
  if (c->now < c->plug && c->clock == SIM_GRANTED) go_on(c, c->now + RETRY_FRAMES);
  if (c->now < c->plug) return -ENODEV;
  p->plugs = get(&c->plugs);
  c->opens++;
  return 0;
}

static int sim_open(snd_pcm_t **pcm, const char *name, const char *path, snd_pcm_stream_t stream, int mode) {
  sim_pcm *p = calloc(1, sizeof *p);
  if (!p) return -ENOMEM;
  p->way = stream == SND_PCM_STREAM_PLAYBACK;
  p->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  p->file = -1;
  p->io = (snd_pcm_ioplug_t){.version = SND_PCM_IOPLUG_VERSION, .name = "gigsim", .poll_fd = p->timer, .poll_events = POLLIN, .callback = &callbacks,
                             .private_data = p};
  int error = p->timer < 0 ? -errno : take_card(p, path);
  if (!error) error = snd_pcm_ioplug_create(&p->io, name, stream, mode);
  if (error) return sim_close(&p->io), error;
  error = set_limits(p);
  if (error) return snd_pcm_ioplug_delete(&p->io), error;
  *pcm = p->io.pcm;
  return 0;
}

SND_PCM_PLUGIN_DEFINE_FUNC(gigsim) {
  snd_config_iterator_t i, next;
  const char *path = NULL;
  (void)root;
  snd_config_for_each(i, next, conf) {
    const char *id;
    if (!snd_config_get_id(snd_config_iterator_entry(i), &id) && !strcmp(id, "card")) snd_config_get_string(snd_config_iterator_entry(i), &path);
  }
  if (path) return sim_open(pcmp, name, path, stream, mode);
  SNDERR("gigsim: no card named, expected card \"/path\"");
  return -EINVAL;
}
SND_PCM_PLUGIN_SYMBOL(gigsim);
