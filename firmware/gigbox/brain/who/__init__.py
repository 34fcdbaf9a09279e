"""Who is on each strip: what it sounds like, and who of the singers leads."""
