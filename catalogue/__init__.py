"""What a station offers, as data: services, routes and holidays in YAML, the model they must fit, and pure engines over it.

Here live the words, questions, fees, deadlines and rules of every service; a new service is a new file in `services/`.
Never here: answers of a person at rest, sockets, clocks, logging, or a far end; it is on msgspec and PyYAML alone.
"""
