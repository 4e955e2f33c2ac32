"""Wireless instruments over Bluetooth Low Energy: one radio, the paired devices behind it, and how a new one is paired."""
