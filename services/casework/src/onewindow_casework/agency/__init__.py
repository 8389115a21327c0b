"""代办: from the application to the done agency, each step on its form, free of charge."""
