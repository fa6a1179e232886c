from . import account_journal, live_key, res_company, res_config_settings
