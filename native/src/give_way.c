// give_way.c - gain sharing and ducking: the two places where strips know of each other.
#include "engine.h"

static void share_gains(gb_engine *e) {
  float sum[GB_QUANTUM] = {0}, total = 0, power = 0;
  for (int g = 0; g < e->groups; g++) {
    const share_coefs *c = &e->strips[g].c.share.now;
    if (share_idle(&e->strips[g].c.share)) continue;
    share_begin(&e->strips[g].c.share, &e->strips[g].s.share);
    share_listen(c, &e->strips[g].s.share, e->x[g], GB_QUANTUM, sum);
    total += lanes_sum(c->member * c->root_weight * c->root_weight * (e->strips[g].s.share.power + 1e-7f));
  }
  for (int i = 0; i < GB_QUANTUM; i++) power += sum[i] * sum[i] / GB_QUANTUM;
  e->share_total.power += (power - e->share_total.power) * (power > e->share_total.power ? 0.125f : 0.0044f);
  total = fmaxf(total, e->share_total.power);
  for (int g = 0; g < e->groups; g++) {
    strip_group *s = &e->strips[g];
    if (share_idle(&s->c.share)) continue;
    if (s->c.share.left) GLIDE_JUMP(&s->c.share);
    share_apply(&s->c.share.now, &s->s.share, e->x[g], GB_QUANTUM, total + 1e-9f, e->share_least, &s->reading.share);
  }
}

static void duck_strips(gb_engine *e) {
  lanes key = lanes_all(0);
  for (int g = 0; g < e->groups; g++) key = lanes_max(key, e->strips[g].c.duck.now.key * e->strips[g].reading.key);
  duck_listen(&e->duck, &e->ducking, lanes_peak(key));
  for (int g = 0; g < e->groups; g++) {
    strip_group *s = &e->strips[g];
    duck_begin(&s->c.duck, &s->s.duck);
    if (s->c.duck.left) GLIDE_JUMP(&s->c.duck);      // keys glide too, whether or not this group is ducked
    if (lanes_any(s->c.duck.now.level != 0) | lanes_any(s->c.duck.now.bell != 0) | lanes_any(s->s.duck.gain != 1) | lanes_any(s->s.duck.cut != 0))
      duck_process(&e->duck, &e->ducking, s->c.duck.now, &s->s.duck, e->x[g], GB_QUANTUM, &s->reading.duck);
  }
  if (e->duck.band.left) GLIDE_JUMP(&e->duck.band);
}

void engine_give_way(gb_engine *e, unsigned early) {
  int sharing = 0, ducking = e->duck.band.left;
  for (int g = 0; g < e->groups; g++) {
    sharing |= !share_idle(&e->strips[g].c.share);
    ducking |= !duck_idle(&e->strips[g].c.duck);
  }
  e->giving_way = sharing | ducking;
  for (int g = 0; early && !e->lookahead && g < e->groups; g++)
    if (mix_lanes(early, g)) memcpy(e->soon[g], e->x[g], sizeof e->soon[g]);
  if (sharing) share_gains(e);
  if (ducking) duck_strips(e);
  else e->ducking = (duck_drive){0};      // nobody is ducked: the next key begins anew
}
