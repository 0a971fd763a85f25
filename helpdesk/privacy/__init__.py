"""What a ticket must never hold, masked on arrival."""

from helpdesk.privacy.masking import mask as mask
