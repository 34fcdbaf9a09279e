"""The built card in an emulated machine: what it starts, what it lets in, how it is updated, what a cut leaves. `make check-image`."""
