// alsa.c - one direction of a sound card: opened as it is wished for, and a period at a time moved, in place where the card allows it.
#include "alsa.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "samples.h"

static const snd_pcm_format_t formats[] = {[GB_S32] = SND_PCM_FORMAT_S32_LE, [GB_S24_3] = SND_PCM_FORMAT_S24_3LE, [GB_S24] = SND_PCM_FORMAT_S24_LE,
                                           [GB_S16] = SND_PCM_FORMAT_S16_LE};
static const snd_pcm_access_t accesses[] = {SND_PCM_ACCESS_MMAP_INTERLEAVED, SND_PCM_ACCESS_MMAP_NONINTERLEAVED, SND_PCM_ACCESS_RW_INTERLEAVED,
                                            SND_PCM_ACCESS_RW_NONINTERLEAVED};
static const unsigned known_rates[] = {8000, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000};

__attribute__((format(printf, 3, 4))) static int say(char *why, int error, const char *words, ...) {
  va_list list;
  va_start(list, words);
  vsnprintf(why, GB_CARD_WORDS, words, list);
  va_end(list);
  return error;
}

static int refuse_rate(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw, const char *name, int rate, char *why) {
  char list[80] = "";
  for (unsigned i = 0; i < sizeof known_rates / sizeof *known_rates; i++)
    if (!snd_pcm_hw_params_test_rate(pcm, hw, known_rates[i], 0)) {
      const size_t used = strlen(list);
      snprintf(list + used, sizeof list - used, "%s%u", used ? ", " : "", known_rates[i]);
    }
  return say(why, -EINVAL, "%s: %s Hz, expected %d Hz", name, *list ? list : "no known number of", rate);
}

// As many channels as there are, or as are wished for, or what is nearest.
static int set_channels(way *w, snd_pcm_hw_params_t *hw, const char *name, int wanted, char *why) {
  unsigned least = 0, most = 0, count;
  snd_pcm_hw_params_get_channels_min(hw, &least);
  snd_pcm_hw_params_get_channels_max(hw, &most);
  if (least > WAY_CHANNELS) return say(why, -EINVAL, "%s: %u channels at least, expected %d at most", name, least, WAY_CHANNELS);
  count = wanted ? (unsigned)wanted : most < WAY_CHANNELS ? most : WAY_CHANNELS;
  if (count < least) count = least;
  if (count > most) count = most;
  const int error = snd_pcm_hw_params_set_channels_near(w->pcm, hw, &count);
  if (error || !count || count > WAY_CHANNELS) return say(why, -EINVAL, "%s: no number of channels that can be used", name);
  w->channels = (int)count;
  return 0;
}

static int set_format(way *w, snd_pcm_hw_params_t *hw, const char *name, int wanted, char *why) {
  for (int f = wanted ? wanted : GB_S32; f <= (wanted ? wanted : GB_S16); f++)
    if (!snd_pcm_hw_params_set_format(w->pcm, hw, formats[f])) return w->format = f, 0;
  return say(why, -EINVAL, "%s: none of its formats is known, expected %s", name, wanted ? snd_pcm_format_name(formats[wanted]) : "S32, S24_3, S24 or S16");
}

static int set_hardware(way *w, const char *name, const gb_card_wish *wish, char *why) {
  snd_pcm_hw_params_t *hw;
  unsigned access = 0, periods = (unsigned)wish->periods;
  const snd_pcm_uframes_t period = (snd_pcm_uframes_t)wish->period;
  snd_pcm_hw_params_alloca(&hw);
  int error = snd_pcm_hw_params_any(w->pcm, hw);
  if (error < 0) return say(why, error, "%s: %s", name, snd_strerror(error));
  snd_pcm_hw_params_set_rate_resample(w->pcm, hw, 0);
  if (snd_pcm_hw_params_set_rate(w->pcm, hw, (unsigned)wish->rate, 0)) return refuse_rate(w->pcm, hw, name, wish->rate, why);
  while (access < 4 && snd_pcm_hw_params_set_access(w->pcm, hw, accesses[access])) access++;
  if (access == 4) return say(why, -EINVAL, "%s: no way to its samples, expected mmap or read and write", name);
  error = set_format(w, hw, name, wish->format, why);
  if (!error) error = set_channels(w, hw, name, w->stream == SND_PCM_STREAM_CAPTURE ? wish->inputs : wish->outputs, why);
  if (error) return error;
  if (snd_pcm_hw_params_set_period_size(w->pcm, hw, period, 0) || snd_pcm_hw_params_set_periods(w->pcm, hw, periods, 0))
    return say(why, -EINVAL, "%s: no %u periods of %lu frames, try other numbers", name, periods, period);
  error = snd_pcm_hw_params(w->pcm, hw);
  if (error) return say(why, error, "%s: %s", name, snd_strerror(error));
  w->rate = wish->rate, w->period = wish->period, w->periods = wish->periods;
  w->mmap = access < 2, w->apart = access == 1 || access == 3;
  return 0;
}

// Nothing starts but by being told to.
static int set_software(way *w) {
  snd_pcm_sw_params_t *sw;
  snd_pcm_uframes_t never = 0;
  snd_pcm_sw_params_alloca(&sw);
  int error = snd_pcm_sw_params_current(w->pcm, sw);
  if (!error) error = snd_pcm_sw_params_get_boundary(sw, &never);
  if (!error) error = snd_pcm_sw_params_set_start_threshold(w->pcm, sw, never);
  if (!error) error = snd_pcm_sw_params_set_avail_min(w->pcm, sw, (snd_pcm_uframes_t)w->period);
  return error ? error : snd_pcm_sw_params(w->pcm, sw);
}

static void learn_name(way *w, const char *name) {
  snd_pcm_info_t *info;
  snd_pcm_info_alloca(&info);
  const int unknown = snd_pcm_info(w->pcm, info);
  w->card = unknown ? -1 : snd_pcm_info_get_card(info);
  snprintf(w->name, sizeof w->name, "%s", unknown ? name : snd_pcm_info_get_name(info));
}

static void learn_map(way *w) {
  snd_pcm_chmap_t *map = snd_pcm_get_chmap(w->pcm);
  memset(w->map, 0, sizeof w->map);
  for (unsigned n = 0; map && n < map->channels && n < WAY_CHANNELS; n++) w->map[n] = map->pos[n];
  free(map);
}

static int make_buffer(way *w) {
  const int bytes = samples_bytes(w->format);
  w->buffer = calloc((size_t)(w->period * w->channels), (size_t)bytes);
  for (int n = 0; n < w->channels; n++)
    w->areas[n] = w->apart ? (snd_pcm_channel_area_t){w->buffer + n * w->period * bytes, 0, (unsigned)bytes * 8}
                           : (snd_pcm_channel_area_t){w->buffer, (unsigned)(n * bytes * 8), (unsigned)(w->channels * bytes * 8)};
  return w->buffer ? 0 : -ENOMEM;
}

int way_open(way *w, snd_pcm_stream_t stream, const char *name, const gb_card_wish *wish, char *why) {
  *w = (way){.stream = stream};
  int error = snd_pcm_open(&w->pcm, name, stream, SND_PCM_NONBLOCK);
  const char *of = stream == SND_PCM_STREAM_CAPTURE ? "inputs" : "outputs";
  if (error) {
    w->pcm = NULL;
    if (error == -EBUSY) return say(why, error, "%s: its %s are taken by another program", name, of);
    if (error == -ENOENT || error == -ENODEV || error == -ENXIO) return say(why, error, "%s: no card of this name with %s", name, of);
    return say(why, error, "%s: %s", name, snd_strerror(error));
  }
  error = set_hardware(w, name, wish, why);
  if (error) return way_close(w), error;
  error = set_software(w);
  if (!error) error = make_buffer(w);
  if (!error) {
    w->fd_count = snd_pcm_poll_descriptors(w->pcm, w->fds, sizeof w->fds / sizeof *w->fds);
    error = w->fd_count > 0 ? 0 : -EIO;
  }
  if (error) return way_close(w), say(why, error, "%s: %s", name, snd_strerror(error));
  learn_name(w, name);
  learn_map(w);
  return 0;
}

void way_close(way *w) {
  if (w->pcm) snd_pcm_close(w->pcm);
  free(w->buffer);
  w->pcm = NULL;
  w->buffer = NULL;
}

static int fault_of(snd_pcm_state_t state) {
  return state == SND_PCM_STATE_DISCONNECTED ? -ENODEV : state == SND_PCM_STATE_SUSPENDED ? -ESTRPIPE : state == SND_PCM_STATE_RUNNING ? 0 : -EPIPE;
}

int way_available(way *w) {
  const snd_pcm_sframes_t frames = snd_pcm_avail_update(w->pcm);
  if (frames < 0) return (int)frames;
  const int fault = fault_of(snd_pcm_state(w->pcm));
  return fault ? fault : (int)frames;
}

int way_delay(way *w) {
  snd_pcm_sframes_t frames;
  return snd_pcm_delay(w->pcm, &frames) || frames < 0 ? 0 : (int)frames;
}

static char *sample_of(const snd_pcm_channel_area_t *area, snd_pcm_uframes_t frame) { return (char *)area->addr + (area->first + area->step * frame) / 8; }

// Between a card's memory and interleaved floats.
static void convert(const way *w, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t at, float *sound, int frames) {
  const int capture = w->stream == SND_PCM_STREAM_CAPTURE, bytes = samples_bytes(w->format);
  if (!w->apart && areas[0].step == (unsigned)(w->channels * bytes * 8)) {      // all in one piece
    if (capture) samples_take_all(sample_of(areas, at), bytes, w->format, sound, 1, frames * w->channels);
    else samples_give_all(sound, 1, sample_of(areas, at), bytes, w->format, frames * w->channels);
    return;
  }
  for (int n = 0; n < w->channels; n++) {
    const int step = (int)(areas[n].step / 8);
    if (capture) samples_take_all(sample_of(&areas[n], at), step, w->format, sound + n, w->channels, frames);
    else samples_give_all(sound + n, w->channels, sample_of(&areas[n], at), step, w->format, frames);
  }
}

static int move_in_place(way *w, float *sound, int frames) {
  for (int done = 0; done < frames;) {
    const snd_pcm_channel_area_t *areas;
    snd_pcm_uframes_t at, count = (snd_pcm_uframes_t)(frames - done);
    const int error = snd_pcm_mmap_begin(w->pcm, &areas, &at, &count);
    if (error < 0) return error;
    if (!count) return -EPIPE;
    convert(w, areas, at, sound + done * w->channels, (int)count);
    const snd_pcm_sframes_t moved = snd_pcm_mmap_commit(w->pcm, at, count);
    if (moved <= 0) return moved ? (int)moved : -EPIPE;
    done += (int)moved;
  }
  return 0;
}

// What read and write leave undone is asked for again: it is there, and somebody in between takes it in pieces.
static int move_through(way *w, int frames) {
  const int bytes = samples_bytes(w->format);
  for (int done = 0; done < frames;) {
    void *apart[WAY_CHANNELS];
    char *together = w->buffer + done * w->channels * bytes;
    for (int n = 0; n < w->channels; n++) apart[n] = sample_of(&w->areas[n], (snd_pcm_uframes_t)done);
    const snd_pcm_uframes_t left = (snd_pcm_uframes_t)(frames - done);
    const snd_pcm_sframes_t moved = w->stream == SND_PCM_STREAM_CAPTURE ? (w->apart ? snd_pcm_readn(w->pcm, apart, left) : snd_pcm_readi(w->pcm, together, left))
                                    : w->apart ? snd_pcm_writen(w->pcm, apart, left) : snd_pcm_writei(w->pcm, together, left);
    if (moved <= 0) return moved && moved != -EAGAIN ? (int)moved : -EPIPE;
    done += (int)moved;
  }
  return 0;
}

int way_take(way *w, float *to) {
  if (w->mmap) return move_in_place(w, to, w->period);
  const int error = move_through(w, w->period);
  if (!error) convert(w, w->areas, 0, to, w->period);
  return error;
}

int way_give(way *w, const float *from) {
  if (w->mmap) return move_in_place(w, (float *)from, w->period);
  convert(w, w->areas, 0, (float *)from, w->period);
  return move_through(w, w->period);
}

int way_silence(way *w) {
  static const float silence[WAY_CHANNELS * 4096];
  for (int p = 0; p < w->periods; p++) {
    const int error = way_give(w, silence);
    if (error) return error;
  }
  return 0;
}
