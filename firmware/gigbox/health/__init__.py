"""How the box does: the sound, the machine under it, and in words what is wrong. One structure, whoever asks for it."""
