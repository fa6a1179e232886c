from . import change_password_wizard, connection_wizard, revoke_wizard, validation_wizard
