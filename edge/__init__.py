"""The station's daemon: it turns what happens at a station into journal entries and brings them to the cloud.

Here lives everything that runs at the station: settings, journal, uplink, drivers, and the one composition root.
Never here: the cloud's rules, SQL other than the journal's, or a second way to the outside.
"""
