"""Templates, the state machine and the zip, tried."""
