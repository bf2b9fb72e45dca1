"""Two policies of stored runs beside each other: how much, who, for what money, for whom."""
