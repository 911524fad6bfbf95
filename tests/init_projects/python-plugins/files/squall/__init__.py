def force(knots: int) -> str:
    return "storm" if knots > 47 else "calm"
