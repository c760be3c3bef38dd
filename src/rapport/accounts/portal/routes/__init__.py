"""`/portal/v1`: the developer portal, for developers and for administrators who are members."""

from rapport.accounts.portal.routes.keys import KeyController
from rapport.accounts.portal.routes.promotions import PromotionController
from rapport.accounts.portal.routes.quickstart import QuickstartController
from rapport.accounts.portal.routes.teams import TeamController

controllers = [TeamController, KeyController, PromotionController, QuickstartController]

__all__ = ["controllers"]
