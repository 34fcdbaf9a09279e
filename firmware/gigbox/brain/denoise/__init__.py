"""What is noise: features to gains, every hop."""
