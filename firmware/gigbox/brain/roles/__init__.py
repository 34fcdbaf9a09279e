"""What a strip can carry, where it belongs in the mix, and the sources that sound."""
