"""A stereo recording into voice, drums, bass and other, at its own pace."""
