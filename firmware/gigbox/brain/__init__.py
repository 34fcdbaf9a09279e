"""Listens to the rack and decides: plain functions of what was heard, so that a render calls them too."""
