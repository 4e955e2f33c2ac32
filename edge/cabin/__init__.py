"""A measuring session in the health cabin: what a person chose, what comes next, what may be believed, what is kept.

`session`, `rules`, `news2` and `sheet` are pure; `cabin` joins them with instruments and clock, `keeping` with the
journal, `watching` with whoever looks on. `orders` and `view` are what a screen says and sees.
Never here: bytes of a device (edge.codecs), radios and ports (edge.drivers), HTTP, words for people (edge.kiosk).
"""
