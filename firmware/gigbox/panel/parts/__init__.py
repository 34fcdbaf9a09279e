"""What is soldered, each chip a file. Each is handed its bus, so that a test hands in a wire; none knows what its levels mean."""
