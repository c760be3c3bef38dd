"""The developer portal: teams, apps, API keys, promotion to production."""
