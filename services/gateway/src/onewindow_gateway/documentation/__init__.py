"""One description of all APIs of the suite, and pages to read it that need no internet."""
