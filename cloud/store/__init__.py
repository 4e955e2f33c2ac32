"""The cloud's durable waist: every table, every statement, and the bell that says "look again".

Here live all SQL and the transactions in which an effect and its event become true together; SQLite and PostgreSQL alike.
Never here: MQTT, HTTP, clocks (times come in as `now_ms`), or a rule about incidents (that is cloud.sos).
"""
