"""What hands do, from what wires say: pure logic, with the clock as an argument."""
