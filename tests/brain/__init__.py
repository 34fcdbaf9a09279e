"""What the brain promises of its moves."""
