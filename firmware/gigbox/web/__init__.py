"""The page: meters, faders, depth, freeze, undo, the last reasons, and a listen button, for a phone held in one hand."""
