"""What the core's feedback guard did, told to the desk; who may ring at all; and ringing out."""
