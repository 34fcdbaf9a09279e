"""The models that the box ships, and how each is trained again. Nothing here is needed on the box but `release/`."""
