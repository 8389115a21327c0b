"""Lists of cases that people work through: filtered, searched, kept as views, exported, handed out."""
