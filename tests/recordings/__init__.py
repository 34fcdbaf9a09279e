"""What people bring to be played: read right, or told in one line."""
