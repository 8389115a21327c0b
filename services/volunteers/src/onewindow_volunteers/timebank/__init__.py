"""Time bank: credit for help among neighbours, in a ledger of double entry that is only ever added to."""
