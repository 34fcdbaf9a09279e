// params.h - written by native/params_header.py from THE table; do not edit. Where each parameter lies, its range, its default, what it acts on.
#pragma once
#define GB_STRIPS 32
#define GB_EQS 4
#define GB_SENDS 6
#define GB_FXSENDS 2
#define GB_MONITORS 6
#define GB_FXS 2
#define GB_NOTCHS 16
#define GB_OUTS 32
#define GB_GEQS 31
#define GB_RTAS 2
#define GB_GROUPS 4
#define GB_VALUES 3980
#define GB_ROWS 170
#define GB_TABLE_HASH 0xc9918608u
enum gb_param {
  GB_STRIP_ROLE = 0,
  GB_STRIP_INPUT_GAIN = 32,
  GB_STRIP_INPUT_PHANTOM = 64,
  GB_STRIP_TRIM = 96,
  GB_STRIP_POLARITY = 128,
  GB_STRIP_DELAY = 160,
  GB_STRIP_LINK = 192,
  GB_STRIP_MUTE = 224,
  GB_STRIP_SOLO = 256,
  GB_STRIP_HPF_ON = 288,
  GB_STRIP_HPF_FREQUENCY = 320,
  GB_STRIP_HPF_SLOPE = 352,
  GB_STRIP_HUM_ON = 384,
  GB_STRIP_HUM_FREQUENCY = 416,
  GB_STRIP_HUM_HARMONICS = 448,
  GB_STRIP_HUM_DEPTH = 480,
  GB_STRIP_DENOISE_AMOUNT = 512,
  GB_STRIP_GATE_ON = 544,
  GB_STRIP_GATE_THRESHOLD = 576,
  GB_STRIP_GATE_RANGE = 608,
  GB_STRIP_GATE_RATIO = 640,
  GB_STRIP_GATE_ATTACK = 672,
  GB_STRIP_GATE_HOLD = 704,
  GB_STRIP_GATE_RELEASE = 736,
  GB_STRIP_EQ_ON = 768,
  GB_STRIP_EQ_TYPE = 800,
  GB_STRIP_EQ_FREQUENCY = 928,
  GB_STRIP_EQ_GAIN = 1056,
  GB_STRIP_EQ_Q = 1184,
  GB_STRIP_DEESS_ON = 1312,
  GB_STRIP_DEESS_FREQUENCY = 1344,
  GB_STRIP_DEESS_THRESHOLD = 1376,
  GB_STRIP_DEESS_RANGE = 1408,
  GB_STRIP_COMP_ON = 1440,
  GB_STRIP_COMP_THRESHOLD = 1472,
  GB_STRIP_COMP_RATIO = 1504,
  GB_STRIP_COMP_KNEE = 1536,
  GB_STRIP_COMP_ATTACK = 1568,
  GB_STRIP_COMP_RELEASE = 1600,
  GB_STRIP_COMP_MAKEUP = 1632,
  GB_STRIP_COMP_AUTO_MAKEUP = 1664,
  GB_STRIP_COMP_MIX = 1696,
  GB_STRIP_SHARE_ON = 1728,
  GB_STRIP_SHARE_WEIGHT = 1760,
  GB_STRIP_DUCK_KEY = 1792,
  GB_STRIP_DUCK_LEVEL = 1824,
  GB_STRIP_DUCK_BELL = 1856,
  GB_STRIP_LEVEL = 1888,
  GB_STRIP_PAN = 1920,
  GB_STRIP_SEND_LEVEL = 1952,
  GB_STRIP_SEND_TAP = 2144,
  GB_STRIP_FXSEND_LEVEL = 2336,
  GB_MAIN_LEVEL = 2400,
  GB_MAIN_MUTE = 2401,
  GB_MAIN_EQ_ON = 2402,
  GB_MAIN_EQ_TYPE = 2403,
  GB_MAIN_EQ_FREQUENCY = 2407,
  GB_MAIN_EQ_GAIN = 2411,
  GB_MAIN_EQ_Q = 2415,
  GB_MAIN_NOTCH_FREQUENCY = 2419,
  GB_MAIN_NOTCH_GAIN = 2435,
  GB_MAIN_NOTCH_Q = 2451,
  GB_MAIN_LIMITER_CEILING = 2467,
  GB_MAIN_LIMITER_RELEASE = 2468,
  GB_MONITOR_LEVEL = 2469,
  GB_MONITOR_MUTE = 2475,
  GB_MONITOR_EQ_ON = 2481,
  GB_MONITOR_EQ_TYPE = 2487,
  GB_MONITOR_EQ_FREQUENCY = 2511,
  GB_MONITOR_EQ_GAIN = 2535,
  GB_MONITOR_EQ_Q = 2559,
  GB_MONITOR_NOTCH_FREQUENCY = 2583,
  GB_MONITOR_NOTCH_GAIN = 2679,
  GB_MONITOR_NOTCH_Q = 2775,
  GB_MONITOR_LIMITER_CEILING = 2871,
  GB_MONITOR_LIMITER_RELEASE = 2877,
  GB_FX_TYPE = 2883,
  GB_FX_TIME = 2885,
  GB_FX_DECAY = 2887,
  GB_FX_TONE = 2889,
  GB_FX_LEVEL = 2891,
  GB_FX_MUTE = 2893,
  GB_BOX_DEPTH = 2895,
  GB_BOX_FREEZE = 2896,
  GB_BOX_MODE = 2897,
  GB_BOX_STYLE = 2898,
  GB_BOX_DENOISE = 2899,
  GB_BOX_LOOKAHEAD = 2900,
  GB_BOX_LISTEN = 2901,
  GB_BOX_DUCK_THRESHOLD = 2902,
  GB_BOX_DUCK_ATTACK = 2903,
  GB_BOX_DUCK_HOLD = 2904,
  GB_BOX_DUCK_RELEASE = 2905,
  GB_BOX_DUCK_FREQUENCY = 2906,
  GB_BOX_DUCK_Q = 2907,
  GB_BOX_SHARE_DEPTH = 2908,
  GB_STRIP_POP_ON = 2909,
  GB_STRIP_COLOUR = 2941,
  GB_MONITOR_FOLLOW = 2973,
  GB_MAIN_MONO_ON = 2979,
  GB_MAIN_MONO_FREQUENCY = 2980,
  GB_BOX_TASTE = 2981,
  GB_BOX_LINECHECK = 2982,
  GB_STRIP_INPUT_PAD = 2983,
  GB_STRIP_INPUT_SOURCE = 3015,
  GB_OUT_BUS = 3047,
  GB_MAIN_GUARD_ON = 3079,
  GB_MAIN_GUARD_KILL = 3080,
  GB_MAIN_GUARD_KEEP = 3081,
  GB_MAIN_GUARD_RINGOUT = 3082,
  GB_MAIN_GUARD_BOOST = 3083,
  GB_MAIN_GEQ_ON = 3084,
  GB_MAIN_GEQ_GAIN = 3085,
  GB_MONITOR_GUARD_ON = 3116,
  GB_MONITOR_GUARD_KILL = 3122,
  GB_MONITOR_GUARD_KEEP = 3128,
  GB_MONITOR_GUARD_RINGOUT = 3134,
  GB_MONITOR_GUARD_BOOST = 3140,
  GB_MONITOR_GEQ_ON = 3146,
  GB_MONITOR_GEQ_GAIN = 3152,
  GB_STRIP_GUARD = 3338,
  GB_BOX_RTA_TAP = 3370,
  GB_BOX_GENERATOR_KIND = 3372,
  GB_BOX_GENERATOR_OUTPUT = 3373,
  GB_BOX_GENERATOR_LEVEL = 3374,
  GB_BOX_GENERATOR_LOUD = 3375,
  GB_BOX_GENERATOR_FREQUENCY = 3376,
  GB_STRIP_GROUP_ON = 3377,
  GB_GROUP_LEVEL = 3505,
  GB_GROUP_MUTE = 3509,
  GB_BOX_MUTE_ALL = 3513,
  GB_STRIP_MUTE_SAFE = 3514,
  GB_STRIP_SOLO_SAFE = 3546,
  GB_MONITOR_LINK = 3578,
  GB_STRIP_SEND_PAN = 3584,
  GB_MONITOR_AMBIENCE = 3776,
  GB_STRIP_TALK = 3782,
  GB_MONITOR_LOUDNESS_ON = 3814,
  GB_MONITOR_LOUDNESS_MOST = 3820,
  GB_MONITOR_SOLO = 3826,
  GB_MONITOR_TALK = 3832,
  GB_BOX_TALK_LEVEL = 3838,
  GB_FX_DIVISION = 3839,
  GB_FX_PINGPONG = 3841,
  GB_FX_WIDTH = 3843,
  GB_FX_LOW_CUT = 3845,
  GB_FX_SEND_LEVEL = 3847,
  GB_BOX_TEMPO = 3859,
  GB_BOX_TAP = 3860,
  GB_STRIP_SAFE = 3861,
  GB_MONITOR_SAFE = 3893,
  GB_MAIN_SAFE = 3899,
  GB_BOX_SAFE_NAMES = 3900,
  GB_BOX_SAFE_INPUTS = 3901,
  GB_BOX_SAFE_PROCESSING = 3902,
  GB_BOX_SAFE_FADERS = 3903,
  GB_BOX_SAFE_SENDS = 3904,
  GB_BOX_SAFE_EFFECTS = 3905,
  GB_BOX_SAFE_MONITORS = 3906,
  GB_BOX_SAFE_MAIN = 3907,
  GB_BOX_SAFE_BOX = 3908,
  GB_BOX_RECALL = 3909,
  GB_TAPE_RECORD = 3910,
  GB_BOX_TAKEN = 3911,
  GB_BOX_IDEAS_ON = 3912,
  GB_BOX_IDEAS_SEED = 3913,
  GB_STRIP_BLEED = 3914,
  GB_STRIP_VOICE = 3946,
  GB_BOX_OSC = 3978,
  GB_BOX_MIDI = 3979,
};
enum gb_role { GB_ROLE_UNUSED, GB_ROLE_LEAD_VOCAL, GB_ROLE_BACKING_VOCAL, GB_ROLE_SPEECH, GB_ROLE_KICK, GB_ROLE_SNARE, GB_ROLE_HIHAT_OVERHEAD, GB_ROLE_TOM, GB_ROLE_DRUMS, GB_ROLE_BASS, GB_ROLE_ELECTRIC_GUITAR, GB_ROLE_ACOUSTIC_GUITAR, GB_ROLE_KEYS, GB_ROLE_SYNTH, GB_ROLE_STRINGS, GB_ROLE_BRASS_SAX, GB_ROLE_PLAYBACK, GB_ROLE_AMBIENCE };
// `each`: values of one strip or monitor; `hurries`: no morph holds it up. The default of instance i is defaults[i % cycle].
typedef struct { int first, count, each; float low, high, smooth_ms; int hurries, cycle; float defaults[32]; } gb_row;
static const gb_row gb_rows[GB_ROWS] = {
  {0, 32, 1, 0, 17, 20, 0, 1, {0}},  // strip/*/role
  {32, 32, 1, 0, 60, 20, 0, 1, {0}},  // strip/*/input/gain
  {64, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/input/phantom
  {96, 32, 1, -24, 24, 20, 0, 1, {0}},  // strip/*/trim
  {128, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/polarity
  {160, 32, 1, 0, 20, 50, 0, 1, {0}},  // strip/*/delay
  {192, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/link
  {224, 32, 1, 0, 1, 5, 1, 1, {0}},  // strip/*/mute
  {256, 32, 1, 0, 1, 5, 1, 1, {0}},  // strip/*/solo
  {288, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/hpf/on
  {320, 32, 1, 16, 400, 20, 0, 1, {80}},  // strip/*/hpf/frequency
  {352, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/hpf/slope
  {384, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/hum/on
  {416, 32, 1, 45, 65, 20, 0, 1, {50}},  // strip/*/hum/frequency
  {448, 32, 1, 1, 8, 20, 0, 1, {8}},  // strip/*/hum/harmonics
  {480, 32, 1, 0, 30, 20, 0, 1, {18}},  // strip/*/hum/depth
  {512, 32, 1, 0, 24, 20, 0, 1, {0}},  // strip/*/denoise/amount
  {544, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/gate/on
  {576, 32, 1, -90, 0, 20, 0, 1, {-45}},  // strip/*/gate/threshold
  {608, 32, 1, 0, 80, 20, 0, 1, {20}},  // strip/*/gate/range
  {640, 32, 1, 1, 100, 20, 0, 1, {100}},  // strip/*/gate/ratio
  {672, 32, 1, 0.1, 100, 0, 0, 1, {1}},  // strip/*/gate/attack
  {704, 32, 1, 0, 1000, 0, 0, 1, {50}},  // strip/*/gate/hold
  {736, 32, 1, 5, 2000, 0, 0, 1, {150}},  // strip/*/gate/release
  {768, 32, 1, 0, 1, 20, 0, 1, {1}},  // strip/*/eq/on
  {800, 128, 4, 0, 2, 20, 0, 4, {1, 0, 0, 2}},  // strip/*/eq/*/type
  {928, 128, 4, 20, 20000, 20, 0, 4, {100, 400, 2500, 8000}},  // strip/*/eq/*/frequency
  {1056, 128, 4, -18, 18, 20, 0, 1, {0}},  // strip/*/eq/*/gain
  {1184, 128, 4, 0.1, 10, 20, 0, 1, {0.8}},  // strip/*/eq/*/q
  {1312, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/deess/on
  {1344, 32, 1, 4000, 10000, 20, 0, 1, {6500}},  // strip/*/deess/frequency
  {1376, 32, 1, -30, 0, 0, 0, 1, {-12}},  // strip/*/deess/threshold
  {1408, 32, 1, 0, 12, 20, 0, 1, {8}},  // strip/*/deess/range
  {1440, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/comp/on
  {1472, 32, 1, -60, 0, 20, 0, 1, {-20}},  // strip/*/comp/threshold
  {1504, 32, 1, 1, 20, 20, 0, 1, {2}},  // strip/*/comp/ratio
  {1536, 32, 1, 0, 24, 20, 0, 1, {6}},  // strip/*/comp/knee
  {1568, 32, 1, 0.1, 200, 0, 0, 1, {10}},  // strip/*/comp/attack
  {1600, 32, 1, 5, 2000, 0, 0, 1, {120}},  // strip/*/comp/release
  {1632, 32, 1, 0, 24, 20, 0, 1, {0}},  // strip/*/comp/makeup
  {1664, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/comp/auto_makeup
  {1696, 32, 1, 0, 100, 20, 0, 1, {100}},  // strip/*/comp/mix
  {1728, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/share/on
  {1760, 32, 1, -15, 15, 20, 0, 1, {0}},  // strip/*/share/weight
  {1792, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/duck/key
  {1824, 32, 1, 0, 24, 20, 0, 1, {0}},  // strip/*/duck/level
  {1856, 32, 1, 0, 12, 20, 0, 1, {0}},  // strip/*/duck/bell
  {1888, 32, 1, -90, 10, 10, 0, 1, {0}},  // strip/*/level
  {1920, 32, 1, -1, 1, 10, 0, 1, {0}},  // strip/*/pan
  {1952, 192, 6, -90, 10, 10, 0, 1, {-90}},  // strip/*/send/*/level
  {2144, 192, 6, 0, 2, 20, 0, 1, {0}},  // strip/*/send/*/tap
  {2336, 64, 2, -90, 10, 10, 0, 1, {-90}},  // strip/*/fxsend/*/level
  {2400, 1, 1, -90, 10, 10, 0, 1, {0}},  // main/level
  {2401, 1, 1, 0, 1, 5, 1, 1, {0}},  // main/mute
  {2402, 1, 1, 0, 1, 20, 0, 1, {1}},  // main/eq/on
  {2403, 4, 4, 0, 2, 20, 0, 4, {1, 0, 0, 2}},  // main/eq/*/type
  {2407, 4, 4, 20, 20000, 20, 0, 4, {100, 400, 2500, 8000}},  // main/eq/*/frequency
  {2411, 4, 4, -18, 18, 20, 0, 1, {0}},  // main/eq/*/gain
  {2415, 4, 4, 0.1, 10, 20, 0, 1, {0.8}},  // main/eq/*/q
  {2419, 16, 16, 20, 20000, 20, 0, 1, {1000}},  // main/notch/*/frequency
  {2435, 16, 16, -24, 0, 20, 0, 1, {0}},  // main/notch/*/gain
  {2451, 16, 16, 3, 120, 20, 0, 1, {14.5}},  // main/notch/*/q
  {2467, 1, 1, -12, 0, 20, 0, 1, {-1}},  // main/limiter/ceiling
  {2468, 1, 1, 20, 500, 0, 0, 1, {80}},  // main/limiter/release
  {2469, 6, 1, -90, 10, 10, 0, 1, {0}},  // monitor/*/level
  {2475, 6, 1, 0, 1, 5, 1, 1, {0}},  // monitor/*/mute
  {2481, 6, 1, 0, 1, 20, 0, 1, {1}},  // monitor/*/eq/on
  {2487, 24, 4, 0, 2, 20, 0, 4, {1, 0, 0, 2}},  // monitor/*/eq/*/type
  {2511, 24, 4, 20, 20000, 20, 0, 4, {100, 400, 2500, 8000}},  // monitor/*/eq/*/frequency
  {2535, 24, 4, -18, 18, 20, 0, 1, {0}},  // monitor/*/eq/*/gain
  {2559, 24, 4, 0.1, 10, 20, 0, 1, {0.8}},  // monitor/*/eq/*/q
  {2583, 96, 16, 20, 20000, 20, 0, 1, {1000}},  // monitor/*/notch/*/frequency
  {2679, 96, 16, -24, 0, 20, 0, 1, {0}},  // monitor/*/notch/*/gain
  {2775, 96, 16, 3, 120, 20, 0, 1, {14.5}},  // monitor/*/notch/*/q
  {2871, 6, 1, -24, 0, 20, 0, 1, {-1}},  // monitor/*/limiter/ceiling
  {2877, 6, 1, 20, 500, 0, 0, 1, {80}},  // monitor/*/limiter/release
  {2883, 2, 1, 0, 2, 20, 0, 1, {0}},  // fx/*/type
  {2885, 2, 1, 0, 1000, 50, 0, 1, {20}},  // fx/*/time
  {2887, 2, 1, 0.1, 8, 20, 0, 1, {1.6}},  // fx/*/decay
  {2889, 2, 1, 500, 16000, 20, 0, 1, {5000}},  // fx/*/tone
  {2891, 2, 1, -90, 10, 10, 0, 1, {0}},  // fx/*/level
  {2893, 2, 1, 0, 1, 5, 1, 1, {0}},  // fx/*/mute
  {2895, 1, 1, 0, 100, 0, 0, 1, {100}},  // box/depth
  {2896, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/freeze
  {2897, 1, 1, 0, 1, 20, 0, 1, {1}},  // box/mode
  {2898, 1, 1, 0, 8, 20, 0, 1, {0}},  // box/style
  {2899, 1, 1, 0, 2, 20, 0, 1, {2}},  // box/denoise
  {2900, 1, 1, 0, 1, 20, 0, 1, {1}},  // box/lookahead
  {2901, 1, 1, 0, 6, 20, 0, 1, {0}},  // box/listen
  {2902, 1, 1, -70, 0, 0, 0, 1, {-30}},  // box/duck/threshold
  {2903, 1, 1, 1, 500, 0, 0, 1, {30}},  // box/duck/attack
  {2904, 1, 1, 0, 2000, 0, 0, 1, {250}},  // box/duck/hold
  {2905, 1, 1, 20, 4000, 0, 0, 1, {400}},  // box/duck/release
  {2906, 1, 1, 500, 6000, 20, 0, 1, {2200}},  // box/duck/frequency
  {2907, 1, 1, 0.3, 3, 20, 0, 1, {0.7}},  // box/duck/q
  {2908, 1, 1, 6, 40, 0, 0, 1, {20}},  // box/share/depth
  {2909, 32, 1, 0, 1, 20, 0, 1, {1}},  // strip/*/pop/on
  {2941, 32, 1, 0, 9, 20, 0, 1, {0}},  // strip/*/colour
  {2973, 6, 1, 0, 1, 20, 0, 1, {0}},  // monitor/*/follow
  {2979, 1, 1, 0, 1, 20, 0, 1, {0}},  // main/mono/on
  {2980, 1, 1, 40, 250, 20, 0, 1, {120}},  // main/mono/frequency
  {2981, 1, 1, 0, 1, 20, 0, 1, {1}},  // box/taste
  {2982, 1, 1, 0, 60, 0, 0, 1, {0}},  // box/linecheck
  {2983, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/input/pad
  {3015, 32, 1, 0, 32, 20, 0, 32, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32}},  // strip/*/input/source
  {3047, 32, 1, 0, 8, 20, 0, 32, {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},  // out/*/bus
  {3079, 1, 1, 0, 1, 20, 0, 1, {0}},  // main/guard/on
  {3080, 1, 1, 0, 17, 0, 0, 1, {0}},  // main/guard/kill
  {3081, 1, 1, 0, 17, 0, 0, 1, {0}},  // main/guard/keep
  {3082, 1, 1, 0, 2, 20, 0, 1, {0}},  // main/guard/ringout
  {3083, 1, 1, -20, 12, 50, 0, 1, {0}},  // main/guard/boost
  {3084, 1, 1, 0, 1, 20, 0, 1, {1}},  // main/geq/on
  {3085, 31, 31, -12, 12, 20, 0, 1, {0}},  // main/geq/*/gain
  {3116, 6, 1, 0, 1, 20, 0, 1, {0}},  // monitor/*/guard/on
  {3122, 6, 1, 0, 17, 0, 0, 1, {0}},  // monitor/*/guard/kill
  {3128, 6, 1, 0, 17, 0, 0, 1, {0}},  // monitor/*/guard/keep
  {3134, 6, 1, 0, 2, 20, 0, 1, {0}},  // monitor/*/guard/ringout
  {3140, 6, 1, -20, 12, 50, 0, 1, {0}},  // monitor/*/guard/boost
  {3146, 6, 1, 0, 1, 20, 0, 1, {1}},  // monitor/*/geq/on
  {3152, 186, 31, -12, 12, 20, 0, 1, {0}},  // monitor/*/geq/*/gain
  {3338, 32, 1, 0, 1, 20, 0, 1, {1}},  // strip/*/guard
  {3370, 2, 2, 0, 40, 20, 0, 1, {0}},  // box/rta/*/tap
  {3372, 1, 1, 0, 6, 20, 0, 1, {0}},  // box/generator/kind
  {3373, 1, 1, 0, 8, 20, 0, 1, {0}},  // box/generator/output
  {3374, 1, 1, -80, 0, 20, 0, 1, {-30}},  // box/generator/level
  {3375, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/generator/loud
  {3376, 1, 1, 20, 20000, 20, 0, 1, {1000}},  // box/generator/frequency
  {3377, 128, 4, 0, 1, 20, 0, 1, {0}},  // strip/*/group/*/on
  {3505, 4, 1, -90, 10, 10, 0, 1, {0}},  // group/*/level
  {3509, 4, 1, 0, 1, 5, 1, 1, {0}},  // group/*/mute
  {3513, 1, 1, 0, 1, 5, 1, 1, {0}},  // box/mute_all
  {3514, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/mute_safe
  {3546, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/solo_safe
  {3578, 6, 1, 0, 1, 20, 0, 1, {0}},  // monitor/*/link
  {3584, 192, 6, -1, 1, 10, 0, 1, {0}},  // strip/*/send/*/pan
  {3776, 6, 1, -90, 10, 10, 0, 1, {-90}},  // monitor/*/ambience
  {3782, 32, 1, 0, 1, 5, 1, 1, {0}},  // strip/*/talk
  {3814, 6, 1, 0, 1, 20, 0, 1, {0}},  // monitor/*/loudness/on
  {3820, 6, 1, -50, 0, 20, 0, 1, {-18}},  // monitor/*/loudness/most
  {3826, 6, 1, 0, 1, 20, 0, 1, {0}},  // monitor/*/solo
  {3832, 6, 1, 0, 1, 20, 0, 1, {1}},  // monitor/*/talk
  {3838, 1, 1, -90, 10, 10, 0, 1, {0}},  // box/talk/level
  {3839, 2, 1, 0, 9, 20, 0, 1, {6}},  // fx/*/division
  {3841, 2, 1, 0, 1, 20, 0, 1, {0}},  // fx/*/pingpong
  {3843, 2, 1, 0, 100, 20, 0, 1, {100}},  // fx/*/width
  {3845, 2, 1, 20, 500, 20, 0, 1, {120}},  // fx/*/low_cut
  {3847, 12, 6, -90, 10, 10, 0, 1, {-90}},  // fx/*/send/*/level
  {3859, 1, 1, 30, 300, 20, 0, 1, {120}},  // box/tempo
  {3860, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/tap
  {3861, 32, 1, 0, 1, 20, 0, 1, {0}},  // strip/*/safe
  {3893, 6, 1, 0, 1, 20, 0, 1, {0}},  // monitor/*/safe
  {3899, 1, 1, 0, 1, 20, 0, 1, {0}},  // main/safe
  {3900, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/names
  {3901, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/inputs
  {3902, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/processing
  {3903, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/faders
  {3904, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/sends
  {3905, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/effects
  {3906, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/monitors
  {3907, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/main
  {3908, 1, 1, 0, 1, 20, 0, 1, {0}},  // box/safe/box
  {3909, 1, 1, 0, 10, 0, 0, 1, {1}},  // box/recall
  {3910, 1, 1, 0, 1, 20, 0, 1, {0}},  // tape/record
  {3911, 1, 1, 0, 32, 20, 0, 1, {0}},  // box/taken
  {3912, 1, 1, 0, 1, 20, 0, 1, {1}},  // box/ideas/on
  {3913, 1, 1, 1, 999, 0, 0, 1, {1}},  // box/ideas/seed
  {3914, 32, 1, 0, 24, 20, 0, 1, {0}},  // strip/*/bleed
  {3946, 32, 1, -100, 100, 20, 0, 1, {0}},  // strip/*/voice
  {3978, 1, 1, 0, 2, 20, 0, 1, {0}},  // box/osc
  {3979, 1, 1, 0, 1, 20, 0, 1, {1}},  // box/midi
};
// ROW(parameter, whose block, block): what is designed anew when a value changes. A row that is not here is read as it is, or by nobody.
#define GB_ACTS(ROW) \
  ROW(GB_STRIP_ROLE, strip, STRIP_OUT) \
  ROW(GB_STRIP_TRIM, strip, STRIP_INPUT) \
  ROW(GB_STRIP_POLARITY, strip, STRIP_INPUT) \
  ROW(GB_STRIP_DELAY, strip, STRIP_ALIGN) \
  ROW(GB_STRIP_MUTE, strip, STRIP_OUT) \
  ROW(GB_STRIP_SOLO, strip, STRIP_OUT) \
  ROW(GB_STRIP_HPF_ON, strip, STRIP_HPF) \
  ROW(GB_STRIP_HPF_FREQUENCY, strip, STRIP_HPF) \
  ROW(GB_STRIP_HPF_SLOPE, strip, STRIP_HPF) \
  ROW(GB_STRIP_HUM_ON, strip, STRIP_HUM) \
  ROW(GB_STRIP_HUM_FREQUENCY, strip, STRIP_HUM) \
  ROW(GB_STRIP_HUM_HARMONICS, strip, STRIP_HUM) \
  ROW(GB_STRIP_HUM_DEPTH, strip, STRIP_HUM) \
  ROW(GB_STRIP_DENOISE_AMOUNT, strip, STRIP_DENOISE) \
  ROW(GB_STRIP_GATE_ON, strip, STRIP_GATE) \
  ROW(GB_STRIP_GATE_THRESHOLD, strip, STRIP_GATE) \
  ROW(GB_STRIP_GATE_RANGE, strip, STRIP_GATE) \
  ROW(GB_STRIP_GATE_RATIO, strip, STRIP_GATE) \
  ROW(GB_STRIP_GATE_ATTACK, strip, STRIP_GATE) \
  ROW(GB_STRIP_GATE_HOLD, strip, STRIP_GATE) \
  ROW(GB_STRIP_GATE_RELEASE, strip, STRIP_GATE) \
  ROW(GB_STRIP_EQ_ON, strip, STRIP_EQ) \
  ROW(GB_STRIP_EQ_TYPE, strip, STRIP_EQ) \
  ROW(GB_STRIP_EQ_FREQUENCY, strip, STRIP_EQ) \
  ROW(GB_STRIP_EQ_GAIN, strip, STRIP_EQ) \
  ROW(GB_STRIP_EQ_Q, strip, STRIP_EQ) \
  ROW(GB_STRIP_DEESS_ON, strip, STRIP_DEESS) \
  ROW(GB_STRIP_DEESS_FREQUENCY, strip, STRIP_DEESS) \
  ROW(GB_STRIP_DEESS_THRESHOLD, strip, STRIP_DEESS) \
  ROW(GB_STRIP_DEESS_RANGE, strip, STRIP_DEESS) \
  ROW(GB_STRIP_COMP_ON, strip, STRIP_COMP) \
  ROW(GB_STRIP_COMP_THRESHOLD, strip, STRIP_COMP) \
  ROW(GB_STRIP_COMP_RATIO, strip, STRIP_COMP) \
  ROW(GB_STRIP_COMP_KNEE, strip, STRIP_COMP) \
  ROW(GB_STRIP_COMP_ATTACK, strip, STRIP_COMP) \
  ROW(GB_STRIP_COMP_RELEASE, strip, STRIP_COMP) \
  ROW(GB_STRIP_COMP_MAKEUP, strip, STRIP_COMP) \
  ROW(GB_STRIP_COMP_AUTO_MAKEUP, strip, STRIP_COMP) \
  ROW(GB_STRIP_COMP_MIX, strip, STRIP_COMP) \
  ROW(GB_STRIP_SHARE_ON, strip, STRIP_SHARE) \
  ROW(GB_STRIP_SHARE_WEIGHT, strip, STRIP_SHARE) \
  ROW(GB_STRIP_DUCK_KEY, strip, STRIP_DUCK) \
  ROW(GB_STRIP_DUCK_LEVEL, strip, STRIP_DUCK) \
  ROW(GB_STRIP_DUCK_BELL, strip, STRIP_DUCK) \
  ROW(GB_STRIP_LEVEL, strip, STRIP_OUT) \
  ROW(GB_STRIP_PAN, strip, STRIP_OUT) \
  ROW(GB_STRIP_SEND_LEVEL, strip, STRIP_OUT) \
  ROW(GB_STRIP_SEND_TAP, strip, STRIP_OUT) \
  ROW(GB_STRIP_FXSEND_LEVEL, strip, STRIP_OUT) \
  ROW(GB_MAIN_LEVEL, main, BUS_GAIN) \
  ROW(GB_MAIN_MUTE, main, BUS_GAIN) \
  ROW(GB_MAIN_EQ_ON, main, BUS_EQ) \
  ROW(GB_MAIN_EQ_TYPE, main, BUS_EQ) \
  ROW(GB_MAIN_EQ_FREQUENCY, main, BUS_EQ) \
  ROW(GB_MAIN_EQ_GAIN, main, BUS_EQ) \
  ROW(GB_MAIN_EQ_Q, main, BUS_EQ) \
  ROW(GB_MAIN_NOTCH_FREQUENCY, main, BUS_NOTCH) \
  ROW(GB_MAIN_NOTCH_GAIN, main, BUS_NOTCH) \
  ROW(GB_MAIN_NOTCH_Q, main, BUS_NOTCH) \
  ROW(GB_MAIN_LIMITER_CEILING, main, BUS_LIMIT) \
  ROW(GB_MAIN_LIMITER_RELEASE, main, BUS_LIMIT) \
  ROW(GB_MONITOR_LEVEL, monitor, BUS_GAIN) \
  ROW(GB_MONITOR_MUTE, monitor, BUS_GAIN) \
  ROW(GB_MONITOR_EQ_ON, monitor, BUS_EQ) \
  ROW(GB_MONITOR_EQ_TYPE, monitor, BUS_EQ) \
  ROW(GB_MONITOR_EQ_FREQUENCY, monitor, BUS_EQ) \
  ROW(GB_MONITOR_EQ_GAIN, monitor, BUS_EQ) \
  ROW(GB_MONITOR_EQ_Q, monitor, BUS_EQ) \
  ROW(GB_MONITOR_NOTCH_FREQUENCY, monitor, BUS_NOTCH) \
  ROW(GB_MONITOR_NOTCH_GAIN, monitor, BUS_NOTCH) \
  ROW(GB_MONITOR_NOTCH_Q, monitor, BUS_NOTCH) \
  ROW(GB_MONITOR_LIMITER_CEILING, monitor, BUS_LIMIT) \
  ROW(GB_MONITOR_LIMITER_RELEASE, monitor, BUS_LIMIT) \
  ROW(GB_FX_TYPE, fx, FX_EFFECT) \
  ROW(GB_FX_TIME, fx, FX_EFFECT) \
  ROW(GB_FX_DECAY, fx, FX_EFFECT) \
  ROW(GB_FX_TONE, fx, FX_EFFECT) \
  ROW(GB_FX_LEVEL, fx, FX_RETURN) \
  ROW(GB_FX_MUTE, fx, FX_RETURN) \
  ROW(GB_BOX_LOOKAHEAD, box, BOX_LOOKAHEAD) \
  ROW(GB_BOX_DUCK_THRESHOLD, box, BOX_DUCK) \
  ROW(GB_BOX_DUCK_ATTACK, box, BOX_DUCK) \
  ROW(GB_BOX_DUCK_HOLD, box, BOX_DUCK) \
  ROW(GB_BOX_DUCK_RELEASE, box, BOX_DUCK) \
  ROW(GB_BOX_DUCK_FREQUENCY, box, BOX_DUCK) \
  ROW(GB_BOX_DUCK_Q, box, BOX_DUCK) \
  ROW(GB_BOX_SHARE_DEPTH, box, BOX_SHARE) \
  ROW(GB_STRIP_POP_ON, strip, STRIP_POP) \
  ROW(GB_MAIN_MONO_ON, main, BUS_MONO) \
  ROW(GB_MAIN_MONO_FREQUENCY, main, BUS_MONO) \
  ROW(GB_STRIP_INPUT_SOURCE, strip, STRIP_PATCH) \
  ROW(GB_OUT_BUS, out, OUT_PATCH) \
  ROW(GB_MAIN_GUARD_ON, main, BUS_GUARD) \
  ROW(GB_MAIN_GUARD_KILL, main, BUS_GUARD) \
  ROW(GB_MAIN_GUARD_BOOST, main, BUS_GAIN) \
  ROW(GB_MAIN_GEQ_ON, main, BUS_GEQ) \
  ROW(GB_MAIN_GEQ_GAIN, main, BUS_GEQ) \
  ROW(GB_MONITOR_GUARD_ON, monitor, BUS_GUARD) \
  ROW(GB_MONITOR_GUARD_KILL, monitor, BUS_GUARD) \
  ROW(GB_MONITOR_GUARD_BOOST, monitor, BUS_GAIN) \
  ROW(GB_MONITOR_GEQ_ON, monitor, BUS_GEQ) \
  ROW(GB_MONITOR_GEQ_GAIN, monitor, BUS_GEQ) \
  ROW(GB_STRIP_GROUP_ON, strip, STRIP_OUT) \
  ROW(GB_GROUP_LEVEL, group, GROUP_SENDS) \
  ROW(GB_GROUP_MUTE, group, GROUP_SENDS) \
  ROW(GB_BOX_MUTE_ALL, box, BOX_SENDS) \
  ROW(GB_STRIP_MUTE_SAFE, strip, STRIP_OUT) \
  ROW(GB_STRIP_SOLO_SAFE, strip, STRIP_OUT) \
  ROW(GB_MONITOR_LINK, monitor, BUS_LINK) \
  ROW(GB_STRIP_SEND_PAN, strip, STRIP_OUT) \
  ROW(GB_MONITOR_AMBIENCE, monitor, BUS_SENDS) \
  ROW(GB_STRIP_TALK, strip, STRIP_OUT) \
  ROW(GB_MONITOR_LOUDNESS_ON, monitor, BUS_LOUDNESS) \
  ROW(GB_MONITOR_LOUDNESS_MOST, monitor, BUS_LOUDNESS) \
  ROW(GB_MONITOR_TALK, monitor, BUS_SENDS) \
  ROW(GB_BOX_TALK_LEVEL, box, BOX_SENDS) \
  ROW(GB_FX_DIVISION, fx, FX_EFFECT) \
  ROW(GB_FX_PINGPONG, fx, FX_EFFECT) \
  ROW(GB_FX_WIDTH, fx, FX_RETURN) \
  ROW(GB_FX_LOW_CUT, fx, FX_EFFECT) \
  ROW(GB_FX_SEND_LEVEL, fx, FX_RETURN) \
  ROW(GB_BOX_TEMPO, box, BOX_TEMPO) \
  ROW(GB_STRIP_BLEED, strip, STRIP_DENOISE) \
  ROW(GB_STRIP_VOICE, strip, STRIP_DENOISE)
