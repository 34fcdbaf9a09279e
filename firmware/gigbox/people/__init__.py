"""Who may touch the box: people with their roles, and how somebody becomes one of them."""
