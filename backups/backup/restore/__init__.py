"""How each kind of backup is restored: beside what is live, verified against its manifest."""
