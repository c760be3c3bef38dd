"""Activity: what a list shows of each conversation, kept from the log, and the end of silent ones."""

from rapport.conversations.activity.models import ConversationActivity
from rapport.conversations.activity.present import Activity, activities
from rapport.conversations.activity.quiet import SWEEP, QuietEnd
from rapport.conversations.activity.readers import activity_reader

__all__ = [
    "SWEEP",
    "Activity",
    "ConversationActivity",
    "QuietEnd",
    "activities",
    "activity_reader",
]
