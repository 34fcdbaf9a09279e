"""The recorder: every strip's dry input and main, as files, without ever holding up the sound."""
