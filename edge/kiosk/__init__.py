"""The touch screen's own server, on this machine only: pages, the cabin's stream and orders, SOS, voice, print, service.

It decides nothing about health or help: it carries what the cabin, the journal and the responder say. No web library is
imported before `server.Kiosk` runs.
"""
