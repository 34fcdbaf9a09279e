"""OSC: the X Air dialect for apps that people own, and the box's own readable tree, on one socket. README.md of the folder above says what is whose."""
