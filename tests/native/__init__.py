"""What the C core promises, through its Python face and its own C programs."""
