"""How scripts and containers start the clients of a chain; pure, and used as answers arrive."""
