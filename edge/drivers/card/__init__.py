"""The reader of chip cards, by PC/SC (pcscd): what lies on it, and one port to it. The one door to pyscard.

What is said to a card stands in edge.idcard. Nothing of what a card answers is logged or told in an error here.
"""
