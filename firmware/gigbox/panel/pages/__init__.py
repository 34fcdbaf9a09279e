"""What is on the screen, a file a page: each draws the box as it is, and says what the two encoders do there. A page keeps nothing itself."""
