"""Takes, the folders that the recorder leaves: where they lie, what is in them, and what people may do with them. Shared by all who show them."""
