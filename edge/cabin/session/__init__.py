"""The measuring session as a pure machine: (state, event, now) -> (state, effects), and the view of a state.

    CHOOSE --begin--> CONSENT --consent--> STEP* --next, skip--> SHEET --finish--> FAREWELL --> CHOOSE

`machine` is the door; `state` is what it knows, `events` what it hears and wants. `pages` moves between screens,
`steps` within one measurement, `news` takes what instruments say, `due` what the clock brings; `show` draws the view.
"""
