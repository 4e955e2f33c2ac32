"""Papers and pictures from the station's camera: held for a visit, sealed, and written down in parts for the lane `blob`.

A picture is in memory only, plain for its person to look at and sealed to be sent; what reaches the disk is sealed.
"""
