"""The formulas read before: kept, searched, exported, shown."""
