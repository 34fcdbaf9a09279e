"""`gigbox run`: starts engine, desk, brain, web and panel, watches them, and starts again what dies."""
