"""What a render and a denoise promise to write."""
