"""What plays a song: files of every kind, as frames of the box."""
