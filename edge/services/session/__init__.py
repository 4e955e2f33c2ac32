"""The session as a pure state machine: (state, event, moment) -> (state, effects)."""
