"""The sound cards of this machine: what they can do, which one is taken, and their preamplifiers."""
