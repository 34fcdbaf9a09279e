"""What the panel knows of the box, and its way to change it. Nothing here draws."""
