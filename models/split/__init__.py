"""Takes the voice of a stereo record apart from all else."""
