"""Recordings as people bring them: which files of a folder they are, in which order, and what is in them, whatever their headers say."""
