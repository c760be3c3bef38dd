"""Autopilot greetings: a first sentence that goes out on an agent's behalf unless it objects."""

from rapport.compose.greetings.greeter import Greeter, Offer

__all__ = ["Greeter", "Offer"]
