"""`gigbox run`: starts engine, desk, brain and web, watches them, and starts again what dies."""
