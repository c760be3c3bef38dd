"""Help for an agent who writes: what to say next, found in what the company says.

Its doors are in `doors.py`, and nothing is imported here: the process that trains needs a small part of
this room, and would wait for all of it.
"""
