"""Applications from receipt to acceptance, refusal or withdrawal."""
