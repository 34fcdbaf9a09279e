"""gigbox: firmware for a smart mixing box that denoises and mixes live channels in real time."""

__version__ = "0.1.0"
