"""The guide: understands what a person says or types, and proposes a service, or says that it does not know.

Lives here: folding of Vietnamese as people type it, the matcher, which question about a service is meant, the
conversation as a pure state machine, and the optional far opinion. It never decides anything about a person, never
makes up an answer (those come from the reviewed catalogue), and never calls for help by itself: it offers the button.
"""
