"""What auto should do: the rules of the mix."""
