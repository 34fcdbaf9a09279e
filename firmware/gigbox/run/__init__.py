"""`gigbox run`: starts the programs, watches them, and starts again what dies."""
