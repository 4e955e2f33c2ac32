"""The session as a pure machine: (state, event, now) -> state and what is to be done. No card, no disk, no clock."""
